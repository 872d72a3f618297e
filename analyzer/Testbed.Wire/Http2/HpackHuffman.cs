namespace Testbed.Wire.Http2;

/// <summary>
/// The Huffman code of HPACK (RFC 7541 appendix B). It is canonical: codes of one length follow each other in the
/// order of their symbols, so that the lengths alone define it.
/// </summary>
internal static class HpackHuffman
{
    private const int LengthMax = 30;
    private const int EndOfString = 256;

    /// <summary>Bits of each symbol's code: 256 octets and the end of string.</summary>
    private static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    /// <summary>Symbols by length, then by value; and for each length its first code and that code's place.</summary>
    private static readonly short[] Symbols = [.. Enumerable.Range(0, EndOfString + 1).Select(symbol => (short)symbol)
        .OrderBy(symbol => Lengths[symbol]).ThenBy(symbol => symbol)];
    private static readonly (uint First, int Place, int Count)[] Rows = MakeRows();

    /// <summary>Decodes into the destination; more than it holds is <see cref="DecodeStatus.BadLength"/>.</summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> coded, Span<byte> destination, out int length)
    {
        length = 0;
        uint code = 0;
        int bits = 0;
        foreach (byte octet in coded)
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                code = code << 1 | (uint)(octet >> bit & 1);
                (uint first, int place, int count) = Rows[++bits];
                if (code - first >= (uint)count)
                {
                    if (bits == LengthMax) return DecodeStatus.BadField;
                    continue;
                }
                int symbol = Symbols[place + (int)(code - first)];
                if (symbol == EndOfString) return DecodeStatus.BadField;
                if (length == destination.Length) return DecodeStatus.BadLength;
                destination[length++] = (byte)symbol;
                (code, bits) = (0, 0);
            }
        }
        // Padding is a prefix of the end of string, all ones, and shorter than an octet (RFC 7541 §5.2).
        return bits < 8 && code == (1u << bits) - 1 ? DecodeStatus.Ok : DecodeStatus.BadField;
    }

    private static (uint First, int Place, int Count)[] MakeRows()
    {
        (uint, int, int)[] rows = new (uint, int, int)[LengthMax + 1];
        uint code = 0;
        int place = 0;
        for (int bits = 1; bits <= LengthMax; bits++)
        {
            int count = Lengths.Count((byte)bits);
            rows[bits] = (code, place, count);
            code = (code + (uint)count) << 1;
            place += count;
        }
        return rows;
    }
}
