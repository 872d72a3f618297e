namespace Testbed.Lab.Forwarding;

/// <summary>
/// A link that many sessions share: its capacity, one queue, and two classes of which the upper goes first. As a
/// virtual schedule, like <see cref="RateLimiter"/>. Not thread-safe; time is an argument.
/// </summary>
/// <param name="bitsPerSecond">Of inner packets.</param>
/// <param name="queueNs">Longest wait before a packet is dropped, ns.</param>
/// <param name="hasClasses">False: first come, first served, whatever the flow was promised.</param>
internal sealed class SharedLink(long bitsPerSecond, long queueNs, bool hasClasses)
{
    /// <summary>Returned instead of a delay when the queue is full.</summary>
    public const long Drop = -1;

    // When the link would be idle again, were there only the upper class, and in all.
    private long _upperNs = long.MinValue / 2;
    private long _allNs = long.MinValue / 2;

    public long BitsPerSecond { get; } = bitsPerSecond;

    /// <summary>Nanoseconds that the packet has to wait, 0 for none, or <see cref="Drop"/>.</summary>
    public long Admit(int bytes, bool isUpper, long nowNs)
    {
        bool goesFirst = isUpper && hasClasses;
        long startNs = Math.Max(goesFirst ? _upperNs : _allNs, nowNs);
        long waitNs = startNs - nowNs;
        if (waitNs > queueNs) return Drop;
        long sendNs = bytes * 8L * 1_000_000_000 / BitsPerSecond;
        if (goesFirst) _upperNs = startNs + sendNs;
        // What went first is time that the others do not get.
        _allNs = Math.Max(_allNs, nowNs) + sendNs;
        return waitNs;
    }
}
