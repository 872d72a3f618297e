using Testbed.Conformance.Results;

namespace Testbed.Conformance.Profiles;

/// <summary>Named, versioned criteria: every requirement with its limits and where they come from.</summary>
public sealed record Profile
{
    public required string Name { get; init; }
    public required int Version { get; init; }
    public required LocalText Title { get; init; }
    /// <summary>How many of the four scenario types must pass.</summary>
    public required int ScenariosNeeded { get; init; }
    public required IReadOnlyList<Requirement> Requirements { get; init; }
    /// <summary>SHA-256 of the file's bytes, lower-case hex.</summary>
    public required string Digest { get; init; }

    /// <summary>As a claim names it: <c>miit-2022-220@1</c>.</summary>
    public string Reference => $"{Name}@{Version}";

    public Requirement? Find(string id) => Requirements.FirstOrDefault(r => r.Id == id);
}

/// <summary>One line that is judged.</summary>
public sealed record Requirement
{
    public required string Id { get; init; }
    public required LocalText Title { get; init; }
    public required string Clause { get; init; }
    /// <summary>
    /// Taps and endpoints, all needed; each a list of alternatives. In a scenario's requirements <c>dn</c> means the
    /// far end that the scenario names.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Needs { get; init; } = [];
    /// <summary>
    /// What an applicant may offer or leave out (<c>mec013</c>, <c>camara</c>): not applicable
    /// to a claim without it. Null when the requirement applies to all.
    /// </summary>
    public string? Where { get; init; }
    /// <summary>Consents of the claim without which nothing is done for this requirement.</summary>
    public IReadOnlyList<string> Consent { get; init; } = [];
    /// <summary>
    /// Judged once for each scenario of this type in the claim; null when it speaks of the whole network.
    /// </summary>
    public string? Scenario { get; init; }
    /// <summary>False: this version of the product does not examine it.</summary>
    public required bool Judged { get; init; }
    public required LocalText Explanation { get; init; }
    public required LocalText Remedy { get; init; }
    public IReadOnlyList<KpiRule> Kpis { get; init; } = [];

    /// <summary><c>KIT</c>, <c>E2E</c>, <c>SLC</c>, <c>EDG</c>, <c>EXP</c>, <c>SCN</c> or <c>SEC</c>.</summary>
    public string Group => Id[..Id.IndexOf('-')];
}

/// <summary>How one figure is held against its limit. Meanings of the keys: see the head of the profile file.</summary>
public sealed record KpiRule
{
    public required string Id { get; init; }
    public required LocalText Name { get; init; }
    public required string Unit { get; init; }
    /// <summary>Null: printed, not judged.</summary>
    public LimitRule? Rule { get; init; }
    public decimal? Limit { get; init; }
    public IReadOnlyList<string> Figures { get; init; } = [];
    /// <summary>
    /// Figure of a slice's ServiceProfile (<see cref="Claims.ProfileFigure.Path"/>) that is the limit, times
    /// <see cref="Factor"/>; null where the limit is another.
    /// </summary>
    public string? Field { get; init; }
    public decimal Factor { get; init; } = 1;
    public decimal? Floor { get; init; }
    /// <summary>
    /// Where <see cref="Limit"/> or <see cref="Factor"/> comes from; null for a bare claimed figure.
    /// </summary>
    public LocalText? Source { get; init; }
    public LocalText? FloorSource { get; init; }
    public SampleRule Samples { get; init; } = new(0, 0, false);
    /// <summary>Confidence that the compared interval must have at least; null for exact counts.</summary>
    public decimal? Confidence { get; init; }
    public bool BothDirections { get; init; }
    public IReadOnlyList<string> PerTap { get; init; } = [];
    public IReadOnlyList<string> WhenTapped { get; init; } = [];
    public IReadOnlyList<string> OneWay { get; init; } = [];
    public IReadOnlyList<string> FailNeeds { get; init; } = [];
    public IReadOnlyList<string> VoidedBy { get; init; } = [];
    /// <summary>The verdict of a missed limit.</summary>
    public Verdict Missed { get; init; } = Verdict.Fail;
}

/// <param name="Full">Fewest samples in a full plan.</param>
/// <param name="Quick">Fewest samples in a quick plan.</param>
/// <param name="ExactBinomial">What the exact interval needs for the limit, in either plan.</param>
public sealed record SampleRule(long Full, long Quick, bool ExactBinomial);
