using System.Buffers.Binary;
using System.Net;
using Testbed.Wire.Ethernet;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Tests.Support;

/// <summary>Puts packets into what carries them over transport links.</summary>
internal static class Carriers
{
    public const string Near = "192.0.2.1", Far = "192.0.2.2";

    public static byte[] InIpv4(byte[] packet, string from = Near, string to = Far) =>
        Ipv4(packet[0] >> 4 == 6 ? IpProtocol.Ipv6InIp : IpProtocol.Ipv4InIp, packet, from, to);

    public static byte[] InGre(byte[] packet, uint? key = null, string from = Near, string to = Far)
    {
        byte[] gre = new byte[key is null ? 4 : 8];
        BinaryPrimitives.WriteUInt16BigEndian(gre.AsSpan(2), packet[0] >> 4 == 6 ? EtherType.Ipv6 : EtherType.Ipv4);
        if (key is { } value)
        {
            gre[0] = 0x20;
            BinaryPrimitives.WriteUInt32BigEndian(gre.AsSpan(4), value);
        }
        return Ipv4(IpProtocol.Gre, [.. gre, .. packet], from, to);
    }

    public static byte[] Ipv4(byte protocol, byte[] payload, string from, string to)
    {
        byte[] packet = new byte[Ipv4Header.LengthMin + payload.Length];
        Ipv4Header.Write(packet, Bits(from), Bits(to), protocol, payload.Length, fragmentField: 0);
        payload.CopyTo(packet.AsSpan(Ipv4Header.LengthMin));
        return packet;
    }

    public static byte[] Ipv6(byte next, byte[] payload, string from, string to)
    {
        byte[] packet = new byte[Ipv6Header.LengthMin + payload.Length];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)payload.Length);
        packet[6] = next;
        packet[7] = 64;
        IPAddress.Parse(from).GetAddressBytes().CopyTo(packet, 8);
        IPAddress.Parse(to).GetAddressBytes().CopyTo(packet, 24);
        payload.CopyTo(packet.AsSpan(Ipv6Header.LengthMin));
        return packet;
    }

    /// <summary>A UDP datagram with a G-PDU, for an IP header of any kind.</summary>
    public static byte[] GpduDatagram(
        byte[] inner, uint teid, PduSessionInformation information, int port = GtpUHeader.Port)
    {
        byte[] datagram = new byte[128 + inner.Length];
        int header = GtpUHeader.WriteGPdu(
            datagram.AsSpan(UdpHeader.LengthMin), teid, information, inner.Length);
        inner.CopyTo(datagram.AsSpan(UdpHeader.LengthMin + header));
        UdpHeader.Write(datagram, port, port, header + inner.Length);
        return datagram[..(UdpHeader.LengthMin + header + inner.Length)];
    }

    /// <summary>An Ethernet II frame between two stations.</summary>
    public static byte[] Frame(ushort etherType, byte[] payload, byte firstByte = 2)
    {
        byte[] frame = new byte[14 + payload.Length];
        frame[0] = firstByte;
        frame[5] = 1;
        frame[6] = 2;
        frame[11] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), etherType);
        payload.CopyTo(frame, 14);
        return frame;
    }

    private static uint Bits(string address) => HostAddress.From(IPAddress.Parse(address)).Ipv4Bits;
}
