using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Testbed.Wire.Ip;

namespace Testbed.Wire.Transport;

[Flags]
public enum TcpFlags
{
    None = 0,
    Fin = 0x01,
    Syn = 0x02,
    Rst = 0x04,
    Psh = 0x08,
    Ack = 0x10,
    Urg = 0x20,
    Ece = 0x40,
    Cwr = 0x80,
}

/// <summary>
/// A TCP header (RFC 9293 §3.1) over a segment of which the end may be cut off.
/// <code>
///  0             2                  4          8                12            13      14       16         18
///  | source port | destination port | sequence | acknowledgment | data offset | flags | window | checksum | urgent
/// </code>
/// </summary>
public readonly ref struct TcpHeader
{
    public const int LengthMin = 20;
    private readonly ReadOnlySpan<byte> _segment;

    private TcpHeader(ReadOnlySpan<byte> segment, int length, int payloadLength)
    {
        _segment = segment;
        Length = length;
        PayloadLength = payloadLength;
    }

    public int SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_segment);
    public int DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_segment[2..]);
    public uint SequenceNumber => BinaryPrimitives.ReadUInt32BigEndian(_segment[4..]);
    public uint AcknowledgmentNumber => BinaryPrimitives.ReadUInt32BigEndian(_segment[8..]);
    public TcpFlags Flags => (TcpFlags)_segment[13];
    public int Window => BinaryPrimitives.ReadUInt16BigEndian(_segment[14..]);
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_segment[16..]);
    public int UrgentPointer => BinaryPrimitives.ReadUInt16BigEndian(_segment[18..]);
    /// <summary>Bytes of the header with its options, 20 to 60.</summary>
    public int Length { get; }
    public ReadOnlySpan<byte> Options => _segment[LengthMin..Length];
    /// <summary>Payload bytes at hand.</summary>
    public ReadOnlySpan<byte> Payload => _segment[Length..];
    /// <summary>Payload bytes of the IP packet on the wire; in a first fragment only those of this fragment.</summary>
    public int PayloadLength { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeStatus Read(in IpPacket packet, out TcpHeader header) =>
        Read(packet.Payload, out header, packet.PayloadLength);

    /// <summary>Reads the segment in <paramref name="bytes"/>, from which link padding was taken off before.</summary>
    /// <param name="ipPayloadLength">Bytes on the wire; 0 means "as many as are in <paramref name="bytes"/>".</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeStatus Read(ReadOnlySpan<byte> bytes, out TcpHeader header, int ipPayloadLength = 0)
    {
        header = default;
        if (bytes.Length < LengthMin) return DecodeStatus.Truncated;
        int length = (bytes[12] >> 4) * 4;
        int stated = Math.Max(bytes.Length, ipPayloadLength);
        if (length < LengthMin || length > stated) return DecodeStatus.BadLength;
        if (length > bytes.Length) return DecodeStatus.Truncated;
        header = new(bytes, length, stated - length);
        return DecodeStatus.Ok;
    }

    /// <summary>Writes a header without options and with checksum 0, and returns its length.</summary>
    public static int Write(
        Span<byte> destination, int sourcePort, int destinationPort, uint sequenceNumber, uint acknowledgmentNumber,
        TcpFlags flags, int window = ushort.MaxValue)
    {
        Span<byte> header = destination[..LengthMin];
        BinaryPrimitives.WriteUInt16BigEndian(header, checked((ushort)sourcePort));
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], checked((ushort)destinationPort));
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], acknowledgmentNumber);
        header[12] = 5 << 4;
        header[13] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(header[14..], checked((ushort)window));
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], 0);
        return LengthMin;
    }

    /// <summary>
    /// Puts the checksum into a whole segment, header and payload, between two addresses of 4 or 16 bytes.
    /// </summary>
    public static void WriteChecksum(Span<byte> segment, ReadOnlySpan<byte> source, ReadOnlySpan<byte> target)
    {
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], 0);
        ushort checksum = Ip.Checksum.Compute(source, target, IpProtocol.Tcp, segment);
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], checksum);
    }
}
