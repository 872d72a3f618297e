namespace Testbed.Wire.Aper;

/// <summary>
/// Reads ASN.1 in aligned packed encoding rules (ITU-T X.691, 2015): a bit cursor over checked bytes. The first fault
/// stays in <see cref="Status"/>; from then on every read gives zero and moves nothing, so that a decoder checks once,
/// at its end. Never reads beyond its bytes and never loops more often than its bytes allow.
/// </summary>
internal ref struct AperReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _bit;

    /// <summary>Ok, or why reading stopped.</summary>
    public DecodeStatus Status { get; private set; } = DecodeStatus.Ok;
    public readonly bool IsOk => Status is DecodeStatus.Ok;
    private readonly int BitsLeft => _bytes.Length * 8 - _bit;

    public bool Flag() => Bits(1) != 0;

    /// <summary>A bit field of at most 32 bits, most significant first.</summary>
    public uint Bits(int count)
    {
        if (!Has(count)) return 0;
        uint value = 0;
        for (int end = _bit + count; _bit < end;)
        {
            int inByte = _bit & 7, take = Math.Min(8 - inByte, end - _bit);
            uint piece = (uint)(_bytes[_bit >> 3] >> (8 - inByte - take)) & ((1u << take) - 1);
            value = value << take | piece;
            _bit += take;
        }
        return value;
    }

    /// <summary>A constrained whole number (X.691 §11.5).</summary>
    public long Constrained(long min, long max)
    {
        ulong range = (ulong)(max - min);
        if (range == 0) return min;
        // A range of 256 values takes a whole octet, one of up to 64K two, a larger one as many as it needs.
        if (range < 255) return Bounded(min, range, Bits(BitsFor(range)));
        if (range == 255) return min + AlignedNumber(1);
        if (range <= 65_535) return Bounded(min, range, (ulong)AlignedNumber(2));
        int octets = (int)Bits(BitsFor((ulong)OctetsFor(range) - 1)) + 1;
        if (octets > OctetsFor(range)) return Fail(DecodeStatus.BadField);
        return Bounded(min, range, (ulong)AlignedNumber(octets));
    }

    /// <summary>An integer with an extension marker: constrained, or of any size beyond its root.</summary>
    public long Extensible(long min, long max)
    {
        if (!Flag()) return Constrained(min, max);
        int octets = Length();
        if (octets is 0 or > 8) return Fail(DecodeStatus.BadField);
        int shift = 64 - 8 * octets;
        return AlignedNumber(octets) << shift >> shift;
    }

    /// <summary>Number of a root value of an enumeration; −1 for a value from its extension (X.691 §14).</summary>
    public int Enumerated(int rootCount, bool isExtensible)
    {
        if (!isExtensible || !Flag()) return (int)Constrained(0, rootCount - 1);
        SkipSmallNumber();
        return -1;
    }

    /// <summary>A number of elements within bounds.</summary>
    public int Count(int min, int max) => (int)Constrained(min, max);

    /// <summary>A length without an upper bound below 64K (X.691 §11.9). Fragmented values are not read.</summary>
    public int Length()
    {
        Align();
        uint first = Bits(8);
        if ((first & 0x80) == 0) return (int)first;
        if ((first & 0x40) == 0) return (int)((first & 0x3F) << 8 | Bits(8));
        Fail(DecodeStatus.Unsupported);
        return 0;
    }

    /// <summary>A string of one octet, which is not aligned (X.691 §17.6).</summary>
    public byte Octet() => (byte)Bits(8);

    /// <summary>A string of a fixed size of three octets or more, which is aligned (X.691 §17.7).</summary>
    public ReadOnlySpan<byte> Octets(int size)
    {
        Align();
        return Take(size);
    }

    /// <summary>An octet string without bounds, or an open type: length and content (X.691 §17.8, §11.2).</summary>
    public ReadOnlySpan<byte> Open()
    {
        int length = Length();
        return Take(length);
    }

    /// <summary>A bit string of variable size: its bits, left-aligned in octets, and how many (X.691 §16).</summary>
    public ReadOnlySpan<byte> BitString(int sizeMin, int sizeMax, bool isExtensible, out int bitCount)
    {
        bitCount = isExtensible && Flag() ? Length() : Count(sizeMin, sizeMax);
        Align();
        if (!Has(bitCount)) return default;
        ReadOnlySpan<byte> octets = _bytes.Slice(_bit >> 3, (bitCount + 7) / 8);
        _bit += bitCount;
        return octets;
    }

    /// <summary>A printable or visible string: eight bits a character in the aligned variant.</summary>
    public ReadOnlySpan<byte> Characters(int sizeMin, int sizeMax, bool isExtensible)
    {
        int length = isExtensible && Flag() ? Length() : Count(sizeMin, sizeMax);
        return Octets(length);
    }

    /// <summary>What a sequence begins with: the extension bit and a bit for each optional component.</summary>
    public AperSequence Begin(int optionalCount) => new(Flag(), Bits(optionalCount), optionalCount);

    /// <summary>Steps over the additions to an extended sequence (X.691 §19.7).</summary>
    public void SkipAdditions()
    {
        if (Flag())
        {
            Fail(DecodeStatus.Unsupported);
            return;
        }
        int count = (int)Bits(6) + 1;
        ulong present = (ulong)Bits(Math.Min(count, 32)) << Math.Max(0, count - 32);
        if (count > 32) present |= Bits(count - 32);
        for (int left = System.Numerics.BitOperations.PopCount(present); left > 0 && IsOk; left--) Open();
    }

    public void Align() => _bit = (_bit + 7) & ~7;

    /// <summary>Notes a fault that the caller found; the first one stays.</summary>
    public long Fail(DecodeStatus status)
    {
        if (IsOk) Status = status;
        return 0;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (!Has(8 * length)) return default;
        ReadOnlySpan<byte> octets = _bytes.Slice(_bit >> 3, length);
        _bit += 8 * length;
        return octets;
    }

    private long AlignedNumber(int octets)
    {
        Align();
        ulong value = 0;
        foreach (byte octet in Take(octets)) value = value << 8 | octet;
        return (long)value;
    }

    // A normally small non-negative whole number (X.691 §11.6).
    private void SkipSmallNumber()
    {
        if (Flag()) Open();
        else Bits(6);
    }

    private long Bounded(long min, ulong range, ulong offset) =>
        offset > range ? Fail(DecodeStatus.BadField) : min + (long)offset;

    private bool Has(int bits)
    {
        if (!IsOk) return false;
        if (bits <= BitsLeft) return true;
        Status = DecodeStatus.Truncated;
        return false;
    }

    private static int BitsFor(ulong largest) => 64 - System.Numerics.BitOperations.LeadingZeroCount(largest);

    private static int OctetsFor(ulong largest) => Math.Max(1, (BitsFor(largest) + 7) / 8);
}

/// <summary>Which components of a sequence are there (X.691 §19).</summary>
internal readonly record struct AperSequence(bool IsExtended, uint Present, int OptionalCount)
{
    /// <param name="optional">Place among the optional components, from 0.</param>
    public bool Has(int optional) => (Present >> (OptionalCount - 1 - optional) & 1) != 0;
}
