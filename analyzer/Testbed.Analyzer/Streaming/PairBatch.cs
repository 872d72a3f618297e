using System.Runtime.CompilerServices;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching;

namespace Testbed.Analyzer.Streaming;

/// <summary>
/// Pairs of one direction that wait to be added up: some hundred at a time, in loops of their own, so that sums are not
/// called, fetched and written anew for every pair.
/// </summary>
/// <param name="hasSlices">The table is told of each pair and its slice by another.</param>
internal sealed class PairBatch(PacketDirection direction, CrossingResult result, bool hasSlices)
{
    private const int Capacity = 512;
    private readonly long[] _entryNs = new long[Capacity], _delayNs = new long[Capacity];
    private int _count, _reordered;

    /// <summary>Those that were added up.</summary>
    public long Pairs { get; private set; }
    /// <summary>Of those that were added up; the least number without any.</summary>
    public long DelayMaxNs { get; private set; } = long.MinValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long entryNs, long delayNs, bool isReordered)
    {
        if (_count == Capacity) AddUp();
        (_entryNs[_count], _delayNs[_count]) = (entryNs, delayNs);
        _count++;
        if (isReordered) _reordered++;
    }

    public void AddUp()
    {
        ReadOnlySpan<long> delaysNs = _delayNs.AsSpan(0, _count);
        foreach (long delayNs in delaysNs) DelayMaxNs = Math.Max(DelayMaxNs, delayNs);
        if (!hasSlices) result.Table.AddPairs(direction, delaysNs, _reordered);
        result.Transit(direction).Add(_entryNs.AsSpan(0, _count), delaysNs);
        Pairs += _count;
        (_count, _reordered) = (0, 0);
    }
}
