using Testbed.Conformance.Json;
using Testbed.Conformance.Results;
using Testbed.Server.Agents;
using Testbed.Server.Planning;
using Testbed.Server.Runs.Conclusions;

namespace Testbed.Server.Runs.Traffic;

/// <summary>
/// Which attempts a phase got, and which of them counts: the plan's rule, applied to what the kits said.
/// </summary>
internal static class PhaseAttempts
{
    /// <summary>
    /// Whether the rule asks for another attempt after this one. One that failed outright is not repeated.
    /// </summary>
    public static bool CallForAnother(
        PlanRetest rule, PlanPhase attempt, IReadOnlyDictionary<string, TaskOutcome> outcomes) =>
        Figure(rule, attempt, outcomes) > rule.Above;

    /// <summary>The phase and its retests as far as they took place, in order.</summary>
    public static IReadOnlyList<PlanPhase> Made(
        PlanPhase phase, IReadOnlyDictionary<string, TaskOutcome> outcomes) =>
        [phase, .. (phase.Retest?.Attempts ?? []).TakeWhile(each => each.Tests.All(t => outcomes.ContainsKey(t.Id)))];

    /// <summary>The attempt in which the kits were least disturbed; the first of equals.</summary>
    public static PlanPhase Decisive(PlanPhase phase, IReadOnlyDictionary<string, TaskOutcome> outcomes) =>
        phase.Retest is not { } rule ? phase
            : Made(phase, outcomes).Where(each => Figure(rule, each, outcomes) is not null)
                .MinBy(each => Figure(rule, each, outcomes)) ?? phase;

    /// <summary>The rule's figure, the largest where several tests give it; null when an attempt gave none.</summary>
    public static decimal? Figure(
        PlanRetest rule, PlanPhase attempt, IReadOnlyDictionary<string, TaskOutcome> outcomes)
    {
        decimal? worst = null;
        foreach (PlanTask test in attempt.Tests)
        {
            if (!outcomes.TryGetValue(test.Id, out TaskOutcome? outcome) || outcome.Problem is not null) return null;
            foreach (KpiResult kpi in Kpis(outcome).Where(kpi => kpi.Id == rule.Kpi))
                worst = Math.Max(worst ?? kpi.Value, kpi.Value);
        }
        return worst;
    }

    private static IReadOnlyList<KpiResult> Kpis(TaskOutcome outcome)
    {
        try
        {
            return TaskFigures.Read(outcome).Kpis;
        }
        catch (CanonicalJsonException)
        {
            // Said where the outcome's figures are taken; here it only means that nothing calls for a retest.
            return [];
        }
    }
}
