using Testbed.Conformance.Statistics;

namespace Testbed.Probes.Stamp;

/// <summary>Delays of the answered packets of a session, nanoseconds; room for all of them from the start.</summary>
internal sealed class DelaySamples(int capacity)
{
    private readonly long[] _roundTrip = new long[capacity];
    private readonly long[] _forward = new long[capacity], _return = new long[capacity];
    private readonly long[] _atLeast = new long[capacity];

    public int Count { get; private set; }

    /// <param name="atLeastNs">What of the round trip no kit can have caused.</param>
    public void Add(long roundTripNs, long forwardNs, long returnNs, long atLeastNs)
    {
        _atLeast[Count] = atLeastNs;
        _roundTrip[Count] = roundTripNs;
        _forward[Count] = forwardNs;
        _return[Count] = returnNs;
        Count++;
    }

    public SortedDelays RoundTrip() => new(_roundTrip, Count);
    /// <summary>Round trips without what stalls of a kit can have added.</summary>
    public SortedDelays RoundTripAtLeast() => new(_atLeast, Count);
    /// <summary>T2 − T1: true only as far as the two kits' clocks agree.</summary>
    public SortedDelays Forward() => new(_forward, Count);
    /// <summary>T4 − T3: as above.</summary>
    public SortedDelays Return() => new(_return, Count);
}

/// <summary>Sorted delays that can be asked for quantiles as if lost packets had been seen too.</summary>
internal sealed class SortedDelays
{
    private readonly long[] _ns;
    private readonly int _count;

    /// <summary>Sorts in place: the samples are needed in no other order afterwards.</summary>
    public SortedDelays(long[] ns, int count)
    {
        (_ns, _count) = (ns, count);
        Array.Sort(_ns, 0, count);
    }

    public long this[long rank] => _ns[rank - 1];
    public int Count => _count;

    /// <summary>
    /// The quantile of all packets and its one-sided bounds. A missing packet is slower than any other for value
    /// and upper end, and faster than any other for the lower end, so that it can neither gain a pass nor a fail.
    /// </summary>
    /// <param name="missing">Packets without a delay.</param>
    /// <param name="missingNs">What is known of their delay: at least this; also stands for an end that the
    /// samples are too few to state.</param>
    public (long ValueNs, long LowNs, long HighNs) Quantile(
        double quantile, long missing, long missingNs, double confidence)
    {
        long packets = _count + missing;
        long value = Worst(OrderStatistics.Rank(packets, quantile));
        long? lowRank = OrderStatistics.LowerRank(packets, quantile, confidence) - missing;
        long? highRank = OrderStatistics.UpperRank(packets, quantile, confidence);
        return (
            value,
            lowRank is > 0 and { } low ? Math.Min(value, this[low]) : 0,
            Math.Max(value, highRank is { } high ? Worst(high) : missingNs));

        long Worst(long rank) => rank <= _count ? this[rank] : missingNs;
    }

    /// <summary>Plain figures of the answered packets; null when there are none.</summary>
    public DelaySummary? Summarize()
    {
        if (_count == 0) return null;
        double sum = 0;
        for (int i = 0; i < _count; i++) sum += _ns[i];
        return new(
            this[1], (long)(sum / _count), At(0.5), At(0.9), At(0.99), At(0.999), this[_count]);

        long At(double quantile) => this[OrderStatistics.Rank(_count, quantile)];
    }
}

/// <summary>Delays of the answered packets alone, nanoseconds.</summary>
public sealed record DelaySummary(
    long MinNs, long MeanNs, long P50Ns, long P90Ns, long P99Ns, long P999Ns, long MaxNs);
