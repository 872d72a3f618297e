using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Judging;

/// <summary>
/// SCN-000: at least so many of the notice's four scenario types pass. Two scenarios of one type count once.
/// </summary>
internal sealed class ScenarioJudge(JudgeContext context)
{
    public const string RequirementId = "SCN-000";
    private const string KpiId = "scenarios-passed";

    public static LocalText Name(string type) => type switch
    {
        ClaimWords.LargeBandwidth => new("大带宽", "large-bandwidth"),
        ClaimWords.MassiveConnection => new("大连接", "massive-connection"),
        ClaimWords.LowLatency => new("低时延", "low-latency"),
        ClaimWords.HighReliability => new("高可靠", "high-reliability"),
        _ => new(type, type),
    };

    /// <summary>Called when the requirements of all scenarios have their verdicts.</summary>
    public (ScenarioConclusion Conclusion, Outcome Outcome) Evaluate(Requirement requirement)
    {
        List<ScenarioResult> each = [.. context.Claim.Scenarios.Select(Result)];
        var types = each.GroupBy(scenario => scenario.Type)
            .Select(type => (Type: type.Key, Verdict: Verdicts.Part(type.Select(each => each.Verdict)))).ToList();
        int needed = context.Profile.ScenariosNeeded;
        int passed = types.Count(type => type.Verdict is Verdict.Pass);
        int open = types.Count(type => type.Verdict is not (Verdict.Pass or Verdict.Fail));
        Verdict verdict = passed >= needed ? Verdict.Pass
            : passed + open < needed ? Verdict.Fail
            : Verdict.Inconclusive;
        if (context.Facts.Unwanted.Contains(RequirementId) && verdict is not Verdict.Fail) verdict = Verdict.NotRun;

        string zh = string.Join("、", types.Select(type => $"{Name(type.Type).Zh}：{VerdictNames.Of(type.Verdict).Zh}"));
        string en = string.Join(", ",
            types.Select(type => $"{Name(type.Type).En}: {VerdictNames.Of(type.Verdict).En}"));
        LocalText cause = Sentence.Of(new(
            $"{passed} 类场景通过，至少需要 {needed} 类（{zh}）",
            $"{passed} scenario types pass and {needed} are needed ({en})"));
        KpiRule? rule = requirement.Kpis.FirstOrDefault(kpi => kpi.Id == KpiId);
        AppliedLimit limit = new(
            needed, "1", LimitRule.AtLeast, rule?.Source ?? LocalText.Same(context.Profile.Reference));
        KpiResult kpi = new()
        {
            Id = KpiId, Value = passed, Low = passed, High = passed + open, Unit = "1",
            Samples = types.Count, Source = "judge",
        };
        return (new(passed, needed, each, verdict), new(verdict, cause, limit, [new(kpi, limit, verdict, cause)]));
    }

    private ScenarioResult Result(Scenario scenario)
    {
        List<Requirement> requirements = [.. context.Profile.Requirements
            .Where(r => r.Group == "SCN" && r.Judged && r.Scenario == scenario.Type)];
        Verdict verdict = Verdicts.Part(requirements.Select(r => context.VerdictOf(r.Id, scenario)));
        return new(scenario.Type, scenario.Slice, verdict, [.. requirements.Select(r => r.Id)]);
    }
}
