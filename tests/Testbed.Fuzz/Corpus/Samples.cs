using System.Buffers.Binary;
using Testbed.Wire.Ethernet;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Packets;
using Testbed.Wire.Files;
using Testbed.Wire.Transport;

namespace Testbed.Fuzz.Corpus;

/// <summary>Valid messages of all layers, made with the product's own writers and from specification vectors.</summary>
internal static class Samples
{
    private const uint Gnb = 0x0A64030A, Upf = 0x0A640301, Ue = 0x0A2D0002, Server = 0x0A643D0A;

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    public static byte[] Udp(int payloadLength = 40) => Datagram(Ue, Server, 5000, Filled(payloadLength));

    public static byte[] Tcp()
    {
        byte[] packet = new byte[Ipv4Header.LengthMin + TcpHeader.LengthMin + 30];
        Ipv4Header.Write(packet, Ue, Server, IpProtocol.Tcp, TcpHeader.LengthMin + 30, 7);
        TcpHeader.Write(packet.AsSpan(Ipv4Header.LengthMin), 40000, 80, 1000, 2000, TcpFlags.Ack);
        return packet;
    }

    public static byte[] Echo() => Ip(IpProtocol.Icmp, [8, 0, 0, 0, 0, 1, 0, 2, .. Filled(32)]);

    public static byte[] Ip(byte protocol, byte[] payload)
    {
        byte[] packet = new byte[Ipv4Header.LengthMin + payload.Length];
        Ipv4Header.Write(packet, Ue, Server, protocol, payload.Length, 9);
        payload.CopyTo(packet, Ipv4Header.LengthMin);
        return packet;
    }

    /// <summary>An IPv6 packet with a hop-by-hop, a destination options and a fragment header.</summary>
    public static byte[] Ipv6(byte[] payload, bool hasExtensions)
    {
        byte[] extensions = hasExtensions
            ? Hex("3c00 0104 00000000 2c00 0104 00000000 1100 0000 12345678") : [];
        byte[] packet = new byte[40 + extensions.Length + payload.Length];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(packet.Length - 40));
        (packet[6], packet[7]) = (hasExtensions ? IpProtocol.HopByHop : IpProtocol.Udp, 64);
        (packet[8], packet[23], packet[24], packet[39]) = (0x20, 1, 0x20, 2);
        extensions.CopyTo(packet, 40);
        payload.CopyTo(packet, 40 + extensions.Length);
        return packet;
    }

    public static byte[] GpduMessage(byte[] inner, PduSessionInformation? information = null, ushort? sequence = null)
    {
        byte[] message = new byte[64 + inner.Length];
        int header = information is { } container
            ? GtpUHeader.WriteGPdu(message, 0x1234, container, inner.Length, sequence)
            : GtpUHeader.Write(message, GtpUMessageType.GPdu, 0x1234, inner.Length);
        inner.CopyTo(message, header);
        return message[..(header + inner.Length)];
    }

    public static byte[] Gpdu(byte[] inner) => Datagram(
        Gnb, Upf, GtpUHeader.Port, GpduMessage(inner, PduSessionInformation.Uplink(9)));

    public static byte[] Datagram(uint from, uint to, int port, byte[] payload)
    {
        byte[] packet = new byte[Ipv4Header.LengthMin + UdpHeader.LengthMin + payload.Length];
        int at = Ipv4Header.Write(packet, from, to, IpProtocol.Udp, UdpHeader.LengthMin + payload.Length, 3);
        at += UdpHeader.Write(packet.AsSpan(at), port, port, payload.Length);
        payload.CopyTo(packet, at);
        return packet;
    }

    public static byte[] Frame(byte[] packet, string before = "020000000001020000000002")
    {
        ushort type = packet.Length > 0 && packet[0] >> 4 == 6 ? EtherType.Ipv6 : EtherType.Ipv4;
        return [.. Hex(before), (byte)(type >> 8), (byte)type, .. packet];
    }

    public static byte[] PcapNg(IEnumerable<byte[]> frames)
    {
        using MemoryStream stream = new();
        using (PcapNgWriter writer = new(stream))
        {
            writer.AddInterface("n3", LinkType.Ethernet, 256, "a tap");
            long timeNs = 1_700_000_000_000_000_000;
            foreach (byte[] frame in frames) writer.WriteFrame(0, timeNs += 1000, frame.Length, frame);
            writer.Flush();
        }
        return stream.ToArray();
    }

    public static byte[] Pcap(IEnumerable<byte[]> frames, uint magic = 0xA1B2C3D4, bool isBigEndian = false)
    {
        List<byte> file = [];
        void Put(params uint[] words)
        {
            Span<byte> bytes = stackalloc byte[4];
            foreach (uint word in words)
            {
                if (isBigEndian) BinaryPrimitives.WriteUInt32BigEndian(bytes, word);
                else BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
                file.AddRange(bytes);
            }
        }
        Put(magic, isBigEndian ? 0x0002_0004u : 0x0004_0002u, 0, 0, 65535, 1);
        uint seconds = 1_700_000_000;
        foreach (byte[] frame in frames)
        {
            Put(seconds++, 7, (uint)frame.Length, (uint)frame.Length);
            file.AddRange(frame);
        }
        return [.. file];
    }

    public static byte[] Erf(IEnumerable<byte[]> frames)
    {
        List<byte> file = [];
        uint seconds = 1_700_000_000;
        foreach (byte[] frame in frames)
        {
            byte[] header = new byte[18];
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), seconds++);
            (header[8], header[9]) = (2, 4);
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), (ushort)(18 + frame.Length));
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)frame.Length);
            file.AddRange(header);
            file.AddRange(frame);
        }
        return [.. file];
    }

    /// <summary>Frames as an N3 tap sees them, with everything that may stand around GTP-U.</summary>
    public static List<byte[]> Frames()
    {
        byte[] gpdu = Gpdu(Udp()), gre = Ip(IpProtocol.Gre, [0, 0, 8, 0, .. gpdu]);
        return
        [
            Frame(gpdu), Frame(Gpdu(Tcp())), Frame(Gpdu(Echo())), Frame(Gpdu(Ipv6(Filled(20), false))), Frame(gre),
            Frame(Ip(IpProtocol.Ipv4InIp, gpdu)), Frame(Gpdu(Frame(Udp()))), Frame(Udp()), Frame(Tcp()),
            Frame(gpdu, "020000000001020000000002 8100 0005"), Frame(Ipv6(gpdu[20..], true)),
            Frame(gpdu, "020000000001020000000002 8847 00064140")[..18].Concat(gpdu).ToArray(),
        ];
    }

    public static byte[] Filled(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte)i;
        return bytes;
    }
}
