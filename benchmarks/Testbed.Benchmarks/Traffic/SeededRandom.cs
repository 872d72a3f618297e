using System.Numerics;

namespace Testbed.Benchmarks.Traffic;

/// <summary>
/// xoshiro256** (Blackman and Vigna), seeded by SplitMix64: the same numbers on every machine and every version of
/// .NET, and faster than the seeded <see cref="Random"/>.
/// </summary>
internal sealed class SeededRandom
{
    private ulong _a, _b, _c, _d;
    private double _spareNormal;
    private bool _hasSpare;

    public SeededRandom(ulong seed)
    {
        _a = Mix(seed += Golden);
        _b = Mix(seed += Golden);
        _c = Mix(seed += Golden);
        _d = Mix(seed + Golden);
    }

    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    /// <summary>SplitMix64's finisher: a bijection whose outputs look random.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ value >> 30) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ value >> 27) * 0x94D0_49BB_1331_11EB;
        return value ^ value >> 31;
    }

    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>From 0, inclusive, to <paramref name="count"/>, exclusive.</summary>
    public int Next(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>From 0, inclusive, to 1, exclusive.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Of the exponential distribution with mean 1.</summary>
    public double NextExponential() => -Math.Log(1 - NextDouble());

    /// <summary>Of the standard normal distribution, by Marsaglia's polar method.</summary>
    public double NextNormal()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spareNormal;
        }
        double x, y, square;
        do
        {
            x = 2 * NextDouble() - 1;
            y = 2 * NextDouble() - 1;
            square = x * x + y * y;
        }
        while (square is >= 1 or 0);
        double scale = Math.Sqrt(-2 * Math.Log(square) / square);
        (_spareNormal, _hasSpare) = (y * scale, true);
        return x * scale;
    }
}
