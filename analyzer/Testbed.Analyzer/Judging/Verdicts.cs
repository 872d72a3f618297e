using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Judging;

/// <summary>How verdicts add up.</summary>
internal static class Verdicts
{
    private static readonly Verdict[] WorstFirst =
    [
        Verdict.Fail, Verdict.Invalid, Verdict.Inconclusive, Verdict.NotMeasurable, Verdict.NotRun,
        Verdict.NotApplicable, Verdict.Pass,
    ];

    /// <summary>Smaller is worse.</summary>
    public static int Rank(Verdict verdict) => Array.IndexOf(WorstFirst, verdict);

    /// <summary>
    /// Verdict of a part of the conclusion. What does not apply is left out; a part that was not wholly examined is
    /// not passed, however well the rest went.
    /// </summary>
    public static Verdict Part(IEnumerable<Verdict> verdicts)
    {
        HashSet<Verdict> seen = [.. verdicts];
        seen.Remove(Verdict.NotApplicable);
        if (seen.Count == 0) return Verdict.NotApplicable;
        if (seen.Contains(Verdict.Fail)) return Verdict.Fail;
        if (seen.Contains(Verdict.Invalid)) return Verdict.Invalid;
        return seen.Count == 1 ? seen.Single() : Verdict.Inconclusive;
    }
}
