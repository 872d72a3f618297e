using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Judging;

/// <summary>All that one judgement looks at, and what it found so far.</summary>
internal sealed class JudgeContext(Profile profile, Claim claim, IReadOnlyList<KpiResult> kpis, RunFacts facts)
{
    private static readonly char[] ScopeSeparators = ['/', ' ', ',', ':', '>', '→'];

    private readonly ILookup<string, KpiResult> _kpis = kpis.ToLookup(kpi => kpi.Id, StringComparer.Ordinal);
    private readonly Dictionary<string, Verdict> _verdicts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Requirement, Scenario Scenario), Verdict> _scenarioVerdicts = [];

    public Profile Profile => profile;
    public Claim Claim => claim;
    public RunFacts Facts => facts;

    /// <summary>Requirements that lost frames could have turned round.</summary>
    public SortedSet<string> Flipped { get; } = new(StringComparer.Ordinal);

    public void Note(string requirement, Verdict verdict) => _verdicts[requirement] = verdict;

    public void Note(string requirement, Scenario scenario, Verdict verdict) =>
        _scenarioVerdicts[(requirement, scenario)] = verdict;

    /// <summary>The verdict so far; NotRun before there is one.</summary>
    public Verdict VerdictOf(string requirement) => _verdicts.GetValueOrDefault(requirement, Verdict.NotRun);

    public Verdict VerdictOf(string requirement, Scenario scenario) =>
        _scenarioVerdicts.GetValueOrDefault((requirement, scenario), Verdict.NotRun);

    /// <summary>
    /// The figures of this id that speak of the subject. A scope that names another slice or far end than the
    /// scenario's belongs to another subject; a scope that names no slice belongs to all.
    /// </summary>
    public IReadOnlyList<KpiResult> Find(string id, Scenario? scenario) =>
        [.. _kpis[id].Where(kpi => scenario is null || SpeaksOf(kpi.Scope, scenario))];

    /// <summary>The figures of this id that name this slice and no other, to whichever far end.</summary>
    public IReadOnlyList<KpiResult> FindOf(string id, string slice) =>
        [.. _kpis[id].Where(kpi => SlicesIn(PathScope.Split(kpi.Scope).Subject) is [var only] && only == slice)];

    private bool SpeaksOf(string scope, Scenario scenario)
    {
        (string subject, string farEnd) = PathScope.Split(scope);
        List<string> slices = SlicesIn(subject);
        return slices.Count == 0 || (slices.Contains(scenario.Slice) && farEnd == scenario.To);
    }

    private List<string> SlicesIn(string scope) =>
        [.. scope.Split(ScopeSeparators).Where(word => claim.Slices.Any(slice => slice.Name == word))];
}
