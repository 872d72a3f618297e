using System.Buffers.Binary;
using System.Net;
using Testbed.Wire.Ethernet;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Tests.Support;

/// <summary>Builds the packets of small, made-up networks.</summary>
internal static class Packets
{
    public const string Upf = "10.100.3.1", Gnb = "10.100.3.10", Ue = "10.45.0.2", OtherUe = "10.45.0.3";
    public const string Server = "10.100.61.10";
    private const int EthernetLength = 14;

    /// <summary>An inner IPv4 packet with UDP and a payload that starts with <paramref name="mark"/>.</summary>
    public static byte[] Udp(
        string source, string destination, int mark, ushort id, int sourcePort = 4000, int destinationPort = 5000,
        int payloadLength = 100, ushort fragmentField = 0x4000)
    {
        byte[] payload = new byte[payloadLength];
        if (payloadLength >= 4) BinaryPrimitives.WriteInt32BigEndian(payload, mark);
        return Udp(source, destination, payload, id, sourcePort, destinationPort, fragmentField);
    }

    public static byte[] Udp(
        string source, string destination, ReadOnlySpan<byte> payload, ushort id, int sourcePort, int destinationPort,
        ushort fragmentField = 0x4000)
    {
        byte[] packet = new byte[Ipv4Header.LengthMin + UdpHeader.LengthMin + payload.Length];
        int at = Ipv4Header.Write(
            packet, Bits(source), Bits(destination), IpProtocol.Udp, UdpHeader.LengthMin + payload.Length, id,
            fragmentField: fragmentField);
        at += UdpHeader.Write(packet.AsSpan(at), sourcePort, destinationPort, payload.Length);
        payload.CopyTo(packet.AsSpan(at));
        return packet;
    }

    public static byte[] Tcp(
        string source, string destination, uint sequence, int payloadLength, ushort id, int sourcePort = 40000,
        int destinationPort = 80)
    {
        byte[] packet = new byte[Ipv4Header.LengthMin + TcpHeader.LengthMin + payloadLength];
        int at = Ipv4Header.Write(
            packet, Bits(source), Bits(destination), IpProtocol.Tcp, TcpHeader.LengthMin + payloadLength, id);
        TcpHeader.Write(packet.AsSpan(at), sourcePort, destinationPort, sequence, 1, TcpFlags.Ack);
        return packet;
    }

    /// <summary>An echo request.</summary>
    /// <param name="length">Of the ICMP message, bytes.</param>
    /// <param name="data">The first four bytes of its data.</param>
    public static byte[] Icmp(
        string source, string destination, int length, ushort id, ushort sequence = 0, uint data = 0)
    {
        byte[] packet = new byte[Ipv4Header.LengthMin + length];
        int at = Ipv4Header.Write(packet, Bits(source), Bits(destination), IpProtocol.Icmp, length, id);
        packet[at] = 8;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at + 6), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(at + 8), data);
        return packet;
    }

    /// <summary>An IPv4 packet with one SCTP DATA chunk.</summary>
    /// <param name="flags">3: a whole message; 2: its first piece; 1: its last.</param>
    public static byte[] Sctp(
        string source, string destination, int sourcePort, int destinationPort, uint tag, uint sequence,
        ReadOnlySpan<byte> message, byte flags = 3, uint payloadProtocol = SctpChunk.NgapPayloadProtocol)
    {
        int chunk = 16 + (message.Length + 3 & ~3);
        byte[] packet = new byte[Ipv4Header.LengthMin + SctpHeader.LengthMin + chunk];
        int at = Ipv4Header.Write(
            packet, Bits(source), Bits(destination), IpProtocol.Sctp, SctpHeader.LengthMin + chunk, 1);
        at += SctpHeader.Write(packet.AsSpan(at), sourcePort, destinationPort, tag);
        SctpChunk.WriteData(packet.AsSpan(at), sequence, 0, 0, payloadProtocol, message);
        packet[at + 1] = flags;
        return packet;
    }

    /// <summary>An uplink G-PDU with container around an inner packet.</summary>
    public static byte[] Up(byte[] inner, uint teid = 1, byte qfi = 9, string gnb = Gnb, string upf = Upf) =>
        Gpdu(inner, teid, PduSessionInformation.Uplink(qfi), gnb, upf);

    public static byte[] Down(byte[] inner, uint teid = 101, byte qfi = 9, string gnb = Gnb, string upf = Upf) =>
        Gpdu(inner, teid, PduSessionInformation.Downlink(qfi), upf, gnb);

    /// <summary>
    /// An outer IPv4 packet with a G-PDU; without container when <paramref name="container"/> is null.
    /// </summary>
    public static byte[] Gpdu(
        byte[] inner, uint teid, PduSessionInformation? container, string source, string destination, ushort id = 0)
    {
        byte[] packet = new byte[128 + inner.Length];
        Span<byte> gtpU = packet.AsSpan(Ipv4Header.LengthMin + UdpHeader.LengthMin);
        int header = container is { } information
            ? GtpUHeader.WriteGPdu(gtpU, teid, information, inner.Length)
            : GtpUHeader.Write(gtpU, GtpUMessageType.GPdu, teid, inner.Length);
        inner.CopyTo(gtpU[header..]);
        int length = header + inner.Length;
        UdpHeader.Write(packet.AsSpan(Ipv4Header.LengthMin), GtpUHeader.Port, GtpUHeader.Port, length);
        Ipv4Header.Write(
            packet, Bits(source), Bits(destination), IpProtocol.Udp, UdpHeader.LengthMin + length, id,
            fragmentField: 0);
        return packet[..(Ipv4Header.LengthMin + UdpHeader.LengthMin + length)];
    }

    /// <summary>
    /// Cuts an IPv4 packet without options into fragments of at most that many payload bytes (a multiple of 8).
    /// </summary>
    public static List<byte[]> Fragments(byte[] packet, int payloadMax, ushort id)
    {
        List<byte[]> fragments = [];
        int total = packet.Length - Ipv4Header.LengthMin;
        for (int offset = 0; offset < total; offset += payloadMax)
        {
            int length = Math.Min(payloadMax, total - offset);
            byte[] fragment = new byte[Ipv4Header.LengthMin + length];
            ushort field = (ushort)(offset / 8 | (offset + length < total ? 0x2000 : 0));
            Ipv4Header.Write(
                fragment, BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(12)),
                BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(16)), packet[9], length, id, fragmentField: field);
            packet.AsSpan(Ipv4Header.LengthMin + offset, length).CopyTo(fragment.AsSpan(Ipv4Header.LengthMin));
            fragments.Add(fragment);
        }
        return fragments;
    }

    public static byte[] Ethernet(byte[] packet) => Ethernet(packet, EtherType.Ipv4);

    public static byte[] Ethernet(byte[] packet, ushort etherType)
    {
        byte[] frame = new byte[EthernetLength + packet.Length];
        frame[0] = 2;
        frame[6] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), etherType);
        packet.CopyTo(frame.AsSpan(EthernetLength));
        return frame;
    }

    private static uint Bits(string address) => HostAddress.From(IPAddress.Parse(address)).Ipv4Bits;
}
