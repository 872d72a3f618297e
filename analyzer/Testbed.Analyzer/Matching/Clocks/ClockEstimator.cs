using System.Runtime.CompilerServices;
using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Matching.Clocks;

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
    private readonly Sample _uplink = new(), _downlink = new();

    /// <summary>
    /// Some of many pairs, and always the same ones in whatever order they come: those whose keys are multiples of a
    /// power of two that grows with their number.
    /// </summary>
    private sealed class Sample
    {
        private readonly List<(long TimeNs, long DelayNs, ulong Key)> _pairs = [];
        private ulong _mask;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(long timeNs, long delayNs, ulong key)
        {
            // The low bits of a key are spread evenly; its lowest may be set by whoever made it a table's key.
            if ((key >> 1 & _mask) == 0) Keep(timeNs, delayNs, key >> 1);
        }

        private void Keep(long timeNs, long delayNs, ulong key)
        {
            _pairs.Add((timeNs, delayNs, key));
            while (_pairs.Count > SamplesMax)
            {
                _mask = _mask << 1 | 1;
                _pairs.RemoveAll(pair => (pair.Key & _mask) != 0);
                if (_mask == ulong.MaxValue) return;
            }
        }

        public List<(long TimeNs, long DelayNs)> InOrder()
        {
            List<(long TimeNs, long DelayNs)> pairs = [.. _pairs.Select(pair => (pair.TimeNs, pair.DelayNs))];
            pairs.Sort();
            return pairs;
        }
    }

    /// <summary>From records that are all in memory.</summary>
    public static ClockEstimate? Of(IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes, bool disagree)
    {
        ClockEstimator estimator = new();
        for (int tap = 0; tap < taps.Count; tap++)
        {
            RecordStore records = taps[tap].Records;
            for (int i = 0; i < records.Count; i++)
            {
                int partner = outcomes[tap].PartnerRecord[i];
                if (partner < 0 || records[i].Kind is not RecordKind.Gpdu
                    || (outcomes[tap].Flags[i] & MatchFlags.Ambiguous) != 0) continue;
                estimator.Add(
                    records[i].Direction, records[i].TimeNs, taps[outcomes[tap].PartnerTap[i]].Records[partner].TimeNs,
                    records[i].Fingerprint);
            }
        }
        return estimator.Estimate(disagree);
    }

    /// <summary>One pair that is beyond doubt: its times at both sides, and its key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(PacketDirection direction, long n3Ns, long n6Ns, ulong key)
    {
        if (direction is PacketDirection.Uplink) _uplink.Add(n3Ns, n6Ns - n3Ns, key);
        else if (direction is PacketDirection.Downlink) _downlink.Add(n3Ns, n3Ns - n6Ns, key);
    }

    /// <summary>Null when not both directions have pairs: then one side's clock may be off by anything.</summary>
    public ClockEstimate? Estimate(bool disagree)
    {
        List<(long TimeNs, long DelayNs)> uplink = _uplink.InOrder(), downlink = _downlink.InOrder();
        return uplink.Count == 0 || downlink.Count == 0
            ? null : Estimate(uplink, downlink) with { Disagree = disagree };
    }

    private static ClockEstimate Estimate(
        List<(long TimeNs, long DelayNs)> uplink, List<(long TimeNs, long DelayNs)> downlink)
    {
        long middleNs = Middle(
            Math.Min(uplink[0].TimeNs, downlink[0].TimeNs), Math.Max(uplink[^1].TimeNs, downlink[^1].TimeNs));
        ClockBound[] upper = [.. LeastDelays(uplink, middleNs)];
        ClockBound[] lower = [.. LeastDelays(downlink, middleNs).Select(bound => bound with { Ns = -bound.Ns })];
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
