namespace Testbed.Conformance.Results;

/// <summary>The verdicts of one run: every requirement of the profile, and what they add up to.</summary>
public sealed record Judgement
{
    /// <summary>Every requirement of the profile, in its order.</summary>
    public required IReadOnlyList<RequirementResult> Requirements { get; init; }
    public required Conclusion Conclusion { get; init; }

    /// <summary>All seven verdicts with their counts, zeros too; they add up to the number of requirements.</summary>
    public IReadOnlyDictionary<Verdict, int> Totals => Enum.GetValues<Verdict>()
        .ToDictionary(verdict => verdict, verdict => Requirements.Count(r => r.Verdict == verdict));

    /// <summary>0 all pass · 1 a Fail · 3 no Fail, but something undecided, unmeasured or not run.</summary>
    public int ExitCode =>
        Requirements.Any(r => r.Verdict is Verdict.Fail) ? 1
        : Requirements.All(r => r.Verdict is Verdict.Pass or Verdict.NotApplicable) ? 0
        : 3;
}

/// <summary>The three parts that must hold, and the security baseline beside them.</summary>
public sealed record Conclusion(
    Verdict Environment, Technologies Technologies, ScenarioConclusion Scenarios, Verdict Security, Verdict Overall);

public sealed record Technologies(Verdict Slicing, Verdict Edge, Verdict Exposure);

/// <param name="Passed">Scenarios that pass; two scenarios of one type count once.</param>
/// <param name="Needed">How many must.</param>
/// <param name="Each">In the claim's order.</param>
public sealed record ScenarioConclusion(int Passed, int Needed, IReadOnlyList<ScenarioResult> Each, Verdict Verdict);

/// <param name="Type">As in the claim, e.g. <c>low-latency</c>.</param>
/// <param name="Requirements">Ids of the requirements that decided.</param>
public sealed record ScenarioResult(string Type, string Slice, Verdict Verdict, IReadOnlyList<string> Requirements);
