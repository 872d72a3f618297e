namespace Testbed.Lab.Forwarding;

/// <summary>
/// A token bucket with a short queue behind it, in the form of a virtual schedule: it knows when the packet would
/// leave, so the queue itself lives in the delay line. Not thread-safe; time is an argument.
/// </summary>
/// <param name="bitsPerSecond">Sustained rate of inner packets.</param>
/// <param name="burstNs">What may pass at once after a pause, as time at the sustained rate, ns.</param>
/// <param name="queueNs">Longest wait before a packet is dropped, ns.</param>
internal sealed class RateLimiter(long bitsPerSecond, long burstNs, long queueNs)
{
    /// <summary>Returned instead of a delay when the packet does not fit.</summary>
    public const long Drop = -1;

    // When the bucket would be empty again, if no more packets came.
    private long _theoreticalNs = long.MinValue / 2;

    public long BitsPerSecond { get; } = bitsPerSecond;

    /// <summary>Nanoseconds that the packet has to wait, 0 for none, or <see cref="Drop"/>.</summary>
    public long Admit(int bytes, long nowNs)
    {
        long startNs = Math.Max(_theoreticalNs, nowNs);
        long waitNs = Math.Max(0, startNs - nowNs - burstNs);
        if (waitNs > queueNs) return Drop;
        _theoreticalNs = startNs + bytes * 8L * 1_000_000_000 / BitsPerSecond;
        return waitNs;
    }
}
