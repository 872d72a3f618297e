using System.Buffers.Binary;
using Testbed.Wire.Ethernet;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Tests.Support;

/// <summary>Ethernet frames of the shapes that user planes are made of, N3 and N6.</summary>
internal static class CommonFrames
{
    private static readonly byte[] WideUe = [0x20, 1, 0xD, 0xB8, .. new byte[11], 2];
    private static readonly byte[] WideServer = [0x20, 1, 0xD, 0xB8, .. new byte[11], 9];

    public static byte[][] All { get; } = [.. Build()];

    private static IEnumerable<byte[]> Build()
    {
        byte[] udp = Packets.Udp(Packets.Ue, Packets.Server, 7, 11);
        byte[] tcp = Packets.Tcp(Packets.Server, Packets.Ue, 77, 60, 12);
        byte[] wide = Wide(IpProtocol.Udp, [.. udp[20..]]);
        byte[][] inners = [udp, tcp, Echo(8), Echo(3), wide, Wide(IpProtocol.Icmpv6, Echo(128)[20..]),
            Packets.Udp(Packets.Ue, Packets.Server, 7, 13, payloadLength: 13),
            Packets.Udp(Packets.Ue, Packets.Server, 7, 14, fragmentField: 0x2000)];
        foreach (byte[] inner in inners)
        {
            yield return Packets.Ethernet(inner, (ushort)(inner[0] >> 4 == 6 ? EtherType.Ipv6 : EtherType.Ipv4));
            yield return Packets.Ethernet(Packets.Up(inner));
            yield return Packets.Ethernet(Packets.Down(inner));
            yield return Packets.Ethernet(Packets.Gpdu(inner, 5, null, Packets.Gnb, Packets.Upf));
        }
        yield return Tagged(Packets.Up(udp));
        yield return Packets.Ethernet(Sequenced(tcp));
        yield return Packets.Ethernet(Wide(IpProtocol.Udp, Packets.Up(udp)[20..]), EtherType.Ipv6);
    }

    private static byte[] Echo(byte type)
    {
        byte[] packet = Packets.Udp(Packets.Ue, Packets.Server, 9, 21);
        packet[9] = IpProtocol.Icmp;
        packet[20] = type;
        return packet;
    }

    private static byte[] Wide(byte protocol, byte[] payload)
    {
        byte[] packet = new byte[Ipv6Header.LengthMin + payload.Length];
        Ipv6Header.Write(packet, WideUe, WideServer, protocol, payload.Length);
        payload.CopyTo(packet, Ipv6Header.LengthMin);
        return packet;
    }

    // A sequence number and a container with a QFI sequence number, both at once.
    private static byte[] Sequenced(byte[] inner)
    {
        byte[] packet = new byte[200 + inner.Length];
        int header = GtpUHeader.WriteGPdu(
            packet.AsSpan(28), 6, PduSessionInformation.Downlink(5) with { QfiSequenceNumber = 4 }, inner.Length, 77);
        inner.CopyTo(packet, 28 + header);
        UdpHeader.Write(packet.AsSpan(20), GtpUHeader.Port, GtpUHeader.Port, header + inner.Length);
        Ipv4Header.Write(packet, 1, 2, IpProtocol.Udp, 8 + header + inner.Length);
        return packet[..(28 + header + inner.Length)];
    }

    private static byte[] Tagged(byte[] packet)
    {
        byte[] frame = Packets.Ethernet([0, 42, 8, 0, .. packet]);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), EtherType.Vlan);
        return frame;
    }
}
