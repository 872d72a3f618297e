using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Judging;

/// <summary>What came of a requirement, or of a part of it.</summary>
internal sealed record Outcome(Verdict Verdict, LocalText Cause, AppliedLimit? Limit, IReadOnlyList<JudgedKpi> Kpis)
{
    public Outcome(Verdict verdict, LocalText cause) : this(verdict, Sentence.Of(cause), null, []) { }
}

/// <summary>
/// One requirement: each figure against its limit, for each scenario that it speaks of; the worst decides.
/// </summary>
internal sealed class RequirementJudge(Requirement requirement, JudgeContext context)
{
    private Claim Claim => context.Claim;

    public RequirementResult Evaluate()
    {
        Outcome outcome = Decide();
        context.Note(requirement.Id, outcome.Verdict);
        return Result(requirement, outcome);
    }

    public static RequirementResult Result(Requirement requirement, Outcome outcome) => new()
    {
        Id = requirement.Id,
        Title = requirement.Title,
        Verdict = outcome.Verdict,
        Cause = outcome.Cause,
        Kpis = outcome.Kpis,
        Limit = outcome.Limit,
        Evidence = [.. outcome.Kpis.SelectMany(kpi => kpi.Result.Evidence).Distinct()],
        Remedy = requirement.Judged && outcome.Verdict is not (Verdict.Pass or Verdict.NotApplicable)
            ? requirement.Remedy : null,
        Clause = requirement.Clause,
    };

    private Outcome Decide()
    {
        if (requirement.Where is { } part && !Needs.Offers(part, Claim))
            return new(Verdict.NotApplicable, new($"未申报 {part}", $"the claim offers no {part}"));
        if (!requirement.Judged)
            return new(Verdict.NotRun, new("本版本尚不检验该项", "this version of the product does not examine it"));
        if (context.Facts.Unwanted.Contains(requirement.Id))
            return new(Verdict.NotRun, new("本次运行未选择该项", "it was not selected for this run"));
        if (requirement.Scenario is not { } type) return ForSubject(null);
        List<Scenario> scenarios = [.. Claim.Scenarios.Where(scenario => scenario.Type == type)];
        if (scenarios.Count == 0)
            return new(Verdict.NotApplicable, new($"未申报{ScenarioJudge.Name(type).Zh}场景",
                $"the claim has no {ScenarioJudge.Name(type).En} scenario"));
        var outcomes = new List<Outcome>();
        foreach (Scenario scenario in scenarios)
        {
            outcomes.Add(ForSubject(scenario));
            context.Note(requirement.Id, scenario, outcomes[^1].Verdict);
        }
        return Worst(outcomes);
    }

    private Outcome ForSubject(Scenario? scenario)
    {
        IReadOnlyList<LocalText> missing = Needs.Missing(requirement, Claim, scenario);
        if (missing.Count > 0)
            return new(Verdict.NotMeasurable, new(
                $"申报中缺少{string.Join("、", missing.Select(need => need.Zh))}",
                $"the claim lacks {string.Join(" and ", missing.Select(need => need.En))}"));
        if (requirement.Kpis.Any(rule => rule.Field is not null))
            return Worst(new ServiceProfileJudge(requirement, context).Evaluate());
        List<Outcome> outcomes = [.. requirement.Kpis.SelectMany(rule => ForRule(rule, scenario))];
        return Worst(scenario is null ? [.. LeftOut(outcomes), .. outcomes] : outcomes);
    }

    /// <summary>
    /// Figures of what was measured say nothing of what the plan had to leave out. Where a figure is missing for that
    /// its absence says so; which scenario an omission is about is not told, so there its figures speak for themselves.
    /// </summary>
    private IEnumerable<Outcome> LeftOut(IReadOnlyList<Outcome> outcomes) =>
        outcomes.Any(outcome => outcome.Verdict is Verdict.NotRun) ? []
            : context.Facts.Omissions.Where(omission => omission.Requirements.Contains(requirement.Id))
                .Select(omission => new Outcome(Verdict.Inconclusive, omission.Reason));

    private List<Outcome> ForRule(KpiRule rule, Scenario? scenario)
    {
        IReadOnlyList<KpiResult> results = context.Find(rule.Id, scenario);
        if (rule.Rule is null)
        {
            JudgedKpi[] printed = [.. results.Select(kpi => new JudgedKpi(kpi, null, null, null))];
            return [new(Verdict.NotApplicable, rule.Name, null, printed)];
        }
        if (Limits.Resolve(rule, scenario) is not { } limit)
            return [new(Verdict.NotApplicable, new($"未申报{rule.Name.Zh}", $"the claim states no {rule.Name.En}"))];
        if (!rule.WhenTapped.All(point => Needs.HasTap(point, Claim, scenario))) return [];
        if (results.Count == 0) return [new Absence(requirement, context).Explain(rule, scenario, null)];
        List<Outcome> outcomes = [.. results
            .Select(kpi => KpiJudge.Judge(requirement, rule, limit, kpi, context))
            .Select(judged => new Outcome(judged.Verdict!.Value, judged.Cause!, limit, [judged]))];
        outcomes.AddRange(Coverage.Gaps(rule, results, Claim)
            .Select(gap => new Absence(requirement, context).Explain(rule, scenario, gap)));
        return outcomes;
    }

    /// <summary>
    /// All figures of all outcomes, under the worst verdict. What does not apply decides only when nothing else does.
    /// </summary>
    private static Outcome Worst(List<Outcome> outcomes)
    {
        if (outcomes.Count == 0)
            return new(Verdict.Inconclusive, new("没有可比较的指标", "there is no figure to compare"));
        JudgedKpi[] kpis = [.. outcomes.SelectMany(outcome => outcome.Kpis)];
        Outcome worst = outcomes.Where(outcome => outcome.Verdict is not Verdict.NotApplicable)
            .MinBy(outcome => Verdicts.Rank(outcome.Verdict)) ?? outcomes[0];
        return worst with { Kpis = kpis };
    }
}
