using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Judging;

/// <summary>
/// Figures that must be there beside those that are: a good uplink says nothing of a downlink not seen.
/// </summary>
internal static class Coverage
{
    public static IEnumerable<LocalText> Gaps(KpiRule rule, IReadOnlyList<KpiResult> results, Claim claim)
    {
        if (rule.BothDirections && !results.Any(kpi => kpi.Direction is Direction.Both))
        {
            if (!results.Any(kpi => kpi.Direction is Direction.Uplink)) yield return new("上行", "uplink");
            if (!results.Any(kpi => kpi.Direction is Direction.Downlink)) yield return new("下行", "downlink");
        }
        foreach (Tap tap in claim.Taps.Where(tap => rule.PerTap.Contains(tap.Point)))
        {
            if (results.Any(kpi => SpeaksOf(kpi.Scope, tap))) continue;
            yield return new($"{tap.Point}/{tap.Interface}", $"{tap.Point}/{tap.Interface}");
        }
    }

    /// <summary>Scopes of taps read <c>point/interface</c>; a kit's name may stand among them.</summary>
    private static bool SpeaksOf(string scope, Tap tap)
    {
        string[] words = scope.Split('/');
        return words.Contains(tap.Point) && words.Contains(tap.Interface);
    }
}
