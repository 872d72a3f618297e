using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Matching;

/// <summary>
/// Estimates the difference of both sides' clocks from pairs of both directions: uplink delays bound it from above,
/// downlink delays from below. Needs no assumption on delays, equal ones in both directions least of all.
/// </summary>
internal sealed class ClockEstimator
{
    /// <summary>Pairs looked at of one direction, about; more would only narrow the bound a little.</summary>
    private const int SamplesMax = 1 << 14;
    /// <summary>Enough that a share of strays can be left out of each window.</summary>
    private const int WindowSamplesMin = 200;
    private const int WindowsMax = 256;
    /// <summary>Stamps and pairs that are wrong by chance: left out at the low end.</summary>
    private const double StrayShare = 0.01;
    private readonly List<(long TimeNs, long DelayNs)> _uplink = [], _downlink = [];

    /// <summary>Null when not both directions have pairs: then one side's clock may be off by anything.</summary>
    public static ClockEstimate? Of(IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes, bool disagree)
    {
        ClockEstimator estimator = new();
        estimator.Gather(taps, outcomes);
        if (estimator._uplink.Count == 0 || estimator._downlink.Count == 0) return null;
        return estimator.Estimate() with { Disagree = disagree };
    }

    private void Gather(IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes)
    {
        long all = taps.Sum(tap => (long)tap.Records.Count);
        int step = (int)Math.Max(1, all / (4 * SamplesMax));
        for (int tap = 0; tap < taps.Count; tap++)
        {
            RecordStore records = taps[tap].Records;
            for (int i = 0; i < records.Count; i += step)
            {
                int partner = outcomes[tap].PartnerRecord[i];
                if (partner < 0 || records[i].Kind is not RecordKind.Gpdu
                    || (outcomes[tap].Flags[i] & MatchFlags.Ambiguous) != 0) continue;
                long n3 = records[i].TimeNs, n6 = taps[outcomes[tap].PartnerTap[i]].Records[partner].TimeNs;
                if (records[i].Direction is PacketDirection.Uplink) _uplink.Add((n3, n6 - n3));
                else if (records[i].Direction is PacketDirection.Downlink) _downlink.Add((n3, n3 - n6));
            }
        }
        _uplink.Sort();
        _downlink.Sort();
    }

    private ClockEstimate Estimate()
    {
        long middleNs = Middle(
            Math.Min(_uplink[0].TimeNs, _downlink[0].TimeNs), Math.Max(_uplink[^1].TimeNs, _downlink[^1].TimeNs));
        ClockBound[] upper = [.. LeastDelays(_uplink, middleNs)];
        ClockBound[] lower = [.. LeastDelays(_downlink, middleNs).Select(bound => bound with { Ns = -bound.Ns })];
        if (ClockLine.Fit(upper, lower) is { } line)
            return new(
                middleNs, Half(line.OffsetMax + line.OffsetMin), Half(line.OffsetMax - line.OffsetMin) + 1,
                (line.DriftMax + line.DriftMin) / 2_000, (line.DriftMax - line.DriftMin) / 2_000, IsSteady: true);
        double most = upper.Max(bound => bound.Ns), least = lower.Min(bound => bound.Ns);
        return new(
            middleNs, Half(most + least), Half(Math.Abs(most - least)) + 1, 0, ClockLine.DriftLimit / 1_000,
            IsSteady: false);
    }

    // The least delay of each window, a stray or two left out, at its own time.
    private static IEnumerable<ClockBound> LeastDelays(List<(long TimeNs, long DelayNs)> pairs, long middleNs)
    {
        int windows = Math.Clamp(pairs.Count / WindowSamplesMin, 1, WindowsMax);
        for (int window = 0; window < windows; window++)
        {
            int from = (int)((long)pairs.Count * window / windows);
            int count = (int)((long)pairs.Count * (window + 1) / windows) - from;
            (long timeNs, long delayNs) = pairs.GetRange(from, count).OrderBy(pair => pair.DelayNs)
                .ElementAt((int)(count * StrayShare));
            yield return new((timeNs - middleNs) / 1e9, delayNs);
        }
    }

    private static long Half(double ns) => (long)(ns / 2);

    private static long Middle(long first, long last) => first + (last - first) / 2;
}
