using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ethernet;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Decoding.Frames;

/// <summary>What a straight-line reading of a frame gave; <see cref="FrameDecoder"/> gives the same, slower.</summary>
internal struct CommonFacts
{
    public FlowKey Flow;
    public TunnelKey Tunnel;
    /// <summary>Payload bytes at hand where the digest wanted more; else <see cref="int.MaxValue"/>.</summary>
    public int DigestBytesKept;
}

/// <summary>
/// Reads the frames that make up nearly all of a user plane in one pass: IP without options, UDP 2152, a G-PDU with
/// or without PDU session container, inner UDP, TCP or echo. Whatever else a frame holds, even damage, makes it answer
/// "not common" without a trace, and <see cref="FrameDecoder"/> decides. A test compares the two on every capture.
/// </summary>
internal static class CommonFrame
{
    private const int Ipv4Length = 20;
    private const int Ipv6Length = 40;
    private const int UdpLength = 8;
    private const int TcpLength = 20;
    private const int IcmpLength = 8;
    private const byte Ipv4WithoutOptions = 0x45;

    /// <summary>
    /// Where the IP packet of an Ethernet frame starts; 0 unless it follows the header or one VLAN tag.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EthernetPayload(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 18) return 0;
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        if (type is EtherType.Ipv4 or EtherType.Ipv6) return 14;
        if (type != EtherType.Vlan) return 0;
        return BinaryPrimitives.ReadUInt16BigEndian(frame[16..]) is EtherType.Ipv4 or EtherType.Ipv6 ? 18 : 0;
    }

    /// <summary>Reads the G-PDU in an IP packet of an N3 tap.</summary>
    /// <param name="ip">From the outer IP header to the end of what was captured.</param>
    /// <param name="record">Its time is set; all other fields are written when true is returned.</param>
    public static bool ReadGpdu(ReadOnlySpan<byte> ip, int digestBytes, ref PacketRecord record, ref CommonFacts facts)
    {
        if (!ReadIp(ip, out Ip outer) || outer.Protocol != IpProtocol.Udp) return false;
        ReadOnlySpan<byte> udp = ip[outer.HeaderLength..outer.End];
        if (udp.Length < UdpLength + GtpUHeader.LengthMin) return false;
        uint ports = BinaryPrimitives.ReadUInt32BigEndian(udp);
        if ((ports & 0xFFFF) != GtpUHeader.Port && ports >> 16 != GtpUHeader.Port) return false;
        int udpLength = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        if (udpLength < UdpLength + GtpUHeader.LengthMin || udpLength > outer.TotalLength - outer.HeaderLength)
            return false;
        ReadOnlySpan<byte> message = udp[UdpLength..Math.Min(udp.Length, udpLength)];
        if (message.Length < GtpUHeader.LengthMin) return false;
        // Version 1, GTP and not GTP', G-PDU: the first byte's upper half and the whole second byte.
        uint start = BinaryPrimitives.ReadUInt32BigEndian(message);
        if ((start & 0xF0FF_0000) != 0x30FF_0000) return false;
        int messageLength = GtpUHeader.LengthMin + (int)(start & 0xFFFF);
        if (messageLength > udpLength - UdpLength) return false;
        if (message.Length > messageLength) message = message[..messageLength];
        record.Qfi = PacketRecord.NoQfi;
        record.Direction = PacketDirection.Unknown;
        int header = GtpUHeader.LengthMin;
        if ((start & 0x0700_0000) != 0 && !ReadOptions(message, start, ref header, ref record)) return false;
        record.Kind = RecordKind.Gpdu;
        record.OuterLength = outer.HeaderLength + udpLength;
        record.OuterTrafficClass = outer.TrafficClass;
        record.Flags = outer.IsSnapped ? RecordFlags.Snapped : RecordFlags.None;
        facts.Tunnel = new(outer.Source(ip), outer.Destination(ip), BinaryPrimitives.ReadUInt32BigEndian(message[4..]));
        ReadOnlySpan<byte> inner = message[header..];
        // An IP packet fills its G-PDU to the last byte; else it may be a frame of an Ethernet session.
        return ReadIp(inner, out Ip packet) && packet.TotalLength == messageLength - header
            && ReadInner(inner, packet, digestBytes, ref record, ref facts);
    }

    /// <summary>Reads the packet of an N6 tap.</summary>
    public static bool ReadPlain(ReadOnlySpan<byte> ip, int digestBytes, ref PacketRecord record, ref CommonFacts facts)
    {
        if (!ReadIp(ip, out Ip packet)) return false;
        record.Qfi = PacketRecord.NoQfi;
        record.Direction = PacketDirection.Unknown;
        record.Kind = RecordKind.Plain;
        record.OuterLength = packet.TotalLength;
        record.OuterTrafficClass = packet.TrafficClass;
        record.Flags = packet.IsSnapped ? RecordFlags.Snapped : RecordFlags.None;
        return ReadInner(ip, packet, digestBytes, ref record, ref facts);
    }

    private struct Ip
    {
        public int HeaderLength, TotalLength;
        /// <summary>Bytes at hand without padding: the smaller of what was captured and what is stated.</summary>
        public int End;
        public ushort Identification;
        public byte Protocol, TrafficClass;
        public readonly bool IsSnapped => End < TotalLength;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly HostAddress Source(ReadOnlySpan<byte> ip) => HeaderLength == Ipv4Length
            ? HostAddress.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(ip[12..]))
            : Wide(ip[8..]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly HostAddress Destination(ReadOnlySpan<byte> ip) => HeaderLength == Ipv4Length
            ? HostAddress.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(ip[16..]))
            : Wide(ip[24..]);

        private static HostAddress Wide(ReadOnlySpan<byte> address) => new(
            BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]));
    }

    // IPv4 without options and fragments, or IPv6 without extension headers that the caller would have to walk: those
    // are other protocol numbers than the ones that are read here.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ReadIp(ReadOnlySpan<byte> bytes, out Ip ip)
    {
        ip = default;
        if (bytes.Length < Ipv4Length) return false;
        if (bytes[0] != Ipv4WithoutOptions) return ReadIpv6(bytes, ref ip);
        ip.HeaderLength = Ipv4Length;
        ip.TotalLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (ip.TotalLength < Ipv4Length) return false;
        uint word = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if ((word & 0x3FFF) != 0) return false;
        ip.Identification = (ushort)(word >> 16);
        ip.End = Math.Min(bytes.Length, ip.TotalLength);
        ip.Protocol = bytes[9];
        ip.TrafficClass = bytes[1];
        return true;
    }

    private static bool ReadIpv6(ReadOnlySpan<byte> bytes, ref Ip ip)
    {
        if (bytes.Length < Ipv6Length || bytes[0] >> 4 != 6) return false;
        int payload = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (payload == 0) return false;
        ip.HeaderLength = Ipv6Length;
        ip.TotalLength = Ipv6Length + payload;
        ip.End = Math.Min(bytes.Length, ip.TotalLength);
        ip.Protocol = bytes[6];
        ip.TrafficClass = (byte)(BinaryPrimitives.ReadUInt16BigEndian(bytes) >> 4);
        return true;
    }

    // Sequence number, N-PDU number, and either no extension header or a lone PDU session container.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ReadOptions(ReadOnlySpan<byte> message, uint start, ref int header, ref PacketRecord record)
    {
        if (message.Length < GtpUHeader.LengthWithOptions) return false;
        header = GtpUHeader.LengthWithOptions;
        if ((start & 0x0400_0000) == 0 || message[header - 1] == GtpUExtensionType.None) return true;
        if (message[header - 1] != GtpUExtensionType.PduSessionContainer || message.Length < header + 4) return false;
        int length = message[header] * 4;
        if (length == 0 || length > message.Length - header || message[header + length - 1] != GtpUExtensionType.None)
            return false;
        int type = message[header + 1] >> 4;
        if (type > 1) return false;
        record.Qfi = (byte)(message[header + 2] & 0x3F);
        record.Direction = type == 1 ? PacketDirection.Uplink : PacketDirection.Downlink;
        header += length;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ReadInner(
        ReadOnlySpan<byte> bytes, in Ip ip, int digestBytes, ref PacketRecord record, ref CommonFacts facts)
    {
        ReadOnlySpan<byte> transport = bytes[ip.HeaderLength..ip.End];
        if (transport.Length < UdpLength) return false;
        int payloadLength = ip.TotalLength - ip.HeaderLength;
        ulong hash = Fingerprint.Start(ip.Protocol, ip.Identification, payloadLength);
        uint ports = BinaryPrimitives.ReadUInt32BigEndian(transport);
        record.Extra = 0;
        record.TcpFlags = 0;
        int length;
        if (ip.Protocol == IpProtocol.Tcp)
        {
            if (transport.Length < TcpLength) return false;
            length = (transport[12] >> 4) * 4;
            if (length < TcpLength || length > transport.Length) return false;
            record.Extra = BinaryPrimitives.ReadUInt32BigEndian(transport[4..]);
            record.TcpFlags = transport[13];
            hash = Fingerprint.AddTcp(hash, BinaryPrimitives.ReadUInt64BigEndian(transport[4..]), record.TcpFlags);
        }
        else if (ip.Protocol == IpProtocol.Udp) length = UdpLength;
        else
        {
            if (!IsEcho(ip, transport[0])) return false;
            ushort sequence = BinaryPrimitives.ReadUInt16BigEndian(transport[6..]);
            hash = Fingerprint.AddEcho(hash, (ushort)(ports >> 16), sequence);
            (length, ports) = (IcmpLength, 0);
        }
        ReadOnlySpan<byte> payload = transport[length..];
        payloadLength -= length;
        int wanted = Math.Min(digestBytes, payloadLength);
        facts.DigestBytesKept = payload.Length < wanted ? payload.Length : int.MaxValue;
        hash = Mix64.Bytes(hash, payload[..Math.Min(wanted, payload.Length)]);
        record.Fingerprint = record.TimeNs == 0 ? 0 : Fingerprint.End(hash);
        record.PayloadLength = payloadLength;
        record.InnerLength = ip.TotalLength;
        record.InnerTrafficClass = ip.TrafficClass;
        record.IpId = ip.Identification;
        facts.Flow = new(
            ip.Source(bytes), ip.Destination(bytes), (ushort)(ports >> 16), (ushort)ports, ip.Protocol);
        return true;
    }

    private static bool IsEcho(in Ip ip, byte type) => ip.HeaderLength == Ipv4Length
        ? ip.Protocol == IpProtocol.Icmp && type is 0 or 8
        : ip.Protocol == IpProtocol.Icmpv6 && type is 128 or 129;
}
