using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;
using Testbed.Conformance.Statistics;

namespace Testbed.Analyzer.Judging;

/// <summary>From a profile's rule and the claim to the limit of this run.</summary>
internal static class Limits
{
    private const double ConfidenceDefault = 0.95;

    /// <summary>
    /// The claim's figure, never weaker than the profile's floor. Null when the rule asks for a figure that the claim
    /// does not state and the profile has no floor for.
    /// </summary>
    public static AppliedLimit? Resolve(KpiRule rule, Scenario? scenario)
    {
        if (rule.Rule is not { } comparison) return null;
        if (rule.Limit is { } fixedLimit) return new(fixedLimit, rule.Unit, comparison, rule.Source!);
        var claimed = rule.Figures.Where(key => scenario?.Figures.ContainsKey(key) is true)
            .Select(key => (Key: key, Value: scenario!.Figures[key] * rule.Factor)).ToList();
        if (claimed.Count == 0)
            return rule.Floor is { } only ? new(only, rule.Unit, comparison, rule.FloorSource!) : null;
        // Of several figures the largest: a kit that carries the larger rate carries the smaller.
        (string name, decimal value) = claimed.MaxBy(figure => figure.Value);
        bool weaker = rule.Floor is { } floor && (comparison is LimitRule.AtMost ? value > floor : value < floor);
        return weaker
            ? new(rule.Floor!.Value, rule.Unit, comparison, new(
                $"{rule.FloorSource!.Zh}；申报值 {Figures.Show(value)} 弱于下限",
                $"{rule.FloorSource.En}; the claimed {Figures.Show(value)} is weaker"))
            : new(value, rule.Unit, comparison, Claimed($"claim: {scenario!.Type}.{name}", rule.Source));
    }

    private static LocalText Claimed(string figure, LocalText? factor) =>
        factor is null ? LocalText.Same(figure) : new($"{figure}（{factor.Zh}）", $"{figure} ({factor.En})");

    public static long SamplesMin(KpiRule rule, AppliedLimit limit, bool quick)
    {
        // Nothing seen is no evidence: no stray address among no packets shows nothing.
        if (!rule.Samples.ExactBinomial) return Math.Max(1, quick ? rule.Samples.Quick : rule.Samples.Full);
        decimal ratio = limit.Rule is LimitRule.AtLeast ? limit.Value : 1 - limit.Value;
        if (ratio is <= 0 or >= 1) return 1;
        return ClopperPearson.TrialsNeeded(ratio, 0, (double?)rule.Confidence ?? ConfidenceDefault);
    }
}
