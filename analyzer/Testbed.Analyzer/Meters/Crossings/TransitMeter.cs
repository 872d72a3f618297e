using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance.Results;
using Testbed.Conformance.Statistics;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Crossings;

/// <summary>
/// SCN-LAT-003: how long the UPF holds the run's own delay-test packets, by slice, far end and direction, outside
/// of the times of overload. Other traffic queues behind itself and would speak of its sender.
/// </summary>
internal sealed class TransitMeter : IMeter
{
    private const string Id = "upf-transit-p99";
    private const string Source = "transit-meter";
    private const double Quantile = 0.99;
    private const double Confidence = 0.95;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (!context.HasBothSides || context.Request.Run is not { StampSessions.Count: > 0 } run) return;
        foreach (IGrouping<string, StampSessionContext> path in
            run.StampSessions.GroupBy(session => session.Path).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            foreach (PacketDirection direction in Figures.Directions)
            {
                if (Figure(context, run, path.Key, direction, path) is not { } deciding) continue;
                IEnumerable<OtherAttempt> others =
                    from session in run.OtherStampSessions
                    where session.Path == path.Key
                    let other = Figure(context, run, path.Key, direction, [session])
                    where other is { NotUsable: null }
                    select new OtherAttempt(other.Low, other.High, other.ExpandedUncertainty,
                        Path.GetFileName(session.RecordPath));
                output.Kpis.Add(deciding with { OtherAttempts = [.. others] });
            }
        }
    }

    /// <summary>Null when none of the sessions' packets crossed the UPF.</summary>
    private static KpiResult? Figure(
        AnalysisContext context, RunContext run, string path, PacketDirection direction,
        IEnumerable<StampSessionContext> sessions)
    {
        Dictionary<(HostAddress, int), HashSet<uint>> disturbed = sessions
            .GroupBy(session => (HostAddress.From(session.RemoteAddress), session.RemotePort))
            .ToDictionary(end => end.Key, end => end
                .SelectMany(session => context.Readings.StampRows(session.RecordPath))
                .Where(row => !row.IsClear).Select(row => row.Sequence).ToHashSet());
        Delays delays = Gather(context, disturbed, direction);
        return delays.All.Count == 0 ? null : Result(context, run, path, direction, delays);
    }

    /// <param name="Undisturbed">Of the packets that a kit sent on time and stood not still for: a burst that a kit
    /// sends after it overslept queues in the UPF through no fault of the UPF.</param>
    private readonly record struct Delays(List<double> All, List<double> Undisturbed);

    private static Delays Gather(
        AnalysisContext context, Dictionary<(HostAddress, int), HashSet<uint>> flows, PacketDirection direction)
    {
        Delays delays = new([], []);
        for (int tap = 0; tap < context.Taps.Count; tap++)
        {
            TapCapture capture = context.Taps[tap];
            for (int i = 0; i < capture.Records.Count; i++)
            {
                ref PacketRecord record = ref capture.Records[i];
                int partner = context.Outcomes[tap].PartnerRecord[i];
                if (record.Kind is not RecordKind.Gpdu || partner < 0 || record.Direction != direction
                    || (record.Flags & RecordFlags.TestTraffic) == 0
                    || (context.Outcomes[tap].Flags[i] & MatchFlags.Ambiguous) != 0
                    || context.Overload.Contain(tap, record.TimeNs)) continue;
                FlowKey flow = capture.Flow(record);
                bool up = direction is PacketDirection.Uplink;
                if (!flows.TryGetValue(
                    (up ? flow.Destination : flow.Source, up ? flow.DestinationPort : flow.SourcePort),
                    out HashSet<uint>? disturbed)) continue;
                long other = context.Taps[context.Outcomes[tap].PartnerTap[i]].Records[partner].TimeNs;
                long delayNs = up ? other - record.TimeNs : record.TimeNs - other;
                delays.All.Add(delayNs);
                if (StampSightings.SequenceOf(capture.Decoder.TestPayloads[(int)record.Extra], up) is { } sequence
                    && !disturbed.Contains(sequence)) delays.Undisturbed.Add(delayNs);
            }
        }
        delays.All.Sort();
        delays.Undisturbed.Sort();
        return delays;
    }

    private static KpiResult Result(
        AnalysisContext context, RunContext run, string path, PacketDirection direction, Delays delays)
    {
        double[] sorted = [.. delays.All];
        // What fails the UPF must be borne out by packets that no kit disturbed.
        double lowest = delays.Undisturbed.Count == 0 ? 0
            : OrderStatistics.OneSided([.. delays.Undisturbed], Quantile, Confidence).Low;
        double value = sorted[OrderStatistics.Rank(sorted.Length, Quantile) - 1];
        Bounds bounds = OrderStatistics.OneSided(sorted, Quantile, Confidence);
        bool isBounded = double.IsFinite(bounds.High) && double.IsFinite(bounds.Low);
        KpiResult result = new()
        {
            Id = Id,
            Value = Figures.Ms(value),
            Low = Figures.Ms(Math.Min(
                double.IsFinite(bounds.Low) ? bounds.Low : sorted[0], double.IsFinite(lowest) ? lowest : 0)),
            High = Figures.Ms(double.IsFinite(bounds.High) ? bounds.High : sorted[^1]),
            Unit = "ms",
            Samples = sorted.Length,
            Direction = Figures.Of(direction),
            Layer = Layer.Inner,
            Confidence = (decimal)Confidence,
            Scope = path,
            Source = Source,
            Uncertainty = Uncertainty(IsOneClock(context) ? 0 : run.ClockBoundNs),
        };
        if (context.Crossings.ClocksDisagree)
            return result with
            {
                NotUsable = new(
                    "两侧探针时钟不一致，时延不可用", "the clocks of the taps disagree, so delays mean nothing"),
                NotUsableVerdict = Verdict.Invalid,
            };
        return isBounded ? result : result with
        {
            NotUsable = new(
                $"样本 {sorted.Length} 个，不足以给出 p99 的上界",
                $"{sorted.Length} samples are too few to bound p99"),
            NotUsableVerdict = Verdict.Inconclusive,
        };
    }

    // Taps of a run are named kit/point/interface: those of one kit are stamped by one clock, whatever others say.
    private static bool IsOneClock(AnalysisContext context) =>
        context.Taps.All(tap => tap.Name.Contains('/'))
        && context.Taps.Select(tap => tap.Name[..tap.Name.IndexOf('/')]).Distinct().Count() == 1;

    // Kernel stamps are taken in software: their resolution is a nanosecond, their jitter is part of the interval.
    private static List<UncertaintyPart> Uncertainty(long clockBoundNs) => clockBoundNs == 0
        ? [new("timestamp-resolution", Figures.Ms(1 / Math.Sqrt(12)))]
        :
        [
            new("clock-bound", Figures.Ms(clockBoundNs / Math.Sqrt(3))),
            new("timestamp-resolution", Figures.Ms(1 / Math.Sqrt(12))),
        ];
}
