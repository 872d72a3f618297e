using System.Numerics;

namespace Testbed.Lab.Records;

/// <summary>
/// Counts delays in buckets of about 3 % width: 32 a power of two. One writer; recording allocates nothing.
/// </summary>
internal sealed class DelayHistogram
{
    private const int SubBits = 5;
    private const int SubCount = 1 << SubBits;

    private readonly long[] _buckets = new long[(64 - SubBits) * SubCount];
    private long _sumNs;

    public long Count { get; private set; }
    public long MinNs { get; private set; } = long.MaxValue;
    public long MaxNs { get; private set; }
    public double MeanNs => Count == 0 ? 0 : (double)_sumNs / Count;

    /// <param name="delayNs">A negative delay is a defect of the caller and counts as 0.</param>
    public void Record(long delayNs)
    {
        delayNs = Math.Max(0, delayNs);
        _buckets[IndexOf(delayNs)]++;
        _sumNs += delayNs;
        Count++;
        MinNs = Math.Min(MinNs, delayNs);
        MaxNs = Math.Max(MaxNs, delayNs);
    }

    /// <summary>Adds what another one counted.</summary>
    public void Add(DelayHistogram other)
    {
        for (int index = 0; index < _buckets.Length; index++) _buckets[index] += other._buckets[index];
        _sumNs += other._sumNs;
        Count += other.Count;
        MinNs = Math.Min(MinNs, other.MinNs);
        MaxNs = Math.Max(MaxNs, other.MaxNs);
    }

    /// <summary>Upper edge of the bucket that holds the quantile, ns; 0 when nothing was recorded.</summary>
    public long QuantileNs(double quantile)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        long seen = 0;
        for (int index = 0; index < _buckets.Length; index++)
        {
            seen += _buckets[index];
            if (seen >= wanted) return Math.Min(UpperEdge(index), MaxNs);
        }
        return MaxNs;
    }

    private static int IndexOf(long value)
    {
        if (value < SubCount) return (int)value;
        int shift = BitOperations.Log2((ulong)value) - SubBits;
        return (shift + 1) * SubCount + (int)(value >> shift) - SubCount;
    }

    private static long UpperEdge(int index)
    {
        if (index < SubCount) return index;
        int shift = index / SubCount - 1;
        return ((index % SubCount + SubCount + 1L) << shift) - 1;
    }
}
