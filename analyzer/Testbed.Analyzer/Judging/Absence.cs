using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Judging;

/// <summary>Why a figure is not there. What is not there never passes.</summary>
internal sealed class Absence(Requirement requirement, JudgeContext context)
{
    /// <param name="part">The direction or tap that lacks the figure; null when there is none at all.</param>
    public Outcome Explain(KpiRule rule, Scenario? scenario, LocalText? part)
    {
        List<string> lacking = [.. requirement.Consent.Where(word => !context.Claim.Consent.Contains(word))];
        if (part is null && lacking.Count > 0)
            return new(Verdict.NotRun, new($"申报未同意 {string.Join("、", lacking)}，因此未执行",
                $"the claim does not consent to {string.Join(", ", lacking)}"));
        if (part is null && context.Facts.Omissions
            .FirstOrDefault(o => o.Requirements.Contains(requirement.Id)) is { } omission)
            return new(Verdict.NotRun, omission.Reason);
        IReadOnlySet<string> kits = Needs.Kits(requirement, context.Claim, scenario);
        LocalText name = part is null ? rule.Name : new($"{rule.Name.Zh}（{part.Zh}）", $"{rule.Name.En} ({part.En})");
        RunFailure? failure = context.Facts.Failures.FirstOrDefault(f => f.Kpis.Contains(rule.Id))
            ?? context.Facts.Failures.FirstOrDefault(f => f.Kpis.Count == 0 && kits.Contains(f.Kit));
        LocalText why = failure?.Cause ?? new("运行记录中没有该结果", "the run holds no such result");
        return new(Verdict.Inconclusive, new($"未得到{name.Zh}：{why.Zh}", $"there is no {name.En}: {why.En}"));
    }
}
