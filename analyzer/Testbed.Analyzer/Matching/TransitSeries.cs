using Testbed.Analyzer.Meters.Crossings;

namespace Testbed.Analyzer.Matching;

/// <summary>
/// The course of transit delay over time, one direction: p50 and p99 of each interval. Pairs come nearly in order, so
/// an interval is closed, and its histogram used again, once nothing can come for it any more.
/// </summary>
internal sealed class TransitSeries(long stepNs)
{
    private const int StepsMax = 131_072;
    private readonly SortedDictionary<long, DelayHistogram> _open = [];
    private readonly Stack<DelayHistogram> _free = new();
    private readonly List<(long Step, long P50, long P99)> _closed = [];
    private DelayHistogram? _current;
    private long _currentFromNs;

    /// <param name="timeNs">When the packet was first seen.</param>
    public void Add(long timeNs, long delayNs)
    {
        if (!IsInCurrent(timeNs)) Move(timeNs);
        _current!.Add(delayNs);
    }

    /// <summary>Many at once, nearly in order.</summary>
    /// <param name="delaysNs">At the same places as the times.</param>
    public void Add(ReadOnlySpan<long> timesNs, ReadOnlySpan<long> delaysNs)
    {
        for (int from = 0, to; from < timesNs.Length; from = to)
        {
            if (!IsInCurrent(timesNs[from])) Move(timesNs[from]);
            to = from + 1;
            while (to < timesNs.Length && IsInCurrent(timesNs[to])) to++;
            _current!.Add(delaysNs[from..to]);
        }
    }

    /// <summary>Closes the intervals that end before that time.</summary>
    public void Close(long beforeNs)
    {
        while (_open.Count > 0)
        {
            (long step, DelayHistogram histogram) = _open.First();
            if (beforeNs != long.MaxValue && (step + 1) * stepNs > beforeNs) return;
            _closed.Add((step, histogram.Quantile(0.5), histogram.Quantile(0.99)));
            _open.Remove(step);
            if (_current == histogram) _current = null;
            histogram.Clear();
            _free.Push(histogram);
        }
    }

    /// <summary>
    /// Start of the first interval and both lines in nanoseconds, null where nothing was measured; empty lines when
    /// nothing crossed.
    /// </summary>
    public (long StartNs, List<double?> P50, List<double?> P99) Lines()
    {
        Close(long.MaxValue);
        List<double?> median = [], high = [];
        foreach ((long step, long p50, long p99) in _closed)
        {
            long at = step - _closed[0].Step;
            if (at >= StepsMax) break;
            while (median.Count < at)
            {
                median.Add(null);
                high.Add(null);
            }
            median.Add(p50);
            high.Add(p99);
        }
        return (_closed.Count == 0 ? 0 : _closed[0].Step * stepNs, median, high);
    }

    private bool IsInCurrent(long timeNs) =>
        _current is not null && timeNs >= _currentFromNs && timeNs - _currentFromNs < stepNs;

    private void Move(long timeNs)
    {
        long step = timeNs / stepNs;
        _currentFromNs = step * stepNs;
        if (_open.TryGetValue(step, out _current)) return;
        if (!_free.TryPop(out _current)) _current = new();
        _open[step] = _current;
    }
}
