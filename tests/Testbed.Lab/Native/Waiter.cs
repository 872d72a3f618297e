namespace Testbed.Lab.Native;

/// <summary>Blocks until one of up to four descriptors is readable. One instance a thread.</summary>
internal unsafe struct Waiter
{
    public const long Forever = -1;
    private const int EntriesMax = 4;

    private fixed long _entries[EntriesMax];
    private int _count;

    public Waiter(params ReadOnlySpan<int> fds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fds.Length, EntriesMax);
        _count = fds.Length;
        fixed (long* entries = _entries)
        {
            for (int i = 0; i < fds.Length; i++)
                ((PollEntry*)entries)[i] = new() { Fd = fds[i], Events = LinuxConstants.PollIn };
        }
    }

    /// <summary>Waits at most <paramref name="timeoutNs"/> ns; a negative value waits for ever.</summary>
    public void Wait(long timeoutNs = Forever)
    {
        TimeSpec timeout = new() { Seconds = timeoutNs / 1_000_000_000, Nanoseconds = timeoutNs % 1_000_000_000 };
        fixed (long* entries = _entries)
            _ = Libc.Poll((PollEntry*)entries, (nuint)_count, timeoutNs < 0 ? null : &timeout, null);
    }

    /// <summary>
    /// Whether the descriptor at <paramref name="index"/> was readable when <see cref="Wait"/> returned.
    /// </summary>
    public readonly bool IsReady(int index)
    {
        fixed (long* entries = _entries)
            return (((PollEntry*)entries)[index].Returned & LinuxConstants.PollIn) != 0;
    }
}
