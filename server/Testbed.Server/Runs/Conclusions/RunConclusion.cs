using System.Text;
using Testbed.Analyzer;
using Testbed.Analyzer.Judging;
using Testbed.Conformance;
using Testbed.Conformance.Json;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Reports;
using Testbed.Conformance.Results;
using Testbed.Server.Agents;
using Testbed.Server.Planning;
using Testbed.Server.Runs.Traffic;
using Testbed.Wire.Files;

namespace Testbed.Server.Runs.Conclusions;

/// <summary>From evidence to report: figures of tests, meters and server, verdicts, renderings.</summary>
internal sealed class RunConclusion(
    RunRequest request, Profile profile, RunTraffic traffic, RunFolder folder, IRunProgress progress, TimeProvider time)
{
    private readonly EvidenceIntakeView _files = new(traffic.Files);
    private AnalysisResult? _analysis;

    /// <summary>What the taps handed in; empty before <see cref="Draw"/>.</summary>
    public IReadOnlyList<TapEvidence> Taps { get; private set; } = [];

    public RunReport Draw(CancellationToken cancellation)
    {
        IReadOnlyList<TapEvidence> taps = Taps = [.. traffic.Plan.Captures.Select(
            task => TapEvidence.Read(task, traffic.OutcomeOf(task), folder, _files))];
        ClockFigures clocks = new(traffic.Agents.Select(agent => agent.Facts));
        KpiResult[] metered =
            [.. FigureDependencies.Held(Analyse(taps, clocks, cancellation), traffic, GapOf(taps))];
        List<KpiResult> kpis =
        [
            .. TestFigures(),
            .. taps.Select(tap => CaptureLossFigures.Of(tap, metered.FirstOrDefault(
                kpi => kpi.Id == CaptureLossFigures.GapId && kpi.Scope == tap.Name))),
            clocks.Share(request.Claim), .. metered,
        ];
        progress.At(new("判定", "judging"), 1, "");
        Judgement judgement = Judge.Evaluate(profile, request.Claim, kpis, Facts());
        return new()
        {
            Run = new(request.RunId, request.Claim.Purpose, traffic.StartedUtc, time.GetUtcNow(),
                traffic.Plan.Size == PlanSize.Quick ? "quick" : "full",
                Convert.ToHexStringLower(traffic.PlanDigest), traffic.Plan.Nonce,
                new(request.ToolVersion, request.ToolCommit)),
            Claim = ReportClaim.From(request.Claim),
            Profile = new(profile.Name, profile.Version.ToString(), profile.Digest),
            Judgement = judgement,
            Loss = [.. taps.Select(tap => new TapLoss(tap.Label, tap.Task.Kit, tap.Figures?.Captured ?? 0,
                tap.Figures?.OsDropped ?? 0, tap.Figures?.InterfaceDropped ?? 0, tap.Bytes, tap.Segments.Count))],
            Clocks = clocks.Clocks,
            Agents = [.. traffic.Agents.Select(Describe)],
        };
    }

    /// <summary>The files that a report is handed out as; the first is the official one.</summary>
    public IEnumerable<(string Path, byte[] Bytes)> Renderings(RunReport report, byte[] official)
    {
        IReadOnlyList<ReportSeries> series = [.. (_analysis?.Series ?? []).Select(SeriesRendering.ForReport)];
        yield return (folder.Report, official);
        yield return (folder.Html, Encoding.UTF8.GetBytes(HtmlReport.Render(report, series)));
        yield return (folder.Junit, Encoding.UTF8.GetBytes(JUnitReport.Render(report)));
        yield return (folder.Series, SeriesRendering.Encode(_analysis?.Series ?? []));
    }

    /// <summary>Why figures may be missing: what was not asked for, not planned, or went wrong.</summary>
    private RunFacts Facts() => new()
    {
        Quick = traffic.Plan.Size == PlanSize.Quick,
        Unwanted = [.. profile.Requirements.Select(each => each.Id).Where(id => !request.Filter.Wants(id))],
        Omissions = [.. traffic.Plan.Omissions.Select(each => new RunOmission(each.Reason, each.Requirements))],
        Failures =
        [
            .. traffic.Agents.Where(agent => agent.IsLost)
                .Select(agent => new RunFailure(agent.Kit, LossOf(agent), [])),
            .. traffic.Tasks.Where(task => !traffic.Did(task)).Select(task => new RunFailure(
                task.Kit, traffic.OutcomeOf(task).Problem!, FigureDependencies.IdsOf(task))),
        ],
    };

    private static LocalText LossOf(AgentLink agent) =>
        new($"套件 {agent.Kit} 失联：{agent.Loss!.Zh}", $"kit {agent.Kit} was lost: {agent.Loss.En}");

    private IEnumerable<KpiResult> TestFigures()
    {
        foreach (PlanTask task in traffic.Tasks.Where(task => task.Kind != "capture"))
        {
            TaskOutcome outcome = traffic.OutcomeOf(task);
            IReadOnlyList<KpiResult> measured = [];
            LocalText? why = outcome.Problem;
            try
            {
                measured = TaskFigures.Read(outcome).Kpis;
            }
            catch (CanonicalJsonException malformed)
            {
                why ??= new($"套件 {task.Kit} 的结果无法解读：{malformed.Message}",
                    $"kit {task.Kit} gave an outcome that cannot be read: {malformed.Message}");
            }
            // A test that failed may have counted something; half a measurement is none.
            foreach (KpiResult kpi in why is null ? measured : FigureDependencies.Unmeasured(task, why))
                yield return traffic.WithOtherAttempts(task, kpi);
        }
    }

    private IReadOnlyList<KpiResult> Analyse(
        IReadOnlyList<TapEvidence> taps, ClockFigures clocks, CancellationToken cancellation)
    {
        if (taps.All(tap => tap.Segments.Count == 0)) return [];
        try
        {
            progress.At(new("分析", "analysing"), 1, "");
            _analysis = TrafficAnalysis.Run(
                AnalysisInput.Build(request, traffic, taps, folder, clocks), null, cancellation);
            return _analysis.Kpis;
        }
        catch (Exception unreadable) when (unreadable is CaptureFileException or IOException)
        {
            progress.Note(new($"采集文件无法分析：{unreadable.Message}",
                $"a capture cannot be analysed: {unreadable.Message}"));
            return [];
        }
    }

    private static LocalText? GapOf(IReadOnlyList<TapEvidence> taps) =>
        taps.Select(tap => tap.Contradiction ?? tap.Gap).FirstOrDefault(why => why is not null);

    private static ReportAgent Describe(AgentLink agent) => new(
        agent.Kit, agent.Facts.Version, agent.Facts.BootId,
        [.. agent.Facts.Interfaces.Keys.Order(StringComparer.Ordinal)], agent.Loss);
}
