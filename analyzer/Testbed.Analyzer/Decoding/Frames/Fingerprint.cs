using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Decoding.Frames;

/// <summary>
/// Digests what a UPF leaves alone, address translation included: protocol, IP id, lengths, fragment place, TCP
/// sequence numbers, payload. Addresses, ports, TTL, DSCP, ECN and checksums stay out. The checksum would digest
/// the whole payload of a snapped frame, but a card that computes it later leaves half a sum in the capture.
/// </summary>
internal static class Fingerprint
{
    private const ulong Seed = 0x5447_5531_4650_0001;
    private const int UdpHeaderLength = 8;
    private const int IcmpHeaderLength = 8;
    /// <summary>Type and code (RFC 792, RFC 4443 §4.1).</summary>
    private const ushort EchoRequest = 8 << 8, EchoRequestV6 = 128 << 8;
    private const int SctpHeaderLength = 12;
    private const int Ipv4IdOffset = 4;

    /// <summary>What the reader of an inner packet gives beside the fingerprint.</summary>
    internal ref struct Facts
    {
        public FlowKey Flow;
        public uint TcpSequence;
        public byte TcpFlags;
        public int PayloadLength;
        /// <summary>Payload at hand behind the transport header.</summary>
        public ReadOnlySpan<byte> Payload;
        /// <summary>Payload bytes that the digest wanted and the capture cut off.</summary>
        public bool IsDigestShort;
    }

    /// <param name="status">What <see cref="IpPacket.Read"/> said: Ok or LaterFragment.</param>
    /// <param name="digestBytes">Payload bytes that the digest covers at most; the same at both taps.</param>
    public static ulong Compute(in IpPacket packet, DecodeStatus status, int digestBytes, out Facts facts)
    {
        facts = default;
        bool isLater = status is DecodeStatus.LaterFragment;
        ulong fragment = packet.IsFragment ? (ulong)packet.FragmentOffset << 1 | (packet.MoreFragments ? 1u : 0u) : 0;
        ulong hash = Start(packet.Protocol, packet.Identification, packet.PayloadLength, fragment);
        int sourcePort = 0, destinationPort = 0;
        if (isLater) Take(ref facts, packet, 0);
        else
        {
            switch (packet.Protocol)
            {
                case IpProtocol.Tcp when TcpHeader.Read(packet, out TcpHeader tcp) is DecodeStatus.Ok:
                    (sourcePort, destinationPort) = (tcp.SourcePort, tcp.DestinationPort);
                    hash = AddTcp(
                        hash, (ulong)tcp.SequenceNumber << 32 | tcp.AcknowledgmentNumber, (byte)tcp.Flags);
                    facts.TcpSequence = tcp.SequenceNumber;
                    facts.TcpFlags = (byte)tcp.Flags;
                    Take(ref facts, packet, tcp.Length);
                    break;
                case IpProtocol.Udp when packet.Payload.Length >= UdpHeaderLength:
                    sourcePort = BinaryPrimitives.ReadUInt16BigEndian(packet.Payload);
                    destinationPort = BinaryPrimitives.ReadUInt16BigEndian(packet.Payload[2..]);
                    Take(ref facts, packet, UdpHeaderLength);
                    break;
                case IpProtocol.Icmp or IpProtocol.Icmpv6 when packet.Payload.Length >= IcmpHeaderLength:
                    hash = AddIcmp(hash, packet, ref facts);
                    break;
                case IpProtocol.Sctp when packet.Payload.Length >= SctpHeaderLength:
                    sourcePort = BinaryPrimitives.ReadUInt16BigEndian(packet.Payload);
                    destinationPort = BinaryPrimitives.ReadUInt16BigEndian(packet.Payload[2..]);
                    hash = Mix64.Combine(hash, BinaryPrimitives.ReadUInt32BigEndian(packet.Payload[4..]));
                    Take(ref facts, packet, SctpHeaderLength);
                    break;
                case IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp:
                    // A damaged or cut transport header: its first bytes may be translated, so none are digested.
                    facts.PayloadLength = packet.PayloadLength;
                    break;
                default:
                    Take(ref facts, packet, 0);
                    break;
            }
        }
        facts.Flow = new(
            packet.SourceAddress, packet.DestinationAddress, (ushort)sourcePort, (ushort)destinationPort,
            packet.Protocol);
        int wanted = Math.Min(digestBytes, facts.PayloadLength);
        facts.IsDigestShort = facts.Payload.Length < wanted;
        hash = Mix64.Bytes(hash, facts.Payload[..Math.Min(wanted, facts.Payload.Length)]);
        return End(hash);
    }

    /// <summary>Digest of a PDU that is no IP packet: its length and its first bytes.</summary>
    public static ulong OfBytes(ReadOnlySpan<byte> bytes, int length, int digestBytes)
    {
        ulong hash = Mix64.Bytes(Mix64.Combine(Seed, (ulong)length), bytes[..Math.Min(bytes.Length, digestBytes)]);
        return End(hash);
    }

    /// <summary>Digest of an echo request, to find one that the run sent. Of all its data.</summary>
    /// <param name="protocol">ICMP or ICMPv6.</param>
    /// <param name="identification">Of the IP header; 0 for IPv6.</param>
    public static ulong OfEchoRequest(
        byte protocol, ushort identification, ushort sequence, ReadOnlySpan<byte> data, int digestBytes)
    {
        ushort start = protocol == IpProtocol.Icmp ? EchoRequest : EchoRequestV6;
        ulong hash = AddEcho(Start(protocol, identification, IcmpHeaderLength + data.Length), start, sequence);
        return End(Mix64.Bytes(hash, data[..Math.Min(data.Length, digestBytes)]));
    }

    /// <param name="fragment">Offset and flag of a fragment; 0 for a whole packet.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Start(byte protocol, uint identification, int payloadLength, ulong fragment = 0) =>
        Mix64.Combine(Seed ^ protocol, identification | (ulong)payloadLength << 32 | fragment << 48);

    /// <param name="numbers">Sequence and acknowledgment number as they stand side by side.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong AddTcp(ulong hash, ulong numbers, byte flags) =>
        // ECE and CWR belong to congestion marking, which a UPF may do.
        Mix64.Combine(Mix64.Combine(hash, numbers), flags & ~(ulong)(TcpFlags.Ece | TcpFlags.Cwr));

    /// <param name="start">Type and code.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong AddEcho(ulong hash, ushort start, ushort sequence) =>
        Mix64.Combine(Mix64.Combine(hash, start), sequence);

    /// <summary>0 stands for "no fingerprint".</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong End(ulong hash) => hash == 0 ? 1 : hash;

    private static void Take(ref Facts facts, in IpPacket packet, int headerLength)
    {
        facts.Payload = packet.Payload[headerLength..];
        facts.PayloadLength = packet.PayloadLength - headerLength;
    }

    // Translators rewrite the identifier of an echo, and in an error message the packet that it quotes: of that only
    // the IP id is taken.
    private static ulong AddIcmp(ulong hash, in IpPacket packet, ref Facts facts)
    {
        ReadOnlySpan<byte> message = packet.Payload;
        ushort start = BinaryPrimitives.ReadUInt16BigEndian(message);
        bool isEcho = packet.Protocol == IpProtocol.Icmp ? message[0] is 0 or 8 : message[0] is 128 or 129;
        if (isEcho)
        {
            Take(ref facts, packet, IcmpHeaderLength);
            return AddEcho(hash, start, BinaryPrimitives.ReadUInt16BigEndian(message[6..]));
        }
        hash = Mix64.Combine(hash, start);
        facts.PayloadLength = packet.PayloadLength - IcmpHeaderLength;
        bool quotesIpv4 = packet.Protocol == IpProtocol.Icmp
            && message.Length >= IcmpHeaderLength + Ipv4Header.LengthMin;
        if (quotesIpv4)
            hash = Mix64.Combine(
                hash, BinaryPrimitives.ReadUInt16BigEndian(message[(IcmpHeaderLength + Ipv4IdOffset)..]));
        return hash;
    }
}
