using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;

namespace Testbed.Analyzer.Judging;

/// <summary>Which taps and endpoints a requirement needs, which the claim has, and on which kits.</summary>
internal static class Needs
{
    /// <summary>What is needed and not in the claim, in words.</summary>
    public static IReadOnlyList<LocalText> Missing(Requirement requirement, Claim claim, Scenario? scenario) =>
        [.. requirement.Needs.Where(need => !need.Any(word => Has(word, claim, scenario)))
            .Select(need => Describe(need, scenario))];

    /// <summary>The kits that stand where the requirement needs one.</summary>
    public static IReadOnlySet<string> Kits(Requirement requirement, Claim claim, Scenario? scenario) =>
        requirement.Needs.SelectMany(need => need).SelectMany(word => Kits(word, claim, scenario)).ToHashSet();

    public static bool HasTap(string point, Claim claim, Scenario? scenario) =>
        claim.Taps.Any(tap => tap.Point == point && Serves(tap, scenario));

    /// <summary>Whether the claim has a part that it may leave out, by <see cref="Requirement.Where"/>.</summary>
    public static bool Offers(string part, Claim claim) => part switch
    {
        "mec013" => claim.Edge.Any(host => host.Mec013 is not null),
        "camara" => claim.Exposure?.CamaraQualityOnDemand is not null,
        _ => false,
    };

    /// <summary>True when one kit, and so one clock, holds all the taps of these points.</summary>
    public static bool OneKit(IReadOnlyList<string> points, Claim claim) =>
        claim.Taps.Where(tap => points.Contains(tap.Point)).Select(tap => tap.Kit).Distinct().Count() == 1;

    private static bool Has(string word, Claim claim, Scenario? scenario) =>
        word is "exposure" ? claim.Exposure is not null : Kits(word, claim, scenario).Any();

    private static IEnumerable<string> Kits(string word, Claim claim, Scenario? scenario) => word switch
    {
        "any-tap" => claim.Taps.Select(tap => tap.Kit),
        "any-endpoint" => claim.Endpoints.Select(endpoint => endpoint.Kit),
        "ue" or "dn" or "edge" => claim.Endpoints
            .Where(endpoint => endpoint.Role == Role(word, scenario) && Serves(endpoint, scenario))
            .Select(endpoint => endpoint.Kit),
        _ => claim.Taps.Where(tap => tap.Point == word && Serves(tap, scenario)).Select(tap => tap.Kit),
    };

    /// <summary>In a scenario <c>dn</c> is the far end that the scenario names.</summary>
    private static string Role(string word, Scenario? scenario) =>
        word == "dn" && scenario is { To: var to } ? to : word;

    private static bool Serves(Tap tap, Scenario? scenario) =>
        scenario is null || tap.Slices.Count == 0 || tap.Slices.Contains(scenario.Slice);

    private static bool Serves(TestEndpoint endpoint, Scenario? scenario) =>
        scenario is null || endpoint.Slice is null || endpoint.Slice == scenario.Slice;

    private static LocalText Describe(IReadOnlyList<string> need, Scenario? scenario)
    {
        List<LocalText> words = [.. need.Select(word => Describe(word, scenario))];
        LocalText text = new(
            string.Join("或", words.Select(word => word.Zh)), string.Join(" or ", words.Select(word => word.En)));
        return scenario is null ? text
            : new($"切片 {scenario.Slice} 的{text.Zh}", $"{text.En} for slice {scenario.Slice}");
    }

    private static LocalText Describe(string word, Scenario? scenario) => word switch
    {
        "any-tap" => new("采集点", "a tap"),
        "any-endpoint" => new("测试端点", "an endpoint"),
        "exposure" => new("能力开放接口", "an exposure interface"),
        "ue" => new("终端侧端点（ue）", "a ue endpoint"),
        "dn" when Role(word, scenario) == "edge" => new("边缘侧端点（edge）", "an edge endpoint"),
        "dn" => new("数据网侧端点（dn）", "a dn endpoint"),
        "edge" => new("边缘侧端点（edge）", "an edge endpoint"),
        _ => new($"{word.ToUpperInvariant()} 采集点", $"a tap on {word}"),
    };
}
