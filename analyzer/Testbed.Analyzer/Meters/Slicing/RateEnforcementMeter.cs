using Testbed.Analyzer.Decoding;
using Testbed.Conformance;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>
/// SLC-005: what the UPF passed on of a load above its limit, and of a guaranteed rate beside such a load. Downlink as
/// N3 shows it; uplink as N6 does, because N3 lies before the UPF there.
/// </summary>
internal sealed class RateEnforcementMeter : IMeter
{
    private const string Source = "rate-enforcement-meter";
    /// <summary>A guaranteed flow beside less than this was not in an overload.</summary>
    private const double OverloadMin = 1.2;
    /// <summary>Taps behind the UPF that lost more than this show too low a rate.</summary>
    private const double DropShareMax = 0.01;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (!context.HasN3 || context.Request.Run is not { } run) return;
        output.Kpis.AddRange(NotLoaded(context, run.Loads));
        foreach (LoadContext load in run.Loads)
        {
            if (load.Direction == "uplink" && !context.HasN6) continue;
            LoadCount count = context.Readings.Load(load);
            if (load.Part != "gfbr")
            {
                output.Kpis.Add(Result("offered-rate-ratio", load, count,
                    [count.OfferedRatio(context.HasN6)], null));
                output.Kpis.Add(Enforced(context, load).With(
                    run.Others(load).Select(other => Enforced(context, other))));
            }
            output.Kpis.Add(Kept(context, load).With(run.Others(load).Select(other => Kept(context, other))));
        }
    }

    /// <summary>Where nothing at all was loaded the run says why by itself.</summary>
    private static IEnumerable<KpiResult> NotLoaded(AnalysisContext context, IReadOnlyList<LoadContext> loads)
    {
        if (context.Request.Claim is not { } claim || loads.Count == 0) return [];
        return ClaimedRate.Of(claim).Where(rate => !loads.Any(load => rate.IsCoveredBy(
            load, each => IsBesideOverload(context, each)))).Select(rate => Figures.Nothing(
            rate.Part == "gfbr" ? "kept-rate-ratio" : "enforced-rate-ratio", Source, rate.NotLoaded) with
        {
            Scope = rate.Slice, Direction = rate.IsUplink ? Direction.Uplink : Direction.Downlink,
        });
    }

    private static KpiResult Enforced(AnalysisContext context, LoadContext load)
    {
        LoadCount count = context.Readings.Load(load);
        return Result("enforced-rate-ratio", load, count, count.CarriedRatios, Unusable(context, load, count));
    }

    private static KpiResult Kept(AnalysisContext context, LoadContext load)
    {
        LoadCount count = context.Readings.Load(load);
        double highest = Math.Max(count.CarriedRatio, count.KeptRatioMax(context.HasN6));
        return Result("kept-rate-ratio", load, count, [.. count.CarriedRatios, highest],
            Unusable(context, load, count)) with { Value = Figures.Ratio(count.CarriedRatio) };
    }

    private static LocalText? Unusable(AnalysisContext context, LoadContext load, LoadCount count)
    {
        if (count.Windows.Count == 0 || count.N3Packets == 0)
            return new("N3 上未见到该负载", "N3 showed nothing of the load");
        if (count.IsUplink && !count.IsCarriedSeen)
            return new("N6 上未见到该负载：采集点可能不在其出口",
                "N6 showed nothing of the load: the tap may not be where it leaves");
        if (DropShare(context, count.IsUplink) > DropShareMax)
            return new("UPF 之后的采集点丢包过多，无法得出承载速率", "the taps behind the UPF dropped too much to tell a rate");
        if (context.Request.Run!.ClockBoundNs > LoadCount.SettleNs / 2)
            return new("套件时钟相差过大，无法在采集中定位负载区间",
                "the kits' clocks are too far apart to find the load's blocks in the captures");
        return load.Part != "gfbr" || IsBesideOverload(context, load) ? null : new(
            "同时未形成过载，GFBR 未受考验", "there was no overload beside it, so the guarantee was not put to the test");
    }

    /// <summary>Whether the slice's other traffic offered more than its session AMBR in the same phase.</summary>
    private static bool IsBesideOverload(AnalysisContext context, LoadContext load) =>
        context.Request.Run!.Loads.Concat(context.Request.Run.OtherLoads).Any(
            other => other.Phase == load.Phase && other.Slice == load.Slice
            && other.Direction == load.Direction && other.Part == "ambr"
            && context.Readings.Load(other).OfferedRatio(context.HasN6) >= OverloadMin);

    private static double DropShare(AnalysisContext context, bool atN6)
    {
        long captured = 0, dropped = 0;
        foreach (TapCapture tap in context.Taps)
        {
            bool isElsewhere = tap.Role is not TapRole.Both && (tap.Role is TapRole.N6) != atN6;
            if (isElsewhere
                || context.Request.Run!.CaptureCounters.GetValueOrDefault(tap.Name) is not { } counters) continue;
            (captured, dropped) = (captured + counters.Captured, dropped + counters.Dropped);
        }
        return dropped == 0 ? 0 : (double)dropped / (captured + dropped);
    }

    private static KpiResult Result(
        string id, LoadContext load, LoadCount count, IReadOnlyList<double> ratios, LocalText? unusable)
    {
        double low = ratios.DefaultIfEmpty().Min(), high = ratios.DefaultIfEmpty().Max();
        string limit = load.Part switch { "ambr" => "AMBR", "mfbr" => "MFBR", _ => "GFBR" };
        return Figures.Exact(id, Figures.Ratio(ratios.DefaultIfEmpty().Average()), count.N3Packets, Source) with
        {
            Low = Figures.Ratio(low),
            High = Figures.Ratio(high),
            Direction = count.IsUplink ? Direction.Uplink : Direction.Downlink,
            Layer = Layer.Ip,
            Scope = load.Slice,
            Evidence =
                [.. count.Evidence is { } packet ? [packet] : Array.Empty<string>(), Path.GetFileName(load.RecordPath)],
            Findings =
            [
                new LocalText(
                    $"QFI {load.Qfi}，{limit} {load.LimitMbps} Mbit/s：放行为其 {low:0.00}–{high:0.00} 倍",
                    $"QFI {load.Qfi}, {limit} {load.LimitMbps} Mbit/s: {low:0.00} to {high:0.00} times that"),
            ],
            NotUsable = unusable,
            NotUsableVerdict = unusable is null ? null : Verdict.Inconclusive,
        };
    }
}
