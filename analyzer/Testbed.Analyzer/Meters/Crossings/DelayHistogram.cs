using System.Numerics;
using System.Runtime.CompilerServices;

namespace Testbed.Analyzer.Meters.Crossings;

/// <summary>
/// Counts delays in buckets that are at most 1/2048 of their value wide, so quantiles keep three digits
/// (the layout of HdrHistogram); minimum, mean and maximum are exact. Negative delays, which only clocks that
/// disagree can give, are counted in the lowest bucket.
/// </summary>
public sealed class DelayHistogram
{
    private const int SubBits = 11;
    private const int SubCount = 1 << SubBits;
    private long[] _counts = new long[SubCount];
    private Int128 _sum;

    public long Count { get; private set; }
    public long Min { get; private set; } = long.MaxValue;
    public long Max { get; private set; } = long.MinValue;
    public long Mean => Count == 0 ? 0 : (long)(_sum / Count);

    public void Add(long delayNs) => Add([delayNs]);

    /// <summary>Many at once: what they have in common is written once.</summary>
    public void Add(ReadOnlySpan<long> delaysNs)
    {
        (long min, long max) = (Min, Max);
        Int128 sum = 0;
        foreach (long delayNs in delaysNs)
        {
            int bucket = Bucket(Math.Max(0, delayNs));
            if (bucket >= _counts.Length) Array.Resize(ref _counts, (bucket / SubCount + 1) * SubCount);
            _counts[bucket]++;
            sum += delayNs;
            min = Math.Min(min, delayNs);
            max = Math.Max(max, delayNs);
        }
        Count += delaysNs.Length;
        _sum += sum;
        (Min, Max) = (min, max);
    }

    public void Clear()
    {
        Array.Clear(_counts);
        (Count, _sum, Min, Max) = (0, 0, long.MaxValue, long.MinValue);
    }

    /// <summary>The value below or at which the share <paramref name="quantile"/> of all lies, nearest rank.</summary>
    public long Quantile(double quantile)
    {
        if (Count == 0) return 0;
        long rank = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Count), seen = 0;
        if (rank == 1) return Min;
        if (rank == Count) return Max;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank) return Math.Clamp(Middle(i), Min, Max);
        }
        return Max;
    }

    public DelaySummary? ToSummary() => Count == 0
        ? null
        : new(Count, Min, Mean, Quantile(0.5), Quantile(0.9), Quantile(0.99), Quantile(0.999), Max);

    // Values below 4096 have buckets of their own; above, each power of two has 2048.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bucket(long value)
    {
        int shift = Math.Max(0, 63 - BitOperations.LeadingZeroCount((ulong)value | 1) - SubBits);
        return shift * SubCount + (int)(value >> shift);
    }

    private static long Middle(int bucket)
    {
        if (bucket < 2 * SubCount) return bucket;
        int shift = bucket / SubCount - 1;
        long low = (long)(bucket - shift * SubCount) << shift;
        return low + (1L << shift) / 2;
    }
}
