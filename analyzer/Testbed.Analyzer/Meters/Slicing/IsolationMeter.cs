using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Conformance.Statistics;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>
/// SLC-004: delay and loss of one slice while another is overloaded, against the same slice alone, in alternating
/// blocks of one session; and proof by the taps that the overload took place.
/// </summary>
internal sealed class IsolationMeter : IMeter
{
    private const string Source = "isolation-meter";
    private const string DelayId = "isolation-delay-ratio", LossId = "isolation-added-loss";
    private const double Quantile = 0.99;
    /// <summary>Of each of the two bounds that a ratio is made of: together 95 % (Bonferroni).</summary>
    private const double Confidence = 0.975;
    private const double Together = 0.95;
    /// <summary>Stands for "without bound": more than any ratio that is judged.</summary>
    private const double RatioMax = 1e6;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { } run || !context.HasN3) return;
        foreach (WitnessContext witness in run.Witnesses.Where(each => each.Part == "other"))
        {
            if (run.LoadBeside(witness) is not { } load) continue;
            LoadCount count = context.Readings.Load(load);
            output.Kpis.Add(Overload("isolation-load-ratio", count.OfferedRatio(context.HasN6), load, count));
            if (context.HasN6 || !count.IsUplink)
                output.Kpis.Add(Overload("isolation-carried-ratio", count.CarriedRatio, load, count));
            (KpiResult Delay, KpiResult Loss)[] others =
                [.. run.Others(witness).Select(other => Compared(context, run, other, run.LoadBeside(other)!))];
            (KpiResult delay, KpiResult loss) = Compared(context, run, witness, load);
            delay = delay with { Findings = [.. delay.Findings, Overloaded(run, witness)] };
            output.Kpis.Add(delay.With(others.Select(each => each.Delay)));
            output.Kpis.Add(loss.With(others.Select(each => each.Loss)));
        }
    }

    /// <summary>
    /// In which directions another slice was overloaded while this one was watched: a quick plan has one.
    /// </summary>
    private static LocalText Overloaded(RunContext run, WitnessContext witness)
    {
        string[] directions =
        [
            .. run.Witnesses.Where(each => each.Part == "other" && each.Session.Slice == witness.Session.Slice)
                .Select(each => run.LoadBeside(each)?.Direction).OfType<string>().Distinct(),
        ];
        return directions switch
        {
            ["uplink"] => new("仅在上行过载时观察，下行过载未检验", "watched in an uplink overload only, not in a downlink one"),
            ["downlink"] => new("仅在下行过载时观察，上行过载未检验", "watched in a downlink overload only, not in an uplink one"),
            _ => new("上行与下行过载时均已观察", "watched in overloads of either direction"),
        };
    }

    private static (KpiResult Delay, KpiResult Loss) Compared(
        AnalysisContext context, RunContext run, WitnessContext witness, LoadContext load)
    {
        (WitnessSamples alone, WitnessSamples loaded) = WitnessSamples.Split(
            context.Readings.StampRows(witness.Session.RecordPath), context.Readings.Load(load).Blocks);
        LocalText? unusable = run.ClockBoundNs > LoadCount.SettleNs / 2
            ? new("套件时钟相差过大，无法划分空载与过载区间",
                "the kits' clocks are too far apart to tell loaded from unloaded packets")
            : Endless(alone);
        return (DelayRatio(witness, alone, loaded, unusable), AddedLoss(witness, alone, loaded, unusable));
    }

    /// <summary>
    /// A slice that loses packets while it is alone leaves nothing that an overload could make worse.
    /// </summary>
    internal static LocalText? Endless(WitnessSamples alone) =>
        double.IsPositiveInfinity(alone.ClearBounds(Quantile, Confidence).Low)
        || double.IsPositiveInfinity(alone.Quantile(Quantile))
            ? new($"空载时 {alone.Count} 个报文已丢失 {alone.Lost} 个，时延 p99 无从比较",
                $"{alone.Lost} of {alone.Count} packets were lost alone, so there is no p99 to compare with")
            : null;

    private static KpiResult Overload(string id, double ratio, LoadContext load, LoadCount count) =>
        Figures.Exact(id, Figures.Ratio(ratio), count.N3Packets, Source) with
        {
            Direction = count.IsUplink ? Direction.Uplink : Direction.Downlink, Layer = Layer.Ip, Scope = load.Slice,
            Evidence = [.. count.Evidence is { } packet ? [packet] : Array.Empty<string>()],
            Findings =
            [
                new LocalText(
                    $"切片 {load.Slice} 会话AMBR {load.LimitMbps} Mbit/s 的 {ratio:0.00} 倍",
                    $"{ratio:0.00} times slice {load.Slice}'s session AMBR of {load.LimitMbps} Mbit/s"),
            ],
        };

    /// <summary>
    /// A stall of a kit makes delays larger, never smaller: in the overload it speaks against the network, so the upper
    /// end holds whole delays; alone it would speak for it, so there the lower end holds packets that no kit held up.
    /// The end by which a network would fail holds whole delays alone, and in the overload what no kit can have caused.
    /// </summary>
    internal static KpiResult DelayRatio(
        WitnessContext witness, WitnessSamples alone, WitnessSamples loaded, LocalText? unusable)
    {
        double value = loaded.Quantile(Quantile) / alone.Quantile(Quantile);
        // Where a kit may have held up every packet alone, nothing says how quick the slice is, and no ratio is small.
        double quick = alone.ClearBounds(Quantile, Confidence).Low;
        double high = quick > 0 ? loaded.Bounds(Quantile, Confidence).High / quick : double.PositiveInfinity;
        double low = loaded.AtLeastBounds(Quantile, Confidence).Low / alone.Bounds(Quantile, Confidence).High;
        return Result(DelayId, value, low, high, witness, alone, loaded, unusable) with
        {
            Findings =
            [
                new LocalText(
                    $"往返时延 p99：空载 {Ms(alone)} ms（{alone.Count} 个样本），切片 {witness.LoadedSlice} 过载时 "
                        + $"{Ms(loaded)} ms（{loaded.Count} 个样本）",
                    $"round-trip p99 {Ms(alone)} ms alone ({alone.Count} samples), {Ms(loaded)} ms with slice "
                        + $"{witness.LoadedSlice} overloaded ({loaded.Count} samples)"),
            ],
        };
    }

    internal static KpiResult AddedLoss(
        WitnessContext witness, WitnessSamples alone, WitnessSamples loaded, LocalText? unusable)
    {
        double value = Share(loaded.Lost, loaded.Count) - Share(alone.Lost, alone.Count);
        double high = Upper(loaded.Lost, loaded.Count) - Lower(alone.LostUndisturbed, alone.UndisturbedCount);
        double low = Lower(loaded.LostUndisturbed, loaded.UndisturbedCount) - Upper(alone.Lost, alone.Count);
        return Result(LossId, value, low, high, witness, alone, loaded, unusable) with
        {
            Findings =
            [
                new LocalText(
                    $"空载时 {alone.Count} 个报文丢失 {alone.Lost} 个，切片 {witness.LoadedSlice} 过载时 {loaded.Count} 个丢失 "
                        + $"{loaded.Lost} 个",
                    $"{alone.Lost} of {alone.Count} packets lost alone, {loaded.Lost} of {loaded.Count} with slice "
                        + $"{witness.LoadedSlice} overloaded"),
            ],
        };
    }

    private static double Share(long lost, long count) => count == 0 ? 0 : (double)lost / count;
    private static double Upper(long lost, long count) =>
        count == 0 ? 1 : ClopperPearson.UpperBound(lost, count, Confidence);
    private static double Lower(long lost, long count) =>
        count == 0 ? 0 : ClopperPearson.LowerBound(lost, count, Confidence);

    private static string Ms(WitnessSamples samples) => samples.Quantile(Quantile) switch
    {
        double.PositiveInfinity => "∞",
        var ns => (ns / 1e6).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture),
    };

    private static KpiResult Result(
        string id, double value, double low, double high, WitnessContext witness, WitnessSamples alone,
        WitnessSamples loaded, LocalText? unusable)
    {
        if (Math.Min(alone.Count, loaded.Count) == 0)
            unusable ??= new("空载或过载区间内没有报文", "there are no packets alone or none in the overload");
        decimal shown = Bounded(value);
        return Figures.Exact(id, shown, Math.Min(alone.Count, loaded.Count), Source) with
        {
            // A bound that cannot be stated is none: it must not make a network fail.
            Low = Math.Min(shown, Bounded(double.IsNaN(low) ? -RatioMax : low)),
            High = Math.Max(shown, Bounded(high)),
            Direction = Direction.RoundTrip,
            Layer = Layer.Udp,
            Scope = witness.Session.Slice,
            Confidence = (decimal)Together,
            Evidence = [Path.GetFileName(witness.Session.RecordPath)],
            NotUsable = unusable,
            NotUsableVerdict = unusable is null ? null : Verdict.Inconclusive,
        };
    }

    // ∞/∞ and 0/0 say nothing: as large as can be.
    private static decimal Bounded(double value) =>
        decimal.Round((decimal)(double.IsNaN(value) ? RatioMax : Math.Clamp(value, -RatioMax, RatioMax)), 9);
}
