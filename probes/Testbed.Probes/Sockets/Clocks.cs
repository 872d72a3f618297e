using Testbed.Wire.Stamp;

namespace Testbed.Probes.Sockets;

/// <summary>
/// The wall clock and the monotonic clock of one moment. Only readings of the same clock may be subtracted;
/// <see cref="OffsetNs"/> is compared with an earlier offset to see a step of the wall clock.
/// </summary>
/// <param name="WidthNs">The two readings are at most this far apart.</param>
internal readonly record struct ClockReading(long RealtimeNs, long MonotonicNs, long WidthNs)
{
    public long OffsetNs => RealtimeNs - MonotonicNs;
}

/// <summary>The kernel's clocks, in nanoseconds.</summary>
internal static unsafe class Clocks
{
    private const long NsPerSecond = 1_000_000_000;
    /// <summary>A thread that was preempted between two readings reads again, at most this often.</summary>
    private const int ReadingsMax = 8;
    /// <remarks>Ten times what the two calls take on a slow machine; a preemption takes longer.</remarks>
    private const long WidthNsGood = 5_000;

    public static long RealtimeNs() => Read(Libc.ClockRealtime);

    public static long MonotonicNs() => Read(Libc.ClockMonotonic);

    /// <summary>Reads the wall clock between two readings of the monotonic one, so that the gap is known.</summary>
    public static ClockReading ReadBoth()
    {
        ClockReading best = default;
        for (int i = 0; i < ReadingsMax; i++)
        {
            long before = MonotonicNs(), wall = RealtimeNs(), after = MonotonicNs();
            if (i == 0 || after - before < best.WidthNs)
                best = new(wall, before + (after - before) / 2, after - before);
            if (best.WidthNs <= WidthNsGood) break;
        }
        return best;
    }

    /// <summary>Sleeps until the monotonic clock reads so many nanoseconds; signals do not cut it short.</summary>
    public static void SleepUntil(long monotonicNs)
    {
        if (monotonicNs <= 0) return;
        Libc.Timespec until = new() { Seconds = monotonicNs / NsPerSecond, Ns = monotonicNs % NsPerSecond };
        int error;
        do error = Libc.ClockNanosleep(Libc.ClockMonotonic, Libc.TimerAbstime, &until, null);
        while (error == SocketFault.Eintr);
        if (error != 0) throw new SocketFault("clock_nanosleep", error, "pacing");
    }

    /// <summary>What the kernel believes of its wall clock, in the form that test packets carry.</summary>
    public static StampErrorEstimate ErrorEstimate(StampTimestampFormat format)
    {
        // struct timex of a 64-bit kernel: maxerror (µs) at 24; the call returns 5, TIME_ERROR, when unsynchronised.
        const int Length = 208, MaxErrorAt = 24, TimeError = 5;
        byte* timex = stackalloc byte[Length];
        new Span<byte>(timex, Length).Clear();
        int state = Libc.Adjtimex(timex);
        bool synchronized = state is >= 0 and not TimeError;
        long errorUs = state < 0 ? 0 : *(long*)(timex + MaxErrorAt);
        return StampErrorEstimate.Create(synchronized, format, Math.Clamp(errorUs, 0, 16_000_000) * 1_000);
    }

    private static long Read(int clock)
    {
        Libc.Timespec time;
        if (Libc.ClockGettime(clock, &time) != 0) throw SocketFault.Last("clock_gettime", "clock");
        return time.Seconds * NsPerSecond + time.Ns;
    }
}
