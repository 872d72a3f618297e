using Testbed.Analyzer.Judging;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Judging;

public class JudgeTests
{
    private const string Rtt = "round-trip-delay-p99";

    private static Verdict Delay(decimal value, decimal low, decimal high, decimal standardUncertainty = 0) =>
        Bench.Judge("SCN-LAT-001", Bench.With(Rtt, kpi => kpi with
        {
            Value = value, Low = low, High = high, Uncertainty = [new("clock-bound", standardUncertainty)],
        })).Verdict;

    // The claim says 15 ms.
    [TestCase(15, 15, 15, 0, Verdict.Pass)]
    [TestCase(14, 13, 15.001, 0, Verdict.Inconclusive)]
    [TestCase(14, 13, 14.5, 0.25, Verdict.Pass)]
    [TestCase(14, 13, 14.5, 0.26, Verdict.Inconclusive)]
    [TestCase(16, 15.001, 17, 0, Verdict.Fail)]
    [TestCase(16, 15, 17, 0, Verdict.Inconclusive)]
    [TestCase(16, 15.5, 17, 0.25, Verdict.Inconclusive)]
    [TestCase(16, 15.501, 17, 0.25, Verdict.Fail)]
    public void An_upper_limit_decides_only_outside_interval_and_guard_band(
        decimal value, decimal low, decimal high, decimal u, Verdict verdict) =>
        Assert.That(Delay(value, low, high, u), Is.EqualTo(verdict));

    [TestCase(15.001, 0, Verdict.Inconclusive)]
    [TestCase(15, 0, Verdict.Pass)]
    [TestCase(15.4, 0.4, Verdict.Pass)]
    [TestCase(15.41, 0.4, Verdict.Inconclusive)]
    public void An_attempt_that_was_set_aside_stands_against_a_pass_only_where_it_misses_by_its_whole_interval(
        decimal otherLow, decimal expandedUncertainty, Verdict verdict) =>
        Assert.That(Bench.Judge("SCN-LAT-001", Bench.With(Rtt, kpi => kpi with
        {
            Value = 10, Low = 9, High = 11, OtherAttempts = [new(otherLow, 80, expandedUncertainty, "stamp-8.csv")],
        })).Verdict, Is.EqualTo(verdict));

    [TestCase(150, 155, Verdict.Pass)]
    [TestCase(149.9, 155, Verdict.Inconclusive)]
    [TestCase(140, 150, Verdict.Inconclusive)]
    [TestCase(140, 149.9, Verdict.Fail)]
    public void A_lower_limit_is_the_mirror(decimal low, decimal high, Verdict verdict) =>
        Assert.That(Bench.Judge("SCN-BW-001", Bench.With("downlink-capacity",
            kpi => kpi with { Value = (low + high) / 2, Low = low, High = high })).Verdict, Is.EqualTo(verdict));

    [Test]
    public void A_value_outside_its_own_interval_widens_it()
    {
        Assert.That(Delay(16, 10, 12), Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void A_claim_weaker_than_the_floor_is_held_to_the_floor()
    {
        Claim weak = Bench.Claim(text => text.Replace("rttMsP99: \"15\"", "rttMsP99: \"40\""));
        List<KpiResult> kpis = Bench.With(Rtt, kpi => kpi with { Value = 25, Low = 24, High = 26 });
        RequirementResult result = Bench.Judge("SCN-LAT-001", kpis, weak);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Fail));
        Assert.That(result.Limit!.Value, Is.EqualTo(20));
        Assert.That(result.Limit.Source.Zh, Does.Contain("5QI 80").And.Contain("40"));
        Assert.That(result.Limit.Source.En, Does.Contain("5QI 80").And.EndWith("the claimed 40 is weaker"));
    }

    [Test]
    public void A_claim_stricter_than_the_floor_is_held_to_the_claim()
    {
        RequirementResult result = Bench.Judge("SCN-BW-001", Bench.Good());
        Assert.That(result.Limit, Is.EqualTo(new AppliedLimit(
            150, "Mbit/s", LimitRule.AtLeast, LocalText.Same("claim: large-bandwidth.dlMbps"))));
    }

    [Test]
    public void Lost_frames_that_could_turn_a_verdict_make_it_and_the_capture_invalid()
    {
        Judgement judgement = Bench.Judge(
            Bench.With("user-plane-loss-ratio", kpi => kpi with { CaptureLossHigh = 0.01m }));
        Assert.That(Of(judgement, "E2E-003").Verdict, Is.EqualTo(Verdict.Invalid));
        Assert.That(Of(judgement, "KIT-002").Verdict, Is.EqualTo(Verdict.Invalid));
        Assert.That(Of(judgement, "KIT-002").Cause.En, Does.Contain("E2E-003"));
        Assert.That(judgement.Conclusion.Environment, Is.EqualTo(Verdict.Invalid));
    }

    [Test]
    public void Lost_frames_that_cannot_turn_a_verdict_change_nothing()
    {
        List<KpiResult> kpis = Bench.With("user-plane-loss-ratio", kpi => kpi with { CaptureLossHigh = 0.001m });
        Assert.That(Bench.Judge("E2E-003", kpis).Verdict, Is.EqualTo(Verdict.Pass));
        Assert.That(Bench.Judge("KIT-002", kpis).Verdict, Is.EqualTo(Verdict.Pass));
    }

    [TestCase("point: n6, kit: kit-a, interface: n6a", "point: n2, kit: kit-a, interface: n6a", "E2E-003",
        "a tap on n6")]
    [TestCase("  - {point: n4, kit: kit-a, interface: n4u}\n  - {point: n2, kit: kit-a, interface: n2u}\n", "",
        "SLC-001", "a tap on n4 or a tap on n2")]
    [TestCase("  - {role: dn, kit: kit-dn, address: 10.100.61.10}\n", "", "SCN-LAT-001",
        "a dn endpoint for slice embb")]
    [TestCase("rttMsP99: \"15\"", "to: edge, rttMsP99: \"15\"", "SCN-LAT-001", "an edge endpoint for slice embb")]
    [TestCase("interface: n3u}", "interface: n3u, slices: [embb]}", "SCN-DEN-001", "a tap on n3 for slice iot")]
    public void A_missing_tap_or_endpoint_is_named(string there, string instead, string id, string missing)
    {
        Claim claim = Bench.Claim(text => text.Replace(there, instead));
        RequirementResult result = Bench.Judge(id, Bench.Good(), claim);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.NotMeasurable), result.Cause.En);
        Assert.That(result.Cause.En, Is.EqualTo($"The claim lacks {missing}."));
    }

    [TestCase("E2E-005", "gtpu-echo-responses", "n3-active")]
    [TestCase("SCN-BW-001", "downlink-capacity", "load")]
    [TestCase("SCN-DEN-001", "concurrent-active-sessions", "load")]
    public void Without_consent_nothing_was_run(string id, string kpi, string consent)
    {
        Claim claim = Bench.Claim(text => text.Replace("consent: [load, n3-active]", "consent: []"));
        RequirementResult result = Bench.Judge(id, Bench.Without(kpi), claim);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.NotRun));
        Assert.That(result.Cause.En, Is.EqualTo($"The claim does not consent to {consent}."));
    }

    [Test]
    public void What_the_plan_left_out_was_not_run()
    {
        var facts = new RunFacts { Omissions = [new(new("时间不足", "no time for it"), ["SCN-REL-001"])] };
        RequirementResult result = Bench.Judge("SCN-REL-001", Bench.Without("delivered-in-time-ratio"), facts: facts);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.NotRun));
        Assert.That(result.Cause.En, Is.EqualTo("No time for it."));
    }

    [Test]
    public void What_the_inspector_skipped_was_not_run() => Assert.That(
        Bench.Judge("E2E-001", Bench.Good(), facts: new() { Unwanted = ["E2E-001"] }).Verdict,
        Is.EqualTo(Verdict.NotRun));

    [Test]
    public void A_scenario_that_is_not_claimed_does_not_apply()
    {
        Claim claim = Bench.Claim(text => text.Replace(
            "  - {type: high-reliability, slice: embb, ratio: \"0.9999\", withinMs: \"50\", "
                + "availability: \"0.9\", survivalMs: \"9\"}\n", ""));
        RequirementResult result = Bench.Judge("SCN-REL-001", Bench.Good(), claim);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.NotApplicable));
        Assert.That(result.Cause.Zh, Is.EqualTo("未申报高可靠场景。"));
    }

    [Test]
    public void A_figure_that_is_not_claimed_and_has_no_floor_does_not_apply()
    {
        Claim claim = Bench.Claim(text => text.Replace(", jitterMs: \"8\"", ""));
        Assert.That(Bench.Judge("SCN-LAT-002", Bench.Good(), claim).Verdict, Is.EqualTo(Verdict.NotApplicable));
        Assert.That(Bench.Judge("SCN-LAT-001", Bench.Good(), claim).Verdict, Is.EqualTo(Verdict.Pass));
    }

    [Test]
    public void A_figure_that_is_not_claimed_is_held_to_the_floor_where_there_is_one()
    {
        Claim claim = Bench.Claim(text => text.Replace(", setupSuccess: \"0.99\"", ""));
        RequirementResult result = Bench.Judge(
            "SCN-DEN-002", Bench.With("session-setup-success-ratio", Bench.Missed), claim);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Fail));
    }

    [TestCase(Direction.Uplink)]
    [TestCase(Direction.Downlink)]
    public void One_direction_alone_never_passes(Direction missing)
    {
        List<KpiResult> kpis =
            [.. Bench.Good().Where(kpi => kpi.Id != "user-plane-loss-ratio" || kpi.Direction != missing)];
        RequirementResult result = Bench.Judge("E2E-003", kpis);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.Cause.En, Does.Contain(missing.ToString().ToLowerInvariant()));
    }

    [Test]
    public void One_bad_direction_fails_both()
    {
        List<KpiResult> kpis = [.. Bench.Good().Select(kpi =>
            kpi.Id == "user-plane-loss-ratio" && kpi.Direction is Direction.Downlink ? Bench.Missed(kpi) : kpi)];
        Assert.That(Bench.Judge("E2E-003", kpis).Verdict, Is.EqualTo(Verdict.Fail));
    }

    [Test]
    public void A_tap_without_loss_counters_never_passes()
    {
        List<KpiResult> kpis = [.. Bench.Good().Where(kpi => kpi.Id != "capture-loss-ratio" || kpi.Scope != "n4/n4u")];
        RequirementResult result = Bench.Judge("KIT-002", kpis);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.Cause.En, Does.Contain("n4/n4u"));
    }

    [Test]
    public void A_slow_kit_keeps_a_low_rate_from_failing()
    {
        List<KpiResult> kpis = [.. Bench.Good().Select(kpi =>
            kpi.Id is "kit-ceiling-rate" or "downlink-capacity" ? Bench.Missed(kpi) : kpi)];
        Assert.That(Bench.Judge("KIT-004", kpis).Verdict, Is.EqualTo(Verdict.Inconclusive));
        RequirementResult result = Bench.Judge("SCN-BW-001", kpis);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.Cause.En, Does.Contain("KIT-004"));
    }

    [Test]
    public void A_one_way_mirror_keeps_loss_from_failing()
    {
        List<KpiResult> kpis = [.. Bench.Good().Select(kpi =>
            kpi.Id is "mirror-directions-missing" or "user-plane-loss-ratio" ? Bench.Missed(kpi) : kpi)];
        Assert.That(Bench.Judge("KIT-003", kpis).Verdict, Is.EqualTo(Verdict.Invalid));
        Assert.That(Bench.Judge("E2E-003", kpis).Verdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [TestCase("kit-a", Verdict.Pass)]
    [TestCase("kit-b", Verdict.Inconclusive)]
    public void With_bad_clocks_transit_counts_only_between_taps_of_one_kit(string kit, Verdict verdict)
    {
        Claim claim = Bench.Claim(text => text.Replace("point: n6, kit: kit-a", $"point: n6, kit: {kit}"));
        List<KpiResult> kpis = Bench.With("clock-steps", kpi => kpi with { Value = 1, Low = 1, High = 1 });
        Assert.That(Bench.Judge("KIT-001", kpis, claim).Verdict, Is.EqualTo(Verdict.Invalid));
        Assert.That(Bench.Judge("SCN-LAT-003", kpis, claim).Verdict, Is.EqualTo(verdict));
    }

    [Test]
    public void Figures_of_another_slice_do_not_speak_of_the_scenario()
    {
        List<KpiResult> kpis = Bench.Good();
        kpis.Add(Bench.Missed(Bench.Between(Rtt, 1, 1, 1, "ms") with { Scope = "iot" }));
        Assert.That(Bench.Judge("SCN-LAT-001", kpis).Verdict, Is.EqualTo(Verdict.Pass));
        kpis = Bench.With(Rtt, kpi => kpi with { Scope = "iot" });
        Assert.That(Bench.Judge("SCN-LAT-001", kpis).Verdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void A_wrong_unit_is_invalid() => Assert.That(
        Bench.Judge("SCN-LAT-001", Bench.With(Rtt, kpi => kpi with { Unit = "us" })).Verdict,
        Is.EqualTo(Verdict.Invalid));

    [Test]
    public void An_interval_without_confidence_decides_nothing() => Assert.That(
        Bench.Judge("SCN-LAT-001", Bench.With(Rtt, kpi => kpi with { Confidence = null })).Verdict,
        Is.EqualTo(Verdict.Inconclusive));

    [Test]
    public void A_quick_plan_needs_fewer_delay_samples_but_as_many_for_reliability()
    {
        RunFacts quick = new() { Quick = true };
        List<KpiResult> few = Bench.With(Rtt, kpi => kpi with { Samples = 1_000 });
        Assert.That(Bench.Judge("SCN-LAT-001", few).Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(Bench.Judge("SCN-LAT-001", few, facts: quick).Verdict, Is.EqualTo(Verdict.Pass));
        List<KpiResult> short4 = Bench.With("delivered-in-time-ratio", kpi => kpi with { Samples = 29_955 });
        RequirementResult result = Bench.Judge("SCN-REL-001", short4, facts: quick);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.Cause.En, Does.Contain("fewer than the 29956 samples needed"));
    }

    [Test]
    public void A_requirement_that_this_version_does_not_examine_was_not_run()
    {
        Profile profile = Bench.Profile with
        {
            Requirements = [.. Bench.Profile.Requirements.Select(each => each with { Judged = each.Id != "E2E-001" })],
        };
        RequirementResult result = Judge.Evaluate(profile, Bench.Claim(), Bench.Good(), new()).Requirements
            .Single(each => each.Id == "E2E-001");
        Assert.That(result.Verdict, Is.EqualTo(Verdict.NotRun));
        Assert.That(result.Remedy, Is.Null);
    }

    private static RequirementResult Of(Judgement judgement, string id) =>
        judgement.Requirements.Single(r => r.Id == id);
}
