using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Conformance.Statistics;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>
/// SLC-006: whether the packets of each claimed flow name its QFI and carry its DSCP on N3, and whether the flow of the
/// higher class waits less when the link is full.
/// </summary>
internal sealed class TrafficClassMeter : IMeter
{
    private const string Source = "traffic-class-meter";
    private const string MappingId = "qos-mapping-mismatch-ratio";
    private const double Confidence = 0.975;
    private const double Together = 0.95;
    private const double Median = 0.5;
    /// <summary>
    /// A queue that delays the lower class by less is none: who goes first in it cannot be seen.
    /// </summary>
    private const double QueueNsMin = 2_000_000;
    private const double RatioMax = 1e6;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { } run || !context.HasN3) return;
        foreach (LoadContext load in run.Loads)
        {
            LoadCount count = context.Readings.Load(load);
            LoadCount[] others = [.. run.Others(load).Select(context.Readings.Load)];
            output.Kpis.Add(Qfi(load, count).With(others.Select(other => Qfi(load, other))));
            Slice? slice = context.Request.Claim?.Slices.FirstOrDefault(each => each.Name == load.Slice);
            if (slice is not null && slice.Dscp.TryGetValue(load.Qfi, out int claimed))
                output.Kpis.Add(Dscp(load, count, claimed).With(others.Select(other => Dscp(load, other, claimed))));
        }
        foreach (WitnessContext witness in run.Witnesses)
            output.Kpis.AddRange(WitnessFlow.Mappings(context, witness, MappingId, Source));
        foreach (WitnessContext upper in run.Witnesses.Where(each => each.Part == "upper"))
        {
            if (Priority(context, run, upper) is { } priority)
                output.Kpis.Add(priority.With(run.Others(upper).Select(other => Priority(context, run, other))));
        }
    }

    /// <summary>Null where nothing of the lower class or no load ran beside it.</summary>
    private static KpiResult? Priority(AnalysisContext context, RunContext run, WitnessContext upper) =>
        run.Witnesses.Concat(run.OtherWitnesses).FirstOrDefault(
            each => each.Phase == upper.Phase && each.Part == "lower") is { } lower
        && run.LoadBeside(upper) is { } load
            ? Priority(context, upper, lower, context.Readings.Load(load), run.ClockBoundNs) : null;

    private static KpiResult Qfi(LoadContext load, LoadCount count)
    {
        double share = count.N3Packets == 0 ? 0 : (double)count.OtherQfiPackets / count.N3Packets;
        LocalText finding = new(
            $"QFI {load.Qfi} 的 {count.N3Packets} 个报文中 {count.OtherQfiPackets} 个在别的 QFI 上",
            $"of {count.N3Packets} packets of QFI {load.Qfi}, {count.OtherQfiPackets} were on another");
        return Share(share, load, count, finding) with
        {
            Evidence = count.OtherQfiEvidence is { } packet ? [packet] : count.Evidence is { } any ? [any] : [],
        };
    }

    private static KpiResult Dscp(LoadContext load, LoadCount count, int claimed)
    {
        long other = count.N3Packets - count.Dscps.GetValueOrDefault(claimed);
        double share = count.N3Packets == 0 ? 0 : (double)other / count.N3Packets;
        string seen = string.Join(", ", count.Dscps.Keys);
        return Share(share, load, count, new(
            $"QFI {load.Qfi} 申报 DSCP {claimed}，N3 外层所见为 {seen}",
            $"QFI {load.Qfi} is claimed with DSCP {claimed}; N3's outer headers show {seen}"));
    }

    private static KpiResult Share(double share, LoadContext load, LoadCount count, LocalText finding) =>
        (count.N3Packets == 0
            ? Figures.Nothing(MappingId, Source, new("N3 上未见到该负载", "N3 showed nothing of the load"))
            : Figures.Exact(MappingId, Figures.Ratio(share), count.N3Packets, Source)) with
        {
            Direction = count.IsUplink ? Direction.Uplink : Direction.Downlink, Layer = Layer.Outer,
            Scope = load.Slice, Findings = [finding],
        };

    /// <summary>
    /// The median delay that the load adds to the higher class, as a share of what it adds to the lower one. Medians,
    /// because what a kit disturbs is the tail.
    /// </summary>
    private static KpiResult Priority(
        AnalysisContext context, WitnessContext upper, WitnessContext lower, LoadCount load, long clockBoundNs)
    {
        (Bounds high, double highValue, long highCount) = Added(context, upper, load);
        (Bounds low, double lowValue, long lowCount) = Added(context, lower, load);
        LocalText? unusable = clockBoundNs > LoadCount.SettleNs / 2
            ? new("套件时钟相差过大", "the kits' clocks are too far apart")
            : !(low.Low >= QueueNsMin)
                ? new($"负载仅使低等级业务的时延中位数增加 {lowValue / 1e6:0.###} ms，没有可见的排队，无从比较优先级",
                    $"the load adds {lowValue / 1e6:0.###} ms to the lower class's median: no queue in which priority "
                    + "could show")
                : null;
        decimal value = Bounded(Math.Max(0, highValue) / lowValue);
        return Figures.Exact("priority-delay-ratio", value, Math.Min(highCount, lowCount), Source) with
        {
            Low = Math.Min(value, Bounded(Math.Max(0, high.Low) / low.High)),
            High = Math.Max(value, Bounded(Math.Max(0, high.High) / low.Low)),
            Direction = Direction.RoundTrip,
            Layer = Layer.Udp,
            Scope = upper.Session.Slice,
            Confidence = (decimal)Together,
            Evidence = [Path.GetFileName(upper.Session.RecordPath), Path.GetFileName(lower.Session.RecordPath)],
            Findings =
            [
                new LocalText(
                    $"过载使 QFI {upper.Qfi} 的往返时延中位数增加 {highValue / 1e6:0.###} ms，使 QFI {lower.Qfi} 增加 "
                        + $"{lowValue / 1e6:0.###} ms",
                    $"the overload adds {highValue / 1e6:0.###} ms to the median round trip of QFI {upper.Qfi} and "
                        + $"{lowValue / 1e6:0.###} ms to that of QFI {lower.Qfi}"),
            ],
            NotUsable = unusable,
            NotUsableVerdict = unusable is null ? null : Verdict.Inconclusive,
        };
    }

    // Lost packets left out: policing loses the lower class's whatever its place in the queue.
    private static (Bounds Added, double Value, long Count) Added(
        AnalysisContext context, WitnessContext witness, LoadCount load)
    {
        (WitnessSamples alone, WitnessSamples loaded) = WitnessSamples.Split(
            context.Readings.StampRows(witness.Session.RecordPath).Where(row => row.IsReturned), load.Blocks);
        Bounds before = alone.Bounds(Median, Confidence);
        Bounds during = loaded.Bounds(Median, Confidence);
        return (new(during.Low - before.High, during.High - before.Low),
            loaded.Quantile(Median) - alone.Quantile(Median), Math.Min(alone.Count, loaded.Count));
    }

    private static decimal Bounded(double value) =>
        decimal.Round((decimal)(double.IsNaN(value) ? RatioMax : Math.Clamp(value, 0, RatioMax)), 9);
}
