using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Judging;

/// <summary>
/// From figures to verdicts. A pure function: the same figures, claim, profile and facts give the same judgement,
/// on any machine, so that an outsider can judge again.
/// </summary>
public static class Judge
{
    private const string CaptureLossId = "KIT-002";

    public static Judgement Evaluate(
        Profile profile, Claim claim, IReadOnlyList<KpiResult> kpis, RunFacts facts)
    {
        var context = new JudgeContext(profile, claim, kpis, facts);
        var results = new Dictionary<string, RequirementResult>(StringComparer.Ordinal);
        // The instruments first: whether a missed limit is the testbed's fault depends on them.
        foreach (Requirement requirement in profile.Requirements.OrderBy(r => r.Group != "KIT"))
            if (requirement.Id != ScenarioJudge.RequirementId)
                results[requirement.Id] = new RequirementJudge(requirement, context).Evaluate();

        ScenarioConclusion scenarios = new(0, profile.ScenariosNeeded, [], Verdict.NotRun);
        if (profile.Find(ScenarioJudge.RequirementId) is { } total)
        {
            (scenarios, Outcome outcome) = new ScenarioJudge(context).Evaluate(total);
            results[total.Id] = RequirementJudge.Result(total, outcome);
        }
        if (context.Flipped.Count > 0 && profile.Find(CaptureLossId) is { } captureLoss)
            results[captureLoss.Id] = Flipped(captureLoss, results[captureLoss.Id], context.Flipped);

        RequirementResult[] ordered = [.. profile.Requirements.Select(r => results[r.Id])];
        return new() { Requirements = ordered, Conclusion = Conclude(ordered, scenarios) };
    }

    private static RequirementResult Flipped(
        Requirement captureLoss, RequirementResult before, IReadOnlyCollection<string> flipped)
    {
        string ids = string.Join(", ", flipped);
        return before with
        {
            Verdict = Verdict.Invalid,
            Remedy = captureLoss.Remedy,
            Cause = Sentence.Of(new LocalText(
                $"采集丢失的报文足以改变 {ids} 的判定", $"frames that the capture lost could turn {ids} round")),
        };
    }

    private static Conclusion Conclude(IReadOnlyList<RequirementResult> results, ScenarioConclusion scenarios)
    {
        Verdict environment = Part("KIT", "E2E");
        var technologies = new Technologies(Part("SLC"), Part("EDG"), Part("EXP"));
        Verdict overall = Verdicts.Part(
            [environment, technologies.Slicing, technologies.Edge, technologies.Exposure, scenarios.Verdict]);
        return new(environment, technologies, scenarios, Part("SEC"), overall);

        Verdict Part(params string[] groups) => Verdicts.Part(
            results.Where(r => groups.Contains(r.Id[..r.Id.IndexOf('-')])).Select(r => r.Verdict));
    }
}
