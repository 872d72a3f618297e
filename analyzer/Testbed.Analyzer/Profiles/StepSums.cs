using System.Runtime.CompilerServices;

namespace Testbed.Analyzer.Profiles;

/// <summary>Sums over equal intervals of time, of which the latest is at hand: packets come nearly in order.</summary>
internal sealed class StepSums(long startNs, long stepNs)
{
    /// <summary>Intervals kept of one line; longer captures get wider intervals nowhere, they end here.</summary>
    public const int StepsMax = 131_072;
    private long[] _sums = new long[64];
    private long _fromNs, _toNs;
    private int _at = -1;

    /// <summary>One sum an interval, from the start to the last interval that was added to.</summary>
    public ReadOnlySpan<long> Sums => _sums.AsSpan(0, Count);
    private int Count { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long timeNs, long amount)
    {
        if (timeNs < _fromNs || timeNs >= _toNs) Move(timeNs);
        if (_at >= 0) _sums[_at] += amount;
    }

    private void Move(long timeNs)
    {
        _at = -1;
        (_fromNs, _toNs) = (timeNs, timeNs);
        if (timeNs < startNs || (timeNs - startNs) / stepNs >= StepsMax) return;
        _at = (int)((timeNs - startNs) / stepNs);
        _fromNs = startNs + _at * stepNs;
        _toNs = _fromNs + stepNs;
        if (_at >= _sums.Length) Array.Resize(ref _sums, Math.Max(_at + 1, _sums.Length * 2));
        Count = Math.Max(Count, _at + 1);
    }
}
