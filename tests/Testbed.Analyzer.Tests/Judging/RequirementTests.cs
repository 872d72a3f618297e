using Testbed.Analyzer.Judging;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Judging;

/// <summary>Each judged requirement: passes, fails, has too few samples, is missing. Named by its id.</summary>
[TestFixture("KIT-001")]
[TestFixture("KIT-002")]
[TestFixture("KIT-003")]
[TestFixture("KIT-004")]
[TestFixture("E2E-001")]
[TestFixture("E2E-002")]
[TestFixture("E2E-003")]
[TestFixture("E2E-004")]
[TestFixture("E2E-005")]
[TestFixture("E2E-006")]
[TestFixture("E2E-008")]
[TestFixture("SLC-001")]
[TestFixture("SLC-002")]
[TestFixture("SCN-BW-001")]
[TestFixture("SCN-BW-002")]
[TestFixture("SCN-DEN-001")]
[TestFixture("SCN-DEN-002")]
[TestFixture("SCN-LAT-001")]
[TestFixture("SCN-LAT-002")]
[TestFixture("SCN-LAT-003")]
[TestFixture("SCN-REL-001")]
public class RequirementTests(string id)
{
    private readonly Requirement _requirement = Bench.Profile.Find(id)!;
    private IEnumerable<KpiRule> Judged => _requirement.Kpis.Where(rule => rule.Rule is not null);

    [Test]
    public void It_passes_when_every_figure_keeps_its_limit()
    {
        RequirementResult result = Bench.Judge(id, Bench.Good());
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Pass), result.Cause.En);
        Assert.That(result.Cause.En, Does.Contain("it is kept"));
        Assert.That(result.Cause.Zh, Does.Contain("限值为").And.EndsWith("满足限值。"));
        Assert.That(result.Remedy, Is.Null);
        Assert.That(result.Limit, Is.Not.Null);
        Assert.That(result.Kpis.Select(kpi => kpi.Result.Id), Is.SupersetOf(_requirement.Kpis.Select(rule => rule.Id)));
        Assert.That(result.Evidence, Is.Not.Empty);
    }

    [Test]
    public void It_does_not_pass_when_any_one_figure_misses()
    {
        foreach (KpiRule rule in Judged)
        {
            RequirementResult result = Bench.Judge(id, Bench.With(rule.Id, Bench.Missed));
            Assert.That(result.Verdict, Is.EqualTo(rule.Missed), $"{rule.Id}: {result.Cause.En}");
            Assert.That(result.Cause.En, Does.StartWith($"What was seen of {rule.Id};").And.Contain("the limit is"));
            Assert.That(result.Cause.Zh, Does.Contain("的发现；").And.Contain("限值为"));
            Assert.That(result.Remedy, Is.EqualTo(_requirement.Remedy));
        }
    }

    [Test]
    public void It_is_undecided_with_too_few_samples_however_good_or_bad_they_are()
    {
        foreach (KpiRule rule in Judged)
        {
            RequirementResult good = Bench.Judge(id, Bench.With(rule.Id, kpi => kpi with { Samples = 0 }));
            RequirementResult bad = Bench.Judge(id, Bench.With(rule.Id, kpi => Bench.Missed(kpi) with { Samples = 0 }));
            Assert.That(good.Verdict, Is.EqualTo(Verdict.Inconclusive), rule.Id);
            Assert.That(bad.Verdict, Is.EqualTo(Verdict.Inconclusive), rule.Id);
            Assert.That(good.Cause.En, Does.Contain("fewer than the"));
        }
    }

    [Test]
    public void It_is_undecided_when_a_figure_is_missing_without_a_reason()
    {
        foreach (KpiRule rule in Judged)
        {
            RequirementResult result = Bench.Judge(id, Bench.Without(rule.Id));
            Assert.That(result.Verdict, Is.EqualTo(Verdict.Inconclusive), rule.Id);
            Assert.That(result.Cause.En, Is.EqualTo($"There is no {rule.Name.En}: the run holds no such result."));
        }
    }

    [Test]
    public void It_says_why_a_figure_is_missing_when_the_run_knows()
    {
        KpiRule rule = Judged.First();
        var facts = new RunFacts { Failures = [new("kit-ue", new("套件失联", "the kit was lost"), [rule.Id])] };
        RequirementResult result = Bench.Judge(id, Bench.Without(rule.Id), facts: facts);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.Cause.En, Does.EndWith("the kit was lost."));
    }

    [Test]
    public void It_is_never_decided_by_a_figure_that_must_not_be_used()
    {
        foreach (KpiRule rule in Judged)
        {
            RequirementResult result = Bench.Judge(id, Bench.With(rule.Id, kpi => kpi with
            {
                NotUsable = new("采集有缺口", "the capture has a gap"), NotUsableVerdict = Verdict.Pass,
            }));
            Assert.That(result.Verdict, Is.EqualTo(Verdict.Inconclusive), rule.Id);
            Assert.That(result.Cause.En, Is.EqualTo("The capture has a gap."));
        }
    }
}
