using Testbed.Conformance;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Meters.Exposure;

/// <summary>From a loop's cycles to its figures: the share that is proven, and the longest times.</summary>
/// <param name="Ratio">Id of the share; the others are printed beside it.</param>
internal sealed record LoopFigures(string Ratio, string Activation, string Release, string Source)
{
    public IEnumerable<KpiResult> Of(
        AnalysisContext context, ClosedLoopContext loop, FlowPackets packets, LoopPromise promise)
    {
        IReadOnlyList<LoopRow> rows = LoopRow.Read(loop.RecordPath);
        string record = Path.GetFileName(loop.RecordPath);
        if (packets.All.Count == 0)
        {
            yield return Figures.Nothing(Ratio, Source, new(
                "采集中没有测试流的报文", "the captures show no packet of the test flow")) with
            {
                Scope = loop.Slice, Evidence = [record],
            };
            yield break;
        }
        (LoopRow Row, CycleResult Result)[] cycles =
            [.. rows.Select(row => (row, new LoopCycle(packets, promise, row).Judge()))];
        int proven = cycles.Count(each => each.Result.Outcome is CycleOutcome.Proven);
        CycleResult? undecided = cycles.Select(each => each.Result)
            .FirstOrDefault(each => each.Outcome is CycleOutcome.Undecided);
        bool isRefuted = cycles.Any(each => each.Result.Outcome is CycleOutcome.Refuted);
        KpiResult ratio = Figures.Exact(
            Ratio, cycles.Length == 0 ? 0 : Figures.Ratio((double)proven / cycles.Length), cycles.Length, Source) with
        {
            Layer = Layer.Inner, Scope = loop.Slice,
            Evidence =
            [
                record, .. cycles.Select(each => each.Result.Evidence).OfType<string>().Take(Figures.EvidenceMax),
            ],
            Findings = [.. cycles.OrderByDescending(each => Rank(each.Result.Outcome)).Select(Say)],
        };
        yield return isRefuted || undecided is null ? ratio
            : ratio with { NotUsable = undecided.Text, NotUsableVerdict = Verdict.Inconclusive };
        foreach ((string id, Func<CycleResult, long?> time) in
            ((string, Func<CycleResult, long?>)[])
            [(Activation, each => each.ActivationNs), (Release, each => each.ReleaseNs)])
        {
            long[] times = [.. cycles.Select(each => time(each.Result)).OfType<long>()];
            if (times.Length == 0) continue;
            yield return Figures.Exact(id, Figures.Ms(times.Max()), times.Length, Source) with
            {
                Unit = "ms", Scope = loop.Slice,
                Uncertainty = [new("clock-bound", Figures.Ms(promise.ClockBoundNs / Math.Sqrt(3)))],
            };
        }
    }

    private static int Rank(CycleOutcome outcome) => outcome switch
    {
        CycleOutcome.Refuted => 2,
        CycleOutcome.Undecided => 1,
        _ => 0,
    };

    private static LocalText Say((LoopRow Row, CycleResult Result) cycle) => new(
        $"第 {cycle.Row.Cycle} 次：{cycle.Result.Text.Zh}", $"cycle {cycle.Row.Cycle}: {cycle.Result.Text.En}");
}
