namespace Testbed.Lab.Native;

/// <summary>
/// A received packet where the kernel put it, with room in front for another header. Valid until the batch that it
/// came from receives again.
/// </summary>
internal readonly unsafe struct Datagram(byte* start, int length, int headroom)
{
    public byte* Start { get; } = start;
    public int Length { get; } = length;
    /// <summary>Bytes before <see cref="Start"/> that may be written.</summary>
    public int Headroom { get; } = headroom;

    public Span<byte> Bytes => new(Start, Length);

    /// <summary>The same packet with <paramref name="count"/> more bytes in front, to be filled.</summary>
    public Datagram Prepend(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Headroom);
        return new(Start - count, Length + count, Headroom - count);
    }

    /// <summary>The part that starts at <paramref name="offset"/> and has <paramref name="length"/> bytes.</summary>
    public Datagram Slice(int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        return new(Start + offset, length, Headroom + offset);
    }
}
