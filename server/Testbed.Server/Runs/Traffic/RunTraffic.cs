using System.Globalization;
using Testbed.Analyzer;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Server.Agents;
using Testbed.Server.Planning;
using Testbed.Server.Runs.Conclusions;

namespace Testbed.Server.Runs.Traffic;

/// <summary>
/// What came of a plan's traffic: everything that the conclusion is drawn from, and nothing drawn yet.
/// </summary>
/// <param name="Agents">As they stood at the end of the traffic.</param>
/// <param name="Outcomes">By task id; every task of the plan has one, retests as far as they took place.</param>
internal sealed record RunTraffic(
    RunPlan Plan, byte[] PlanDigest, DateTimeOffset StartedUtc, IReadOnlyList<AgentLink> Agents,
    IReadOnlyDictionary<string, TaskOutcome> Outcomes, IReadOnlyList<(PlanPhase Attempt, TimeWindow Window)> Overloads,
    IReadOnlyList<EvidenceFile> Files)
{
    /// <summary>Captures, and the responders and tests of each phase's attempt that counts.</summary>
    public IEnumerable<PlanTask> Tasks =>
        Plan.Captures.Concat(Plan.Phases.SelectMany(phase => PhaseAttempts.Decisive(phase, Outcomes).Tasks));

    /// <summary>The tests of attempts that took place and do not count.</summary>
    public IEnumerable<PlanTask> TestsSetAside =>
        Plan.Phases.SelectMany(SetAside).SelectMany(each => each.Attempt.Tests);

    public TaskOutcome OutcomeOf(PlanTask task) => Outcomes[task.Id];

    public bool Did(PlanTask task) => OutcomeOf(task).Problem is null;

    /// <summary>
    /// The figure with what the attempts that do not count gave for it: as intervals, which can stand against a pass,
    /// and in words.
    /// </summary>
    /// <param name="task">The test that gave it; an attempt has the same tests in the same order.</param>
    public KpiResult WithOtherAttempts(PlanTask task, KpiResult kpi)
    {
        List<OtherAttempt> intervals = [.. kpi.OtherAttempts];
        List<LocalText> findings = [.. kpi.Findings];
        if (Plan.Phases.FirstOrDefault(each => PlaceOf(each, task) >= 0) is not { } phase) return kpi;
        foreach ((int number, PlanPhase attempt, decimal share) in SetAside(phase))
        {
            PlanTask test = attempt.Tests[PlaceOf(phase, task)];
            foreach (KpiResult other in TaskFigures.Read(OutcomeOf(test)).Kpis.Where(
                other => (other.Id, other.Scope, other.Direction) == (kpi.Id, kpi.Scope, kpi.Direction)))
            {
                findings.Add(Say(number, other, share));
                if (other.NotUsable is null) intervals.Add(new(other.Low, other.High, other.ExpandedUncertainty,
                    $"{test.Id}: {string.Join(", ", other.Evidence)}"));
            }
        }
        return kpi with { OtherAttempts = intervals, Findings = findings };
    }

    private int PlaceOf(PlanPhase phase, PlanTask task) =>
        PhaseAttempts.Decisive(phase, Outcomes).Tests.ToList().FindIndex(test => test.Id == task.Id);

    private IEnumerable<(int Number, PlanPhase Attempt, decimal Share)> SetAside(PlanPhase phase)
    {
        if (phase.Retest is not { } rule) yield break;
        PlanPhase decisive = PhaseAttempts.Decisive(phase, Outcomes);
        IReadOnlyList<PlanPhase> made = PhaseAttempts.Made(phase, Outcomes);
        for (int i = 0; i < made.Count; i++)
        {
            if (!ReferenceEquals(made[i], decisive) && PhaseAttempts.Figure(rule, made[i], Outcomes) is { } share)
                yield return (i + 1, made[i], share);
        }
    }

    private static LocalText Say(int number, KpiResult other, decimal share)
    {
        string value = string.Create(
            CultureInfo.InvariantCulture, $"{other.Value:0.######} [{other.Low:0.######}, {other.High:0.######}]");
        string unit = other.Unit == "1" ? "" : " " + other.Unit, files = string.Join(", ", other.Evidence);
        LocalText named = files.Length == 0 ? LocalText.Same("") : new($"（{files}）", $" ({files})");
        return new(
            $"第 {number} 次测量：{value}{unit}，{share:P1} 的样本受套件停顿影响；按冻结的计划以受影响最少的一次为准{named.Zh}",
            $"attempt {number}: {value}{unit}, with {share:P1} of the samples disturbed by the kits; "
                + $"by the frozen plan the attempt with the fewest counts{named.En}");
    }
}
