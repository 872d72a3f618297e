using System.Buffers.Binary;
using Testbed.Wire.Ip;

namespace Testbed.Benchmarks.Traffic;

/// <summary>
/// Random bytes that payloads are cut from, with running sums, so that the checksum of a whole payload costs two
/// look-ups even where only its first bytes are written.
/// </summary>
internal sealed class PayloadSlab
{
    /// <summary>At the head of a payload: makes it unlike any other.</summary>
    public const int MarkLength = 8;
    private const int Length = 128 * 1024;
    private const int LengthMax = 64 * 1024;
    private readonly byte[] _bytes = new byte[Length];
    private readonly ulong[] _sums = new ulong[Length / 2 + 1];

    public PayloadSlab(ulong seed)
    {
        SeededRandom random = new(seed ^ 0x51AB);
        for (int i = 0; i < Length; i += 8) BinaryPrimitives.WriteUInt64BigEndian(_bytes.AsSpan(i), random.Next());
        for (int i = 0; i < Length; i += 2)
            _sums[i / 2 + 1] = _sums[i / 2] + BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(i));
    }

    /// <summary>Writes as much of a payload as there is room for.</summary>
    public void Write(Span<byte> destination, ulong content)
    {
        _bytes.AsSpan(Offset(content), destination.Length).CopyTo(destination);
        Span<byte> mark = stackalloc byte[MarkLength];
        BinaryPrimitives.WriteUInt64BigEndian(mark, content);
        mark[..Math.Min(MarkLength, destination.Length)].CopyTo(destination);
    }

    /// <summary>One's complement sum of a whole payload, not yet folded.</summary>
    public ulong Sum(ulong content, int length)
    {
        if (length < MarkLength)
        {
            Span<byte> mark = stackalloc byte[MarkLength];
            BinaryPrimitives.WriteUInt64BigEndian(mark, content);
            return Checksum.Sum(mark[..length]);
        }
        int from = Offset(content) + MarkLength, to = Offset(content) + length;
        ulong sum = _sums[to / 2] - _sums[from / 2];
        if ((to & 1) != 0) sum += (ulong)_bytes[to - 1] << 8;
        return sum + (content >> 48) + (content >> 32 & 0xFFFF) + (content >> 16 & 0xFFFF) + (content & 0xFFFF);
    }

    private static int Offset(ulong content) => (int)(content % LengthMax) & ~1;
}
