using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance.Statistics;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>
/// Round trips of one witness under one condition, as far as kits may have held them up (docs/decisions/0006). Lost
/// packets count as endless.
/// </summary>
internal sealed class WitnessSamples
{
    private readonly List<double> _all = [], _clear = [], _atLeast = [];

    public long Lost { get; private set; }
    public long LostUndisturbed { get; private set; }
    public int Count => _all.Count;
    public int UndisturbedCount { get; private set; }

    public void Add(in StampRow row)
    {
        double delay = row.IsReturned ? row.RoundTripNs : double.PositiveInfinity;
        _all.Add(delay);
        _atLeast.Add(row.IsReturned ? row.AtLeastNs : row.IsDisturbed ? 0 : delay);
        if (row.IsClear) _clear.Add(delay);
        if (!row.IsDisturbed) UndisturbedCount++;
        if (row.IsReturned) return;
        Lost++;
        if (!row.IsDisturbed) LostUndisturbed++;
    }

    /// <summary>The quantile of all packets, ns.</summary>
    public double Quantile(double quantile) => Sorted(_all) is { Length: > 0 } sorted
        ? sorted[OrderStatistics.Rank(sorted.Length, quantile) - 1] : double.NaN;

    public Bounds Bounds(double quantile, double confidence) => Bounds(_all, quantile, confidence);
    /// <summary>Of the packets that no kit held up.</summary>
    public Bounds ClearBounds(double quantile, double confidence) => Bounds(_clear, quantile, confidence);
    /// <summary>Of what of each delay no kit can have caused.</summary>
    public Bounds AtLeastBounds(double quantile, double confidence) => Bounds(_atLeast, quantile, confidence);

    private static Bounds Bounds(List<double> samples, double quantile, double confidence)
    {
        double[] sorted = Sorted(samples);
        return sorted.Length == 0 ? new(double.NegativeInfinity, double.PositiveInfinity)
            : OrderStatistics.OneSided(sorted, quantile, confidence);
    }

    private static double[] Sorted(List<double> samples)
    {
        double[] sorted = [.. samples];
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>
    /// Splits a witness's record by the blocks of a load: inside a block once it has settled, and outside of all blocks
    /// once the last one's queues have drained. What lies between belongs to neither.
    /// </summary>
    public static (WitnessSamples Alone, WitnessSamples Loaded) Split(
        IEnumerable<StampRow> rows, IReadOnlyList<TimeWindow> blocks)
    {
        WitnessSamples alone = new(), loaded = new();
        long? firstNs = null;
        foreach (StampRow row in rows)
        {
            if (row.T1Ns > 0) firstNs ??= row.T1Ns;
            if (row.Status is not ("answered" or "late" or "lost")) continue;
            bool isNear = false, isIn = false;
            foreach (TimeWindow block in blocks)
            {
                isNear |= row.T1Ns >= block.FromNs - DrainNs && row.T1Ns < block.ToNs + DrainNs;
                isIn |= row.T1Ns >= block.FromNs + LoadCount.SettleNs && row.T1Ns < block.ToNs - InFlightNs;
            }
            if (isIn) loaded.Add(row);
            // A path that just came up is slower than one alone, which would make an overload look small beside it.
            else if (!isNear && row.T1Ns >= firstNs + LoadCount.SettleNs) alone.Add(row);
        }
        return (alone, loaded);
    }

    /// <summary>Queues of most networks drain within this; it also covers clocks that differ a little.</summary>
    private const long DrainNs = 300_000_000;
    /// <summary>A packet sent this late in a block may meet a network that is idle again.</summary>
    private const long InFlightNs = 50_000_000;
}
