using Testbed.Analyzer.Meters.Records;

namespace Testbed.Analyzer.Meters.Proofs;

/// <summary>What keeps a test packet that came back from proving its path.</summary>
internal enum PathFlaw
{
    None = 0,
    /// <summary>No tap on N3 saw it on either way.</summary>
    NotOnN3 = 1,
    NotOnN6 = 2,
    NoTunnel = 3,
    Order = 4,
    Transit = 5,
    /// <summary>What the UE took for the answer is not the one that N3 carried.</summary>
    OtherAnswer = 6,
    /// <summary>Seen at N3 and at N6, but not at both on both ways: missed by a tap, or once on another way.</summary>
    Partial = 7,
    /// <summary>The time away between two stamps of one clock is longer nearer to the far end.</summary>
    Times = 8,
}

/// <summary>Holds one test packet's record against where the captures show it.</summary>
internal static class PathCheck
{
    /// <summary>Stamps of microsecond captures may be rounded by this much.</summary>
    private const long ResolutionNs = 1_000;
    /// <summary>What interrupts that are put together, or a mirror port's queue, may move a tap's stamp.</summary>
    private const long StampingNs = 500_000;
    /// <summary>Clocks that are being set right run apart by this part of a second each second (RFC 5905).</summary>
    private const double SlewRatio = 500e-6;

    /// <param name="boundNs">How far apart the clocks of two kits may be; 0 when all are one.</param>
    public static PathFlaw Of(in StampRow row, in StampSighting seen, long boundNs)
    {
        if (seen.N3UpNs == 0 && seen.N3DownNs == 0) return PathFlaw.NotOnN3;
        if (seen.N6UpNs == 0 && seen.N6DownNs == 0) return PathFlaw.NotOnN6;
        if ((seen.N3UpNs != 0 && !seen.HasTunnelUp) || (seen.N3DownNs != 0 && !seen.HasTunnelDown))
            return PathFlaw.NoTunnel;
        if (!IsInOrder(row, seen, boundNs)) return PathFlaw.Order;
        if (seen.N3DownNs != 0 && !IsSameAnswer(row, seen)) return PathFlaw.OtherAnswer;
        if (seen.N3UpNs == 0 || seen.N3DownNs == 0 || seen.N6UpNs == 0 || seen.N6DownNs == 0) return PathFlaw.Partial;
        // Nothing passes a UPF in no time. Between clocks that may differ this cannot be seen.
        bool takesTime = seen.N6UpNs > seen.N3UpNs && seen.N3DownNs > seen.N6DownNs;
        if (boundNs == 0) return takesTime ? PathFlaw.None : PathFlaw.Transit;
        return IsNested(row, seen) ? PathFlaw.None : PathFlaw.Times;
    }

    private static bool IsInOrder(in StampRow row, in StampSighting seen, long boundNs)
    {
        ReadOnlySpan<long> path =
            [row.T1Ns, seen.N3UpNs, seen.N6UpNs, row.T2Ns, row.T3Ns, seen.N6DownNs, seen.N3DownNs, row.T4Ns];
        long latest = long.MinValue;
        foreach (long time in path)
        {
            if (time == 0) continue;
            if (latest != long.MinValue && time - latest < -(boundNs + ResolutionNs)) return false;
            latest = time;
        }
        return true;
    }

    private static bool IsSameAnswer(in StampRow row, in StampSighting seen) =>
        Math.Abs(seen.AnswerT2Ns - row.T2Ns) <= ResolutionNs && Math.Abs(seen.AnswerT3Ns - row.T3Ns) <= ResolutionNs;

    // Each difference is of one clock, so it says how long the packet was away from there, however wrong that clock is.
    private static bool IsNested(in StampRow row, in StampSighting seen)
    {
        long n3 = seen.N3DownNs - seen.N3UpNs, n6 = seen.N6DownNs - seen.N6UpNs;
        long slack = StampingNs + (long)((row.T4Ns - row.T1Ns) * SlewRatio);
        if (row.T4Ns - row.T1Ns < n3 - slack || n3 < n6 - slack || n6 < row.T3Ns - row.T2Ns - slack) return false;
        return !seen.IsOneKit
            || (seen.N6UpNs > seen.N3UpNs - StampingNs && seen.N3DownNs > seen.N6DownNs - StampingNs);
    }
}
