using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Judging;

/// <summary>SCN-000, the parts of the conclusion, totals and exit codes.</summary>
public class ConclusionTests
{
    private static readonly string[] ScenarioFigures =
        ["downlink-capacity", "round-trip-delay-p99", "delivered-in-time-ratio", "concurrent-active-sessions"];

    /// <summary>As many scenarios as asked for fail, as many are undecided; the rest of four pass.</summary>
    private static List<KpiResult> Scenarios(int failed, int open) =>
    [
        .. Bench.Good().Select(kpi => Array.IndexOf(ScenarioFigures, kpi.Id) switch
        {
            var i when i >= 0 && i < failed => Bench.Missed(kpi),
            var i when i >= failed && i < failed + open => kpi with { Samples = 0 },
            _ => kpi,
        }),
    ];

    [TestCase(0, 0, 4, Verdict.Pass)]
    [TestCase(2, 0, 2, Verdict.Pass)]
    [TestCase(0, 2, 2, Verdict.Pass)]
    [TestCase(2, 1, 1, Verdict.Inconclusive)]
    [TestCase(0, 4, 0, Verdict.Inconclusive)]
    [TestCase(3, 0, 1, Verdict.Fail)]
    [TestCase(3, 1, 0, Verdict.Fail)]
    [TestCase(4, 0, 0, Verdict.Fail)]
    public void SCN_000_asks_for_two_scenarios_and_fails_when_two_are_out_of_reach(
        int failed, int open, int passed, Verdict verdict)
    {
        Judgement judgement = Bench.Judge(Scenarios(failed, open));
        RequirementResult result = judgement.Requirements.Single(r => r.Id == "SCN-000");
        Assert.That(result.Verdict, Is.EqualTo(verdict), result.Cause.En);
        Assert.That(judgement.Conclusion.Scenarios.Passed, Is.EqualTo(passed));
        Assert.That(judgement.Conclusion.Scenarios.Needed, Is.EqualTo(2));
        Assert.That(judgement.Conclusion.Scenarios.Each, Has.Count.EqualTo(4));
        Assert.That(result.Kpis.Single().Result.Value, Is.EqualTo(passed));
        Assert.That(result.Cause.Zh, Does.Contain("类场景通过").And.Contain("大带宽："));
    }

    [Test]
    public void A_claim_of_one_type_cannot_reach_two()
    {
        Claim claim = Bench.Claim(text => text[..text.IndexOf("  - {type: low-latency", StringComparison.Ordinal)]
            + "  - {type: large-bandwidth, slice: iot, dlMbps: \"150\", ulMbps: \"80\"}\nconsent: [load, n3-active]");
        List<KpiResult> kpis = Bench.Good();
        kpis.AddRange(Bench.Good().Where(kpi => kpi.Id.Contains("link-capacity"))
            .Select(kpi => kpi with { Scope = "iot" }));
        Judgement judgement = Bench.Judge(kpis, claim);
        Assert.That(judgement.Conclusion.Scenarios.Each.Select(s => s.Verdict), Is.All.EqualTo(Verdict.Pass));
        Assert.That(judgement.Conclusion.Scenarios.Passed, Is.EqualTo(1));
        Assert.That(judgement.Conclusion.Scenarios.Verdict, Is.EqualTo(Verdict.Fail));
    }

    [Test]
    public void Two_scenarios_of_one_type_are_judged_by_their_own_slice()
    {
        Claim claim = Bench.Claim(text => text.Replace("consent:",
            "  - {type: low-latency, slice: iot, rttMsP99: \"15\"}\nconsent:"));
        List<KpiResult> kpis = Bench.Good();
        kpis.Add(Bench.Missed(Bench.Between("round-trip-delay-p99", 1, 1, 1, "ms") with { Scope = "iot" }));
        Judgement judgement = Bench.Judge(kpis, claim);
        Assert.That(judgement.Conclusion.Scenarios.Each.Where(s => s.Type == "low-latency").Select(s => s.Verdict),
            Is.EqualTo(new[] { Verdict.Pass, Verdict.Fail }));
        Assert.That(judgement.Requirements.Single(r => r.Id == "SCN-LAT-001").Verdict, Is.EqualTo(Verdict.Fail));
    }

    [Test]
    public void Jitter_that_is_not_claimed_does_not_hold_a_scenario_back()
    {
        Claim claim = Bench.Claim(text => text.Replace(", jitterMs: \"8\", upfMsP99: \"2\"", ""));
        ScenarioResult latency = Bench.Judge(Bench.Good(), claim).Conclusion.Scenarios.Each[1];
        Assert.That(latency.Verdict, Is.EqualTo(Verdict.Pass));
        Assert.That(latency.Requirements, Does.Contain("SCN-LAT-001"));
    }

    [Test]
    public void Totals_add_up_to_the_number_of_requirements()
    {
        Judgement judgement = Bench.Judge(Bench.Good());
        Assert.That(judgement.Requirements.Select(r => r.Id), Is.EqualTo(Bench.Profile.Requirements.Select(r => r.Id)));
        Assert.That(judgement.Totals.Values.Sum(), Is.EqualTo(55));
        Assert.That(judgement.Totals[Verdict.Pass], Is.EqualTo(25));
        Assert.That(judgement.Totals[Verdict.NotRun], Is.EqualTo(7));
        Assert.That(judgement.Totals, Has.Count.EqualTo(7));
    }

    [Test]
    public void A_part_that_was_not_wholly_examined_is_not_passed()
    {
        Conclusion conclusion = Bench.Judge(Bench.Good()).Conclusion;
        Assert.That(conclusion.Environment, Is.EqualTo(Verdict.Pass));
        Assert.That(conclusion.Technologies.Slicing, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(conclusion.Technologies.Edge, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(conclusion.Scenarios.Verdict, Is.EqualTo(Verdict.Pass));
        Assert.That(conclusion.Overall, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void A_failed_requirement_fails_its_part_and_the_whole_and_no_other_part()
    {
        Conclusion conclusion = Bench.Judge(Bench.With("slice-separation-violations", Bench.Missed)).Conclusion;
        Assert.That(conclusion.Technologies.Slicing, Is.EqualTo(Verdict.Fail));
        Assert.That(conclusion.Environment, Is.EqualTo(Verdict.Pass));
        Assert.That(conclusion.Overall, Is.EqualTo(Verdict.Fail));
    }

    [Test]
    public void Exit_codes_tell_fail_from_undecided_from_pass()
    {
        Judgement good = Bench.Judge(Bench.Good());
        Judgement passed = good with
        {
            Requirements = [.. good.Requirements.Where(r => r.Verdict is Verdict.Pass or Verdict.NotApplicable)],
        };
        Assert.That(passed.ExitCode, Is.EqualTo(0));
        Assert.That(good.ExitCode, Is.EqualTo(3));
        Assert.That(Bench.Judge(Bench.With("stray-ue-addresses", Bench.Missed)).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public void An_empty_run_decides_nothing()
    {
        Judgement judgement = Bench.Judge([]);
        Assert.That(judgement.Totals[Verdict.Pass] + judgement.Totals[Verdict.Fail], Is.Zero);
        Assert.That(judgement.ExitCode, Is.EqualTo(3));
    }

    [Test]
    public void The_order_of_figures_does_not_matter()
    {
        List<KpiResult> shuffled = [.. Bench.Good()];
        new Random(220).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(shuffled));
        Assert.That(Bench.Judge(shuffled).Requirements.Select(r => r.Verdict),
            Is.EqualTo(Bench.Judge(Bench.Good()).Requirements.Select(r => r.Verdict)));
    }
}
