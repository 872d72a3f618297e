using Testbed.Conformance;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Meters;

/// <summary>Makes KPI results in the forms that meters need again and again.</summary>
internal static class Figures
{
    /// <summary>Packets and findings named in one result; more would not be read.</summary>
    public const int EvidenceMax = 10;
    public static readonly Decoding.PacketDirection[] Directions =
        [Decoding.PacketDirection.Uplink, Decoding.PacketDirection.Downlink];

    /// <summary>A figure that was counted and has no statistical interval.</summary>
    public static KpiResult Exact(string id, decimal value, long samples, string source) => new()
    {
        Id = id, Value = value, Low = value, High = value, Unit = "1", Samples = samples, Source = source,
    };

    /// <summary>A figure for which there was nothing to measure it on.</summary>
    public static KpiResult Nothing(string id, string source, LocalText why, Verdict verdict = Verdict.Inconclusive) =>
        Exact(id, 0, 0, source) with { NotUsable = why, NotUsableVerdict = verdict };

    public static Direction Of(Decoding.PacketDirection direction) =>
        direction is Decoding.PacketDirection.Downlink ? Direction.Downlink : Direction.Uplink;

    /// <summary>Share to nine decimals: finer than any ratio that packets can show.</summary>
    public static decimal Ratio(double value) =>
        double.IsFinite(value) ? decimal.Round((decimal)value, 9) : value > 0 ? 1 : 0;

    /// <summary>Nanoseconds as milliseconds.</summary>
    public static decimal Ms(double ns) => decimal.Round((decimal)ns / 1_000_000m, 6);

    /// <summary>What these taps of the run dropped; 0 without counters.</summary>
    public static long Dropped(AnalysisContext context, IEnumerable<TapInput> taps) => taps.Sum(tap =>
        context.Request.Run?.CaptureCounters.GetValueOrDefault(tap.Name)?.Dropped ?? 0);

    /// <summary>
    /// What the run's taps dropped at the points that <paramref name="isOfPoint"/> picks; 0 without counters.
    /// </summary>
    public static long Dropped(AnalysisContext context, Func<Decoding.TapCapture, bool> isOfPoint) =>
        Counters(context, isOfPoint).Sum(counters => counters.Dropped);

    /// <summary>The same of what they kept.</summary>
    public static long Captured(AnalysisContext context, Func<Decoding.TapCapture, bool> isOfPoint) =>
        Counters(context, isOfPoint).Sum(counters => counters.Captured);

    private static IEnumerable<CaptureCounters> Counters(
        AnalysisContext context, Func<Decoding.TapCapture, bool> isOfPoint)
    {
        if (context.Request.Run is not { } run) yield break;
        foreach (Decoding.TapCapture tap in context.Taps)
            if (isOfPoint(tap) && run.CaptureCounters.TryGetValue(tap.Name, out CaptureCounters? counters))
                yield return counters;
    }
}
