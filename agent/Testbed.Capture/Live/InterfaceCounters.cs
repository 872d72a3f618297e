namespace Testbed.Capture.Live;

/// <summary>Frames that an interface lost before any capture could see them, as the kernel counts them.</summary>
/// <remarks>
/// Read from <c>/proc/thread-self/net/dev</c>: <c>/sys/class/net</c> shows the network namespace in which it was
/// mounted, which need not be the thread's, and a namesake's counters would be worse than none. Column <c>drop</c>
/// holds <c>rx_dropped + rx_missed_errors</c>.
/// </remarks>
internal static class InterfaceCounters
{
    private const string Table = "/proc/thread-self/net/dev";

    /// <summary>Null when the system shows no counters of that interface.</summary>
    public static long? ReadLost(string interfaceName)
    {
        try
        {
            return ParseLost(File.ReadLines(Table), interfaceName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static long? ParseLost(IEnumerable<string> lines, string interfaceName)
    {
        foreach (string line in lines)
        {
            // The name may hold a colon itself (aliases), the figures never do.
            int colon = line.LastIndexOf(':');
            if (colon < 0 || !line.AsSpan(0, colon).Trim().SequenceEqual(interfaceName)) continue;
            // Receive columns: bytes packets errs drop fifo frame …; `frame` is part of `errs`.
            string[] columns = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length < 6) return null;
            return long.TryParse(columns[2], out long errors) && long.TryParse(columns[3], out long drops)
                && long.TryParse(columns[4], out long fifo) ? errors + drops + fifo : null;
        }
        return null;
    }
}

/// <summary>Makes a 64-bit count of a 32-bit one that wraps, as long as it is read once a wrap.</summary>
/// <remarks>At 14.88 million frames a second, 10 Gbit/s Ethernet's most, 32 bits last 4.8 minutes.</remarks>
internal struct UnwrappedCounter
{
    private uint _last;
    public long Total { get; private set; }

    public void Advance(uint now)
    {
        Total += unchecked(now - _last);
        _last = now;
    }
}
