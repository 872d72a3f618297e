namespace Testbed.Conformance.Results;

public enum LimitRule { AtMost = 1, AtLeast = 2 }

/// <summary>The limit that a figure was held to in this run.</summary>
/// <param name="Value">In <paramref name="Unit"/>; always that of the KPI.</param>
/// <param name="Source">Where the number comes from: the claim's key, the profile's floor and its origin.</param>
public sealed record AppliedLimit(decimal Value, string Unit, LimitRule Rule, LocalText Source)
{
    public string RuleName => Rule is LimitRule.AtMost ? "at-most" : "at-least";
}

/// <summary>One figure with the limit that it was held to and what came of it.</summary>
/// <param name="Limit">Null when the figure is printed and not judged.</param>
/// <param name="Verdict">Null when the figure is printed and not judged.</param>
public sealed record JudgedKpi(KpiResult Result, AppliedLimit? Limit, Verdict? Verdict, LocalText? Cause);

/// <summary>One requirement's outcome, with all that an outsider needs to check it again.</summary>
public sealed record RequirementResult
{
    /// <summary>Stable id, e.g. <c>E2E-004</c>.</summary>
    public required string Id { get; init; }
    public required LocalText Title { get; init; }
    public required Verdict Verdict { get; init; }
    /// <summary>Why this verdict, in one sentence, with the measured value and the limit where there are any.</summary>
    public required LocalText Cause { get; init; }
    /// <summary>In the profile's order; several of one id when it was measured per direction, slice or tap.</summary>
    public IReadOnlyList<JudgedKpi> Kpis { get; init; } = [];
    /// <summary>The limit of the figure that decided; null when none was compared.</summary>
    public AppliedLimit? Limit { get; init; }
    /// <summary>Files and packet numbers or probe records.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];
    /// <summary>What to do about it; null for a pass and where nothing is to be done.</summary>
    public LocalText? Remedy { get; init; }
    /// <summary>Where the requirement comes from: specification and clause, or the notice's article.</summary>
    public required string Clause { get; init; }
}
