namespace Testbed.Wire.Aper;

/// <summary>
/// Writes ASN.1 in aligned packed encoding rules (X.691, 2015): the mirror of <see cref="AperReader"/>. Values out of
/// their range are the caller's error and throw.
/// </summary>
internal sealed class AperWriter
{
    private readonly List<byte> _bytes = [];
    private int _bitsInLast = 8;

    public byte[] ToArray() => [.. _bytes];

    public void Flag(bool value) => Bits(value ? 1u : 0, 1);

    public void Bits(uint value, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            if (_bitsInLast == 8)
            {
                _bytes.Add(0);
                _bitsInLast = 0;
            }
            _bytes[^1] |= (byte)((value >> i & 1) << (7 - _bitsInLast++));
        }
    }

    public void Constrained(long value, long min, long max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max);
        ulong range = (ulong)(max - min), offset = (ulong)(value - min);
        if (range == 0) return;
        if (range < 255) Bits((uint)offset, BitsFor(range));
        else if (range <= 65_535) Number(offset, range == 255 ? 1 : 2);
        else
        {
            int octets = OctetsFor(offset);
            Bits((uint)octets - 1, BitsFor((ulong)OctetsFor(range) - 1));
            Number(offset, octets);
        }
    }

    public void Extensible(long value, long min, long max)
    {
        bool isRoot = value >= min && value <= max;
        Flag(!isRoot);
        if (isRoot)
        {
            Constrained(value, min, max);
            return;
        }
        // Two's complement: one more bit than the magnitude needs.
        int octets = BitsFor((ulong)(value < 0 ? ~value : value)) / 8 + 1;
        Length(octets);
        Number((ulong)value, octets);
    }

    public void Enumerated(int value, int rootCount, bool isExtensible)
    {
        if (isExtensible) Flag(false);
        Constrained(value, 0, rootCount - 1);
    }

    public void Length(int length)
    {
        Align();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 0x3FFF);
        if (length < 0x80) Bits((uint)length, 8);
        else Bits((uint)length | 0x8000, 16);
    }

    public void Octet(byte value) => Bits(value, 8);

    public void Octets(ReadOnlySpan<byte> value)
    {
        Align();
        _bytes.AddRange(value);
    }

    public void Open(ReadOnlySpan<byte> content)
    {
        // An open type holds at least one octet (X.691 §11.2.1).
        Length(Math.Max(1, content.Length));
        Octets(content.IsEmpty ? [0] : content);
    }

    /// <summary>A bit string of variable size, its bits left-aligned in octets.</summary>
    public void BitString(ReadOnlySpan<byte> octets, int bitCount, int sizeMin, int sizeMax, bool isExtensible)
    {
        if (isExtensible) Flag(false);
        Constrained(bitCount, sizeMin, sizeMax);
        Align();
        for (int i = 0; i < bitCount; i++) Flag((octets[i >> 3] >> (7 - (i & 7)) & 1) != 0);
    }

    public void Characters(ReadOnlySpan<byte> text, int sizeMin, int sizeMax, bool isExtensible)
    {
        if (isExtensible) Flag(false);
        Constrained(text.Length, sizeMin, sizeMax);
        Octets(text);
    }

    /// <summary>The extension bit, not set, and a bit for each optional component.</summary>
    public void Begin(params ReadOnlySpan<bool> present)
    {
        Flag(false);
        foreach (bool component in present) Flag(component);
    }

    public void Align() => _bitsInLast = 8;

    private void Number(ulong value, int octets)
    {
        Align();
        for (int i = octets - 1; i >= 0; i--) Bits((uint)(value >> 8 * i & 0xFF), 8);
    }

    private static int BitsFor(ulong largest) => 64 - System.Numerics.BitOperations.LeadingZeroCount(largest);

    private static int OctetsFor(ulong largest) => Math.Max(1, (BitsFor(largest) + 7) / 8);
}
