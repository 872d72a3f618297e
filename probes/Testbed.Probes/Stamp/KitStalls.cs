namespace Testbed.Probes.Stamp;

/// <summary>
/// When this kit itself stood still: its sender woke later than it was due, or its receiver read an answer long after
/// the kernel had it. What flew then, or before the kit had caught up, may owe its delay to the kit, so it may pass but
/// cannot fail a network. Times on the wall clock, nanoseconds.
/// </summary>
internal sealed class KitStalls
{
    /// <summary>
    /// A kit that runs later than this is not fit to time what takes milliseconds; an idle one wakes within 0.1 ms.
    /// </summary>
    public const long ToleranceNs = 1_000_000;
    /// <summary>
    /// What piles up in a stall on a host that is busy nine tenths of its time takes nine times as long to make good.
    /// </summary>
    public const int CatchUp = 10;

    /// <summary>In order and apart from each other: what both threads saw is one stall.</summary>
    private readonly List<(long FromNs, long ToNs)> _stalls = new(64);

    public static bool IsStall(long lateNs) => lateNs > ToleranceNs;

    public void Add(long fromNs, long toNs)
    {
        if (!IsStall(toNs - fromNs)) return;
        while (_stalls.Count > 0 && _stalls[^1].ToNs >= fromNs)
        {
            (fromNs, toNs) = (Math.Min(fromNs, _stalls[^1].FromNs), Math.Max(toNs, _stalls[^1].ToNs));
            _stalls.RemoveAt(_stalls.Count - 1);
        }
        _stalls.Add((fromNs, toNs));
    }

    /// <summary>Whether the kit stood still at any time between the two.</summary>
    public bool Overlap(long fromNs, long toNs)
    {
        foreach ((long from, long to) in _stalls)
            if (from < toNs && to > fromNs) return true;
        return false;
    }

    /// <summary>For how long between the two the kit stood still or made good what had piled up.</summary>
    public long HeldNs(long fromNs, long toNs)
    {
        long sum = 0, reachedNs = fromNs;
        foreach ((long from, long to) in _stalls)
        {
            long beginNs = Math.Max(from, reachedNs), endNs = Math.Min(CaughtUpNs(from, to), toNs);
            if (endNs <= beginNs) continue;
            sum += endNs - beginNs;
            reachedNs = endNs;
        }
        return sum;
    }

    /// <summary>Forgets what was made good before; flights are asked for in the order of their start.</summary>
    public void Forget(long beforeNs)
    {
        int ended = 0;
        while (ended < _stalls.Count && CaughtUpNs(_stalls[ended].FromNs, _stalls[ended].ToNs) <= beforeNs) ended++;
        _stalls.RemoveRange(0, ended);
    }

    private static long CaughtUpNs(long fromNs, long toNs) => fromNs + CatchUp * (toNs - fromNs);
}
