using Testbed.Conformance;

namespace Testbed.Analyzer.Judging;

/// <summary>What the judge must know of a run beside its figures: why a figure may be missing.</summary>
public sealed record RunFacts
{
    /// <summary>True for the quick plan, whose sample counts the profile states apart.</summary>
    public bool Quick { get; init; }
    /// <summary>Requirement ids that were left out at the inspector's wish (<c>--only</c>, <c>--skip</c>).</summary>
    public IReadOnlyList<string> Unwanted { get; init; } = [];
    /// <summary>What the plan left out, and why.</summary>
    public IReadOnlyList<RunOmission> Omissions { get; init; } = [];
    /// <summary>Tasks that failed and agents that were lost.</summary>
    public IReadOnlyList<RunFailure> Failures { get; init; } = [];
}

/// <param name="Requirements">Ids of those that lack figures for it.</param>
public sealed record RunOmission(LocalText Reason, IReadOnlyList<string> Requirements);

/// <summary>A task that failed or an agent that was lost.</summary>
/// <param name="Kit">The kit that it was on.</param>
/// <param name="Kpis">Ids of the figures that it would have made; empty: any figure that needs this kit.</param>
public sealed record RunFailure(string Kit, LocalText Cause, IReadOnlyList<string> Kpis);
