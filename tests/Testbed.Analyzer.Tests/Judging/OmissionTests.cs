using Testbed.Analyzer.Judging;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Judging;

/// <summary>Figures of what was measured say nothing of what the plan had to leave out.</summary>
public sealed class OmissionTests
{
    private static RunFacts LeftOut(params string[] requirements) =>
        new() { Omissions = [new(new("limits.mbps 过小", "limits.mbps is too low"), requirements)] };

    [Test]
    public void What_the_plan_left_out_of_a_requirement_keeps_the_rest_from_passing_for_it()
    {
        Assert.That(Bench.Judge("SLC-001", Bench.Good()).Verdict, Is.EqualTo(Verdict.Pass));
        RequirementResult result = Bench.Judge("SLC-001", Bench.Good(), facts: LeftOut("SLC-001"));
        Assert.That((result.Verdict, result.Cause.En),
            Is.EqualTo((Verdict.Inconclusive, "Limits.mbps is too low.")));
        Assert.That(result.Kpis, Is.Not.Empty, "what was measured stays in the report");
        Assert.That(Bench.Judge("SLC-002", Bench.Good(), facts: LeftOut("SLC-001")).Verdict, Is.EqualTo(Verdict.Pass));
    }

    [Test]
    public void What_the_plan_left_out_hides_no_limit_that_was_missed() => Assert.That(
        Bench.Judge("SLC-001", Bench.With("slice-map-contradictions", Bench.Missed), facts: LeftOut("SLC-001")).Verdict,
        Is.EqualTo(Verdict.Fail));

    [Test]
    public void Where_every_figure_is_missing_for_an_omission_nothing_was_run() => Assert.That(
        Bench.Judge("SLC-002", Bench.Without("slice-separation-violations"), facts: LeftOut("SLC-002")).Verdict,
        Is.EqualTo(Verdict.NotRun));

    [Test]
    public void An_omission_of_one_scenario_is_not_held_against_another_of_its_type() => Assert.That(
        Bench.Judge("SCN-REL-001", Bench.Good(), facts: LeftOut("SCN-REL-001")).Verdict, Is.EqualTo(Verdict.Pass));
}
