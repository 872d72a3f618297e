using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Records;

/// <summary>
/// How far a point's clock is ahead of a UE's, by the UE's own test packets: none can be at the point before it was
/// sent, and no answer after it came.
/// </summary>
/// <param name="HalfWidthNs">What that leaves open either way: half the round trip from the UE to the point.</param>
internal readonly record struct ClockOffset(long AheadNs, long HalfWidthNs)
{
    /// <summary>Null where none of the UE's test packets tells.</summary>
    /// <param name="onN6">The clock of N6's taps; else N3's.</param>
    /// <exception cref="RecordFormatException">A session's file is no sender's record.</exception>
    /// <exception cref="IOException">A record cannot be read.</exception>
    public static ClockOffset? Of(AnalysisContext context, HostAddress ue, bool onN6)
    {
        long low = long.MinValue, high = long.MaxValue;
        foreach (StampSessionContext session in context.Request.Run!.StampSessions
            .Where(session => HostAddress.From(session.UeAddress) == ue))
        {
            StampSightings sightings = context.Readings.Sightings(session);
            foreach (StampRow row in context.Readings.StampRows(session.RecordPath).Where(row => row.IsReturned))
            {
                StampSighting seen = sightings.Find(row.Sequence);
                (long up, long down) = onN6 ? (seen.N6UpNs, seen.N6DownNs) : (seen.N3UpNs, seen.N3DownNs);
                if (up != 0) high = Math.Min(high, up - row.T1Ns);
                if (down != 0) low = Math.Max(low, down - row.T4Ns);
            }
        }
        if (low == long.MinValue || high == long.MaxValue) return null;
        // Clocks that drift against each other make the ends cross; the distance stands for what they drift.
        return new(low + (high - low) / 2, Math.Abs(high - low) / 2);
    }
}
