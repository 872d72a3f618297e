using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Judging;

/// <summary>
/// SLC-008: what a slice's ServiceProfile promises (TS 28.541 §6.3.3), field by field, held against figures that the
/// same run measured in the same slice for other requirements. What it promises and nobody measured never passes.
/// </summary>
internal sealed class ServiceProfileJudge(Requirement requirement, JudgeContext context)
{
    private const string UnmeasuredId = "unmeasured-profile-figures";

    /// <summary>One outcome a field at least; the worst of them decides.</summary>
    public List<Outcome> Evaluate()
    {
        Slice[] slices = [.. context.Claim.Slices.Where(slice => slice.ServiceProfile is not null)];
        if (slices.Length == 0)
            return [new(Verdict.NotApplicable, new("申报未导入 ServiceProfile", "the claim imports no ServiceProfile"))];
        return [.. slices.SelectMany(Evaluate)];
    }

    private IEnumerable<Outcome> Evaluate(Slice slice)
    {
        IReadOnlyList<ProfileFigure> figures = slice.ServiceProfile!.Figures;
        if (figures.Count == 0)
            yield return new(Verdict.NotApplicable, new($"切片 {slice.Name} 的 ServiceProfile 未承诺任何指标",
                $"the ServiceProfile of slice {slice.Name} promises no figure"));
        List<string> unmeasured = [];
        foreach (ProfileFigure figure in figures)
        {
            KpiRule[] rules = [.. requirement.Kpis.Where(rule => rule.Field == figure.Path)];
            if (figure.Value is not { } value || rules.Length == 0) unmeasured.Add(figure.Path);
            else
                foreach (KpiRule rule in rules)
                    foreach (Outcome outcome in Held(rule, slice, value)) yield return outcome;
        }
        if (unmeasured.Count > 0) yield return Unmeasured(slice, unmeasured);
    }

    private IEnumerable<Outcome> Held(KpiRule rule, Slice slice, decimal value)
    {
        AppliedLimit limit = new(
            value * rule.Factor, rule.Unit, rule.Rule!.Value,
            LocalText.Same($"claim: {slice.Name}.serviceProfile.{rule.Field}"));
        IReadOnlyList<KpiResult> results = Sized(rule, slice, context.FindOf(rule.Id, slice.Name));
        return results.Count == 0 ? [Absent(rule, slice)] : results.Select(kpi =>
        {
            JudgedKpi judged = KpiJudge.Judge(requirement, rule, limit, kpi, context);
            return new Outcome(judged.Verdict!.Value, judged.Cause!, limit, [judged]);
        });
    }

    /// <summary>
    /// How many packets a share takes is planned for the scenario that it serves: a stream to another far end, which
    /// was sized for delays, says nothing beside it.
    /// </summary>
    private IReadOnlyList<KpiResult> Sized(KpiRule rule, Slice slice, IReadOnlyList<KpiResult> results)
    {
        if (!rule.Samples.ExactBinomial) return results;
        string? type = SourceOf(rule)?.Scenario;
        KpiResult[] sized = [.. results.Where(kpi => context.Claim.Scenarios.Any(each => each.Type == type
            && each.Slice == slice.Name && each.To == PathScope.Split(kpi.Scope).FarEnd))];
        return sized.Length > 0 ? sized : results;
    }

    /// <summary>The requirement that the figure is measured for.</summary>
    private Requirement? SourceOf(KpiRule rule) => context.Profile.Requirements.FirstOrDefault(
        each => each.Scenario is not null && each.Kpis.Any(kpi => kpi.Id == rule.Id));

    /// <summary>
    /// Why the figure is not there is what it is not there for in the requirement that it is measured for.
    /// </summary>
    private Outcome Absent(KpiRule rule, Slice slice)
    {
        Requirement? source = SourceOf(rule);
        Scenario? scenario = context.Claim.Scenarios.FirstOrDefault(
            each => each.Type == source?.Scenario && each.Slice == slice.Name);
        if (source is not null && scenario is not null)
            return new Absence(source, context).Explain(rule, scenario, null);
        LocalText type = ScenarioJudge.Name(source?.Scenario ?? "");
        return new(Verdict.NotMeasurable, new(
            $"切片 {slice.Name} 的 {rule.Field} 无实测指标：申报中没有该切片的{type.Zh}场景",
            $"nothing measures {rule.Field} of slice {slice.Name}: the claim has no {type.En} scenario on it"));
    }

    private static Outcome Unmeasured(Slice slice, List<string> fields)
    {
        LocalText cause = Sentence.Of(new LocalText(
            $"切片 {slice.Name} 的 ServiceProfile 中无法检验的指标：{string.Join("、", fields)}",
            $"figures in the ServiceProfile of slice {slice.Name} that nothing measures: {string.Join(", ", fields)}"));
        KpiResult kpi = new()
        {
            Id = UnmeasuredId, Value = fields.Count, Low = fields.Count, High = fields.Count, Unit = "1",
            Samples = fields.Count, Scope = slice.Name, Source = "judge",
        };
        return new(Verdict.NotMeasurable, cause, null, [new(kpi, null, Verdict.NotMeasurable, cause)]);
    }
}
