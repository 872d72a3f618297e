using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Decoding.Frames;

/// <summary>The keys of a frame, to be looked up later.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FrameKeys
{
    /// <summary>Source and destination side by side, as they stand in an IPv4 header.</summary>
    public ulong FlowAddresses, TunnelAddresses;
    /// <summary>Source and destination port; 0 where the protocol has none.</summary>
    public uint Ports;
    public uint Teid;
    public uint FlowHash, TunnelHash;
    /// <summary>Numbers that the tables' indexes name for the hashes; −1 for none. Not yet compared.</summary>
    public int LikelyFlow, LikelyTunnel;
    /// <summary>As <see cref="CommonFacts.DigestBytesKept"/>.</summary>
    public int DigestBytesKept;
    public byte Protocol;
    /// <summary>An address is no IPv4 one: the keys are those of the frame's <see cref="CommonFacts"/>.</summary>
    public bool IsWide;
}

/// <summary>
/// Reads what nearly every frame of nearly every user plane is: IPv4 in a G-PDU over IPv4, on N6 IPv4 alone, with
/// nothing optional but a PDU session container. It checks once that headers are whole and then reads without checks.
/// What it refuses, without a trace, <see cref="CommonFrame"/> tries next. A test compares them on every capture.
/// </summary>
internal static class Ipv4Frame
{
    /// <summary>Asks for no digest: nothing is to be found again at another tap.</summary>
    public const int NoDigest = -1;
    private const int IpLength = 20;
    private const int UdpLength = 8;
    private const int TcpLength = 20;
    private const int IcmpLength = 8;
    private const byte WithoutOptions = 0x45;
    /// <summary>More fragments, and the place of one.</summary>
    private const int FragmentBits = 0x3FFF;
    private const int MessageAt = IpLength + UdpLength;
    /// <summary>IP, UDP, GTP-U, inner IP and the shortest transport header.</summary>
    private const int GpduLengthMin = MessageAt + GtpUHeader.LengthMin + IpLength + UdpLength;

    /// <summary>Reads the G-PDU in an IP packet of an N3 tap.</summary>
    /// <param name="ip">The outer IP header.</param>
    /// <param name="length">Bytes from there to the end of what was captured.</param>
    /// <param name="digestBytes">Payload bytes that the fingerprint covers; or <see cref="NoDigest"/>.</param>
    /// <param name="record">Its time is set; all that a frame tells is written when true is returned.</param>
    public static bool ReadGpdu(
        ref byte ip, int length, int digestBytes, ref PacketRecord record, ref FrameKeys keys)
    {
        if (length < GpduLengthMin || ip != WithoutOptions || RawBytes.UInt8(ref ip, 9) != IpProtocol.Udp
            || (RawBytes.UInt16Big(ref ip, 6) & FragmentBits) != 0) return false;
        int outerLength = RawBytes.UInt16Big(ref ip, 2);
        uint ports = RawBytes.UInt32Big(ref ip, IpLength);
        if ((ports & 0xFFFF) != GtpUHeader.Port && ports >> 16 != GtpUHeader.Port) return false;
        int udpLength = RawBytes.UInt16Big(ref ip, IpLength + 4);
        if (udpLength < UdpLength + GtpUHeader.LengthMin || udpLength > outerLength - IpLength) return false;
        // Version 1, GTP and not GTP', G-PDU: the first byte's upper half and the whole second byte.
        uint start = RawBytes.UInt32Big(ref ip, MessageAt);
        if ((start & 0xF0FF_0000) != 0x30FF_0000) return false;
        int messageLength = GtpUHeader.LengthMin + (int)(start & 0xFFFF);
        if (messageLength > udpLength - UdpLength) return false;
        int end = Math.Min(length, MessageAt + messageLength), inner = MessageAt + GtpUHeader.LengthMin;
        record.Qfi = PacketRecord.NoQfi;
        record.Direction = PacketDirection.Unknown;
        if ((start & 0x0700_0000) != 0 && !ReadOptions(ref ip, end, start, ref inner, ref record)) return false;
        // An IP packet fills its G-PDU to the last byte; else it may be a frame of an Ethernet session.
        ref byte packet = ref Unsafe.Add(ref ip, inner);
        if (end - inner < IpLength + UdpLength || packet != WithoutOptions
            || RawBytes.UInt16Big(ref packet, 2) != MessageAt + messageLength - inner) return false;
        record.Kind = RecordKind.Gpdu;
        record.OuterLength = IpLength + udpLength;
        record.OuterTrafficClass = RawBytes.UInt8(ref ip, 1);
        record.Flags = length < outerLength ? RecordFlags.Snapped : RecordFlags.None;
        keys.TunnelAddresses = RawBytes.UInt64Big(ref ip, 12);
        keys.Teid = RawBytes.UInt32Big(ref ip, MessageAt + 4);
        return ReadPacket(ref packet, end - inner, digestBytes, ref record, ref keys);
    }

    /// <summary>Reads the packet of an N6 tap.</summary>
    /// <inheritdoc cref="ReadGpdu"/>
    public static bool ReadPlain(
        ref byte ip, int length, int digestBytes, ref PacketRecord record, ref FrameKeys keys)
    {
        if (length < IpLength + UdpLength || ip != WithoutOptions) return false;
        int totalLength = RawBytes.UInt16Big(ref ip, 2), atHand = Math.Min(length, totalLength);
        if (atHand < IpLength + UdpLength) return false;
        record.Qfi = PacketRecord.NoQfi;
        record.Direction = PacketDirection.Unknown;
        record.Kind = RecordKind.Plain;
        record.OuterLength = totalLength;
        record.OuterTrafficClass = RawBytes.UInt8(ref ip, 1);
        record.Flags = length < totalLength ? RecordFlags.Snapped : RecordFlags.None;
        return ReadPacket(ref ip, atHand, digestBytes, ref record, ref keys);
    }

    // Sequence number, N-PDU number, and either no extension header or a lone PDU session container.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ReadOptions(ref byte ip, int end, uint start, ref int inner, ref PacketRecord record)
    {
        inner = MessageAt + GtpUHeader.LengthWithOptions;
        if (end < inner) return false;
        byte type = RawBytes.UInt8(ref ip, inner - 1);
        if ((start & 0x0400_0000) == 0 || type == GtpUExtensionType.None) return true;
        if (type != GtpUExtensionType.PduSessionContainer || end < inner + 4) return false;
        int length = RawBytes.UInt8(ref ip, inner) * 4;
        if (length == 0 || length > end - inner
            || RawBytes.UInt8(ref ip, inner + length - 1) != GtpUExtensionType.None) return false;
        int pduType = RawBytes.UInt8(ref ip, inner + 1) >> 4;
        if (pduType > 1) return false;
        record.Qfi = (byte)(RawBytes.UInt8(ref ip, inner + 2) & 0x3F);
        record.Direction = pduType == 1 ? PacketDirection.Uplink : PacketDirection.Downlink;
        inner += length;
        return true;
    }

    /// <param name="ip">A header without options.</param>
    /// <param name="atHand">Bytes without padding: what was captured or what is stated, enough for eight bytes of
    /// transport.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ReadPacket(
        ref byte ip, int atHand, int digestBytes, ref PacketRecord record, ref FrameKeys keys)
    {
        uint word = RawBytes.UInt32Big(ref ip, 4);
        if ((word & FragmentBits) != 0) return false;
        int totalLength = RawBytes.UInt16Big(ref ip, 2), length = UdpLength;
        byte protocol = RawBytes.UInt8(ref ip, 9), tcpFlags = 0;
        uint ports = RawBytes.UInt32Big(ref ip, IpLength), extra = 0;
        ulong hash = digestBytes < 0 ? 0 : Fingerprint.Start(protocol, word >> 16, totalLength - IpLength);
        if (protocol == IpProtocol.Tcp)
        {
            if (atHand < IpLength + TcpLength) return false;
            length = (RawBytes.UInt8(ref ip, IpLength + 12) >> 4) * 4;
            if (length < TcpLength || length > atHand - IpLength) return false;
            ulong numbers = RawBytes.UInt64Big(ref ip, IpLength + 4);
            extra = (uint)(numbers >> 32);
            tcpFlags = RawBytes.UInt8(ref ip, IpLength + 13);
            if (digestBytes >= 0) hash = Fingerprint.AddTcp(hash, numbers, tcpFlags);
        }
        else if (protocol != IpProtocol.Udp)
        {
            if (protocol != IpProtocol.Icmp || RawBytes.UInt8(ref ip, IpLength) is not (0 or 8)) return false;
            ushort sequence = RawBytes.UInt16Big(ref ip, IpLength + 6);
            if (digestBytes >= 0) hash = Fingerprint.AddEcho(hash, (ushort)(ports >> 16), sequence);
            (length, ports) = (IcmpLength, 0);
        }
        int payloadLength = totalLength - IpLength - length, kept = atHand - IpLength - length;
        int wanted = Math.Min(digestBytes, payloadLength);
        keys.DigestBytesKept = kept < wanted ? kept : int.MaxValue;
        if (digestBytes >= 0)
            hash = Fingerprint.End(
                Mix64.Bytes(hash, ref Unsafe.Add(ref ip, IpLength + length), Math.Min(wanted, kept)));
        record.Fingerprint = record.TimeNs == 0 ? 0 : hash;
        record.Extra = extra;
        record.TcpFlags = tcpFlags;
        record.PayloadLength = payloadLength;
        record.InnerLength = totalLength;
        record.InnerTrafficClass = RawBytes.UInt8(ref ip, 1);
        record.IpId = (ushort)(word >> 16);
        keys.FlowAddresses = RawBytes.UInt64Big(ref ip, 12);
        (keys.Ports, keys.Protocol, keys.IsWide) = (ports, protocol, false);
        return true;
    }
}
