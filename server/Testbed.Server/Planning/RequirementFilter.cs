using System.Text.RegularExpressions;

namespace Testbed.Server.Planning;

/// <summary>Which requirements a run is to show: patterns with <c>*</c> and <c>?</c> over their ids.</summary>
public sealed class RequirementFilter(IReadOnlyList<string> only, IReadOnlyList<string> skip)
{
    public static RequirementFilter All { get; } = new([], []);

    public IReadOnlyList<string> Only { get; } = [.. only.Order(StringComparer.Ordinal)];
    public IReadOnlyList<string> Skip { get; } = [.. skip.Order(StringComparer.Ordinal)];
    public bool IsAll => Only.Count + Skip.Count == 0;

    public bool Wants(string requirement) =>
        (Only.Count == 0 || Only.Any(pattern => Matches(pattern, requirement)))
        && !Skip.Any(pattern => Matches(pattern, requirement));

    /// <summary>True when a test that serves these requirements is worth its time.</summary>
    public bool WantsAny(IEnumerable<string> requirements) => requirements.Any(Wants);

    /// <summary>The first pattern that fits none of the ids; null when all fit something.</summary>
    public string? FirstUnknown(IReadOnlyCollection<string> requirements) =>
        Only.Concat(Skip).FirstOrDefault(pattern => !requirements.Any(id => Matches(pattern, id)));

    private static bool Matches(string pattern, string requirement) => Regex.IsMatch(
        requirement, $"^{Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".")}$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
