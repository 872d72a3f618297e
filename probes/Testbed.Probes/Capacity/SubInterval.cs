using System.Buffers.Binary;

namespace Testbed.Probes.Capacity;

/// <summary>
/// One second of a trial. All bytes are IP-layer: IP and UDP headers and payload (RFC 9097 §5.3). The sender's
/// second starts with its first packet's sending, the receiver's with that packet's arrival.
/// </summary>
/// <param name="StartUnixNs">The receiver's window, by its wall clock.</param>
/// <param name="RttMinUs">0 when no status was echoed in this second.</param>
internal readonly record struct SubInterval(
    long StartUnixNs, long EndUnixNs, long SentBytes, long ReceivedBytes, uint Lost, uint Reordered,
    uint RttMinUs, uint RttMaxUs)
{
    public const int Length = 48;
    public const long DurationNs = 1_000_000_000;

    public long RateBps => ReceivedBytes * 8;

    public static SubInterval Read(ReadOnlySpan<byte> row) => new(
        BinaryPrimitives.ReadInt64BigEndian(row), BinaryPrimitives.ReadInt64BigEndian(row[8..]),
        BinaryPrimitives.ReadInt64BigEndian(row[16..]), BinaryPrimitives.ReadInt64BigEndian(row[24..]),
        BinaryPrimitives.ReadUInt32BigEndian(row[32..]), BinaryPrimitives.ReadUInt32BigEndian(row[36..]),
        BinaryPrimitives.ReadUInt32BigEndian(row[40..]), BinaryPrimitives.ReadUInt32BigEndian(row[44..]));

    public void Write(Span<byte> row)
    {
        BinaryPrimitives.WriteInt64BigEndian(row, StartUnixNs);
        BinaryPrimitives.WriteInt64BigEndian(row[8..], EndUnixNs);
        BinaryPrimitives.WriteInt64BigEndian(row[16..], SentBytes);
        BinaryPrimitives.WriteInt64BigEndian(row[24..], ReceivedBytes);
        BinaryPrimitives.WriteUInt32BigEndian(row[32..], Lost);
        BinaryPrimitives.WriteUInt32BigEndian(row[36..], Reordered);
        BinaryPrimitives.WriteUInt32BigEndian(row[40..], RttMinUs);
        BinaryPrimitives.WriteUInt32BigEndian(row[44..], RttMaxUs);
    }
}
