using System.Buffers.Binary;

namespace Testbed.Fuzz.Engine;

/// <summary>
/// Makes an input out of known ones: flipped bits, odd bytes, wrong lengths, cuts, copies, splices. The same seed makes
/// the same inputs.
/// </summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, int seed, int lengthMax)
{
    /// <summary>Inputs that decoded are mutated further; so many of them are kept.</summary>
    private const int PoolSize = 256;
    private const int KeepOneIn = 16;
    private readonly Random _random = new(seed);
    private readonly List<byte[]> _pool = [];
    private readonly byte[] _scratch = new byte[lengthMax];

    /// <summary>The next input, valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        // Every seed as it stands comes now and then: what decodes must go on decoding.
        byte[] seedInput = _pool.Count > 0 && _random.Next(3) == 0
            ? _pool[_random.Next(_pool.Count)] : corpus[_random.Next(corpus.Count)];
        int length = Math.Min(seedInput.Length, lengthMax);
        seedInput.AsSpan(0, length).CopyTo(_scratch);
        for (int n = _random.Next(5); n > 0; n--) length = Mutate(length);
        return _scratch.AsSpan(0, length);
    }

    public void Accepted(ReadOnlySpan<byte> input)
    {
        if (_random.Next(KeepOneIn) != 0) return;
        if (_pool.Count < PoolSize) _pool.Add(input.ToArray());
        else _pool[_random.Next(PoolSize)] = input.ToArray();
    }

    private int Mutate(int length)
    {
        Span<byte> bytes = _scratch.AsSpan(0, length);
        switch (length == 0 ? 4 : _random.Next(8))
        {
            case 0:
                bytes[_random.Next(length)] ^= (byte)(1 << _random.Next(8));
                return length;
            case 1:
                bytes[_random.Next(length)] = (byte)_random.Next(256);
                return length;
            case 2 or 3:
                EditLength(bytes);
                return length;
            case 4:
                return Grow(length);
            case 5:
                return _random.Next(length + 1);
            case 6:
                return Remove(length);
            default:
                return Splice(length);
        }
    }

    // Lengths, counts and offsets are what decoders trip over: extremes, and those one off.
    private void EditLength(Span<byte> bytes)
    {
        int width = 1 << _random.Next(3);
        if (bytes.Length < width) return;
        int at = _random.Next(bytes.Length - width + 1);
        uint value = _random.Next(8) switch
        {
            0 => 0,
            1 => uint.MaxValue,
            2 => 1,
            3 => 0x7FFF_FFFF,
            4 => 0x8000_0000,
            5 => (uint)bytes.Length,
            6 => (uint)(bytes.Length - at),
            _ => (uint)(bytes[at] + _random.Next(-2, 3)),
        };
        bool isLittle = _random.Next(2) == 0;
        if (width == 1) bytes[at] = (byte)value;
        else if (width == 2 && isLittle) BinaryPrimitives.WriteUInt16LittleEndian(bytes[at..], (ushort)value);
        else if (width == 2) BinaryPrimitives.WriteUInt16BigEndian(bytes[at..], (ushort)value);
        else if (isLittle) BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], value);
        else BinaryPrimitives.WriteUInt32BigEndian(bytes[at..], value);
    }

    private int Grow(int length)
    {
        int more = Math.Min(_random.Next(1, 64), lengthMax - length);
        _random.NextBytes(_scratch.AsSpan(length, more));
        return length + more;
    }

    private int Remove(int length)
    {
        int at = _random.Next(length), count = Math.Min(_random.Next(1, 16), length - at);
        _scratch.AsSpan(at + count, length - at - count).CopyTo(_scratch.AsSpan(at));
        return length - count;
    }

    private int Splice(int length)
    {
        byte[] other = corpus[_random.Next(corpus.Count)];
        if (other.Length == 0) return length;
        int from = _random.Next(other.Length), at = _random.Next(length);
        int count = Math.Min(_random.Next(1, 128), Math.Min(other.Length - from, lengthMax - at));
        other.AsSpan(from, count).CopyTo(_scratch.AsSpan(at));
        return Math.Max(length, at + count);
    }
}
