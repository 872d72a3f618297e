namespace Testbed.Probes.Stamp;

/// <summary>
/// When this kit itself stood still: its sender woke later than it was due, or its receiver read an answer long after
/// the kernel had it. What flew meanwhile may owe its delay to the kit, so it may pass but cannot fail a network.
/// Times on the wall clock, nanoseconds.
/// </summary>
internal sealed class KitStalls
{
    /// <summary>
    /// A kit that runs later than this is not fit to time what takes milliseconds; an idle one wakes within 0.1 ms.
    /// </summary>
    public const long ToleranceNs = 1_000_000;
    /// <summary>More cannot lie within one flight: each is longer than the tolerance.</summary>
    private const int KeptMax = 8_192;

    private readonly Queue<(long FromNs, long ToNs)> _stalls = new(64);

    public static bool IsStall(long lateNs) => lateNs > ToleranceNs;

    public void Add(long fromNs, long toNs)
    {
        if (!IsStall(toNs - fromNs)) return;
        if (_stalls.Count == KeptMax) _stalls.Dequeue();
        _stalls.Enqueue((fromNs, toNs));
    }

    /// <summary>Whether the kit stood still at any time between the two.</summary>
    public bool Overlap(long fromNs, long toNs)
    {
        foreach ((long from, long to) in _stalls)
            if (from < toNs && to > fromNs) return true;
        return false;
    }

    /// <summary>Forgets what ended before; flights are asked for in the order of their start.</summary>
    public void Forget(long beforeNs)
    {
        while (_stalls.TryPeek(out (long FromNs, long ToNs) oldest) && oldest.ToNs <= beforeNs) _stalls.Dequeue();
    }
}
