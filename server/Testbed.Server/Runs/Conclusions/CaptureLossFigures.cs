using Testbed.Conformance;
using Testbed.Conformance.Results;

namespace Testbed.Server.Runs.Conclusions;

/// <summary>
/// The KPI <c>capture-loss-ratio</c>, one a tap: from what the capture counted, or from the gaps that no counter knows.
/// </summary>
internal static class CaptureLossFigures
{
    public const string GapId = "capture-gap-ratio";
    /// <summary>The limit is one in a thousand, so fewer packets show no share.</summary>
    private const long GapSamplesMin = 1_000;

    /// <param name="gaps">The analyzer's figure of this tap's gaps; null where no test packet passed it.</param>
    public static KpiResult Of(TapEvidence tap, KpiResult? gaps)
    {
        KpiResult kpi = new()
        {
            Id = "capture-loss-ratio", Value = 0, Low = 0, High = 0, Unit = "1", Samples = 0,
            Scope = tap.Label, Source = $"capture counters, {tap.Task.Kit}", Evidence = tap.Segments,
        };
        if (tap.Contradiction is { } contradiction)
            return kpi with { NotUsable = contradiction, NotUsableVerdict = Verdict.Invalid };
        if (tap.Figures is not { } figures)
            return kpi with
            {
                NotUsable = tap.Gap ?? new("采集未给出计数", "the capture gave no counters"),
                NotUsableVerdict = Verdict.Inconclusive,
            };
        long dropped = figures.OsDropped + (figures.InterfaceDropped ?? 0);
        long seen = figures.Captured + dropped;
        decimal ratio = seen == 0 ? 0 : (decimal)dropped / seen;
        List<LocalText> findings = [];
        if (dropped > 0)
            findings.Add(new(
                $"{tap.Label}：内核丢弃 {figures.OsDropped}，接口丢弃 {figures.InterfaceDropped ?? 0}，采集 {figures.Captured}",
                $"{tap.Label}: kernel dropped {figures.OsDropped}, interface {figures.InterfaceDropped ?? 0}, "
                    + $"captured {figures.Captured}"));
        if (figures.InterfaceDropped is null)
            findings.Add(new($"{tap.Label}：系统不提供接口计数", $"{tap.Label}: the system counts nothing at the interface"));
        if (gaps is { NotUsable: null, Samples: >= GapSamplesMin } && gaps.Value > ratio)
        {
            // First, as the judge names it as the cause.
            ratio = gaps.Value;
            findings.InsertRange(0, gaps.Findings);
        }
        kpi = kpi with { Value = ratio, Low = ratio, High = ratio, Samples = seen, Findings = findings };
        return tap.Gap is { } gap ? kpi with { NotUsable = gap, NotUsableVerdict = Verdict.Inconclusive } : kpi;
    }
}
