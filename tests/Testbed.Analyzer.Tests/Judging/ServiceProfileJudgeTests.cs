using Testbed.Analyzer.Judging;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Judging;

/// <summary>SLC-008 on the bench's figures: 200 / 95 Mbit/s, 12 ms, 0.99991, 1,200 sessions of slice iot.</summary>
public class ServiceProfileJudgeTests
{
    private static RequirementResult Judge(
        string profile, string slice = "embb", IReadOnlyList<KpiResult>? kpis = null, RunFacts? facts = null) =>
        Bench.Judge("SLC-008", kpis ?? Bench.Good(), Claim(profile, slice), facts);

    private static Claim Claim(string profile, string slice = "embb") => Bench.Claim(text => text.Replace(
        $"{{name: {slice}, sst: 1,", $"{{name: {slice}, sst: 1, serviceProfile: {profile},"));

    [Test]
    public void SLC_008_does_not_apply_without_a_profile()
    {
        RequirementResult result = Bench.Judge("SLC-008", Bench.Good());
        Assert.That(result.Verdict, Is.EqualTo(Verdict.NotApplicable));
        Assert.That(result.Cause.En, Is.EqualTo("The claim imports no ServiceProfile."));
    }

    [Test]
    public void A_profile_without_a_figure_is_no_pass() => Assert.That(
        Judge("{serviceProfileId: a}").Verdict, Is.EqualTo(Verdict.NotApplicable));

    // The worst interval end decides: 190 to 210, 90 to 100 Mbit/s; 11 to 13 ms; 2 to 4 ms.
    [TestCase("{dLThptPerUE: {guaThpt: 190000}}", Verdict.Pass)]
    [TestCase("{dLThptPerUE: {guaThpt: 190001}}", Verdict.Inconclusive)]
    [TestCase("{dLThptPerUE: {guaThpt: 210001}}", Verdict.Fail)]
    [TestCase("{uLThptPerUE: {guaThpt: 100001}}", Verdict.Fail)]
    [TestCase("{uLThptPerSlice: {guaThpt: 90000}}", Verdict.Pass)]
    [TestCase("{uLThptPerSlice: {guaThpt: 100001}}", Verdict.Inconclusive)]
    [TestCase("{dLLatency: 13}", Verdict.Pass)]
    [TestCase("{dLLatency: 10}", Verdict.Inconclusive)]
    [TestCase("{latency: 13, uLLatency: 10}", Verdict.Inconclusive)]
    [TestCase("{jitter: 4000}", Verdict.Pass)]
    [TestCase("{jitter: 1000}", Verdict.Inconclusive)]
    [TestCase("{reliability: 99.99}", Verdict.Pass)]
    [TestCase("{reliability: 99.999}", Verdict.Inconclusive)]
    [TestCase("{availability: 99.9}", Verdict.Pass)]
    public void A_field_is_held_against_the_figure_of_its_slice(string profile, Verdict verdict)
    {
        RequirementResult result = Judge(profile);
        Assert.That(result.Verdict, Is.EqualTo(verdict), result.Cause.En);
    }

    [TestCase(1200, Verdict.Pass)]
    [TestCase(1201, Verdict.Inconclusive)]
    public void Sessions_that_were_not_tried_refute_nothing(int sessions, Verdict verdict) => Assert.That(
        Judge($"{{maxNumberofPDUSessions: {{nOofPDUSessions: {sessions}}}}}", "iot").Verdict, Is.EqualTo(verdict));

    [Test]
    public void Each_field_has_its_verdict_and_names_its_limit()
    {
        RequirementResult result = Judge("{dLThptPerUE: {guaThpt: 100000}, uLThptPerUE: {guaThpt: 500000}}");
        IEnumerable<string> fields = result.Kpis
            .Select(kpi => $"{kpi.Limit!.Source.En} {kpi.Limit.Value:0} {kpi.Verdict}");
        Assert.That(fields, Is.EqualTo(new[]
        {
            "claim: embb.serviceProfile.dLThptPerUE.guaThpt 100 Pass",
            "claim: embb.serviceProfile.uLThptPerUE.guaThpt 500 Fail",
        }));
        Assert.That(result.Cause.En, Does.StartWith("ULThptPerUE.guaThpt, uplink capacity of one UE"));
    }

    [TestCase("maxNumberofUEs: 10", "maxNumberofUEs")]
    [TestCase("uESpeed: 120, survivalTime: 5", "uESpeed, survivalTime")]
    public void A_promise_that_nothing_measures_is_named_and_never_passes(string promise, string named)
    {
        RequirementResult result = Judge($"{{dLLatency: 50, {promise}}}");
        Assert.That(result.Verdict, Is.EqualTo(Verdict.NotMeasurable));
        Assert.That(result.Cause.En, Is.EqualTo(
            $"Figures in the ServiceProfile of slice embb that nothing measures: {named}."));
        Assert.That(result.Kpis.Select(kpi => kpi.Verdict), Is.EqualTo(new[] { Verdict.Pass, Verdict.NotMeasurable }));
    }

    [Test]
    public void A_figure_of_another_slice_holds_nothing()
    {
        RequirementResult result = Judge("{dLLatency: 50}", "iot");
        Assert.That(result.Verdict, Is.EqualTo(Verdict.NotMeasurable));
        Assert.That(result.Cause.En, Does.Contain("slice iot: the claim has no low-latency scenario"));
    }

    [TestCase("")]
    [TestCase("embb→iot")]
    public void A_figure_that_does_not_name_this_slice_alone_is_not_taken(string scope) => Assert.That(
        Judge("{dLLatency: 50}", kpis: Bench.With("round-trip-delay-p99", kpi => kpi with { Scope = scope })).Verdict,
        Is.EqualTo(Verdict.Inconclusive));

    [Test]
    public void What_was_left_out_where_the_figure_is_made_is_the_reason_that_it_is_missing()
    {
        RunFacts facts = new() { Omissions = [new(new("时间不足", "no time for it"), ["SCN-LAT-001"])] };
        RequirementResult result = Judge("{dLLatency: 50}", kpis: Bench.Without("round-trip-delay-p99"), facts: facts);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.NotRun));
        Assert.That(result.Cause.En, Is.EqualTo("No time for it."));
    }

    [Test]
    public void A_test_that_failed_leaves_the_field_undecided()
    {
        RequirementResult result = Judge("{dLLatency: 50}", kpis: Bench.With("round-trip-delay-p99",
            kpi => kpi with { NotUsable = new("已中断", "it was cut short") }));
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Inconclusive));
    }
}
