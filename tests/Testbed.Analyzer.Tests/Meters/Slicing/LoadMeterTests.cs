using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters.Slicing;

/// <summary>SLC-004, SLC-005 and SLC-006 over made-up captures and records.</summary>
public sealed class LoadMeterTests
{
    private SliceRun _run = null!;

    [SetUp]
    public void Open() => _run = new();

    [TearDown]
    public void Close() => _run.Dispose();

    private KpiResult Result(string id) => _run.Analyze().Single(kpi => kpi.Id == id);

    [TestCase("uplink")]
    [TestCase("downlink")]
    public void A_limit_that_holds_is_seen_behind_the_UPF_of_its_direction(string direction)
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree, direction: direction);
        IReadOnlyList<KpiResult> kpis = _run.Analyze();
        Assert.Multiple(() =>
        {
            Assert.That(kpis.Single(kpi => kpi.Id == "offered-rate-ratio").Value, Is.EqualTo(1.5m).Within(0.01m));
            Assert.That(kpis.Single(kpi => kpi.Id == "enforced-rate-ratio").Value, Is.EqualTo(1m).Within(0.01m));
            Assert.That(kpis.Single(kpi => kpi.Id == "kept-rate-ratio").NotUsable, Is.Null);
        });
    }

    [Test]
    public void A_network_that_takes_less_than_it_promised_is_seen_from_both_sides()
    {
        _run.Load(SliceRun.Limit, i => i % 3 == 0);
        KpiResult kept = Result("kept-rate-ratio");
        Assert.That(kept.Low, Is.EqualTo(0.5m).Within(0.02m));
        Assert.That(kept.High, Is.EqualTo(0.5m).Within(0.02m));
    }

    [Test]
    public void A_sender_that_paused_breaks_no_promise_of_the_network()
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree, sends: i => i < 150);
        KpiResult kept = Result("kept-rate-ratio");
        Assert.That(kept.Low, Is.LessThan(0.6m));
        Assert.That(kept.High, Is.GreaterThan(0.95m));
    }

    [Test]
    public void A_limit_that_nobody_enforces_is_seen()
    {
        _run.Load(SliceRun.Limit, _ => true);
        Assert.That(Result("enforced-rate-ratio").Low, Is.EqualTo(1.5m).Within(0.01m));
    }

    [Test]
    public void A_guarantee_beside_no_overload_was_not_put_to_the_test()
    {
        _run.Load(0.8224m, _ => true, part: "gfbr", qfi: 1, seenQfi: 1);
        Assert.That(Result("kept-rate-ratio").NotUsable, Is.Not.Null);
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree, portOffset: 1);
        KpiResult kept = _run.Analyze().Single(
            kpi => kpi.Id == "kept-rate-ratio" && kpi.Findings[0].En.Contains("GFBR"));
        Assert.That(kept.NotUsable, Is.Null);
        Assert.That(kept.Value, Is.EqualTo(1m).Within(0.01m));
    }

    [Test]
    public void A_load_that_no_tap_saw_decides_nothing()
    {
        _run.Load(SliceRun.Limit, _ => false, direction: "downlink");
        Assert.That(Result("enforced-rate-ratio").NotUsable, Is.Not.Null);
    }

    [Test]
    public void An_uplink_that_the_tap_at_N6_shows_nothing_of_breaks_no_promise()
    {
        _run.Load(SliceRun.Limit, _ => false);
        Assert.That(Result("kept-rate-ratio").NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [TestCase(5, true)]
    [TestCase(50, false)]
    public void A_rate_behind_a_tap_that_drops_is_no_rate(long drops, bool isUsable)
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.N6Drops = drops;
        Assert.That(Result("enforced-rate-ratio").NotUsable is null, Is.EqualTo(isUsable));
        Assert.That(Result("kept-rate-ratio").NotUsable is null, Is.EqualTo(isUsable));
    }

    [Test]
    public void A_record_of_a_block_of_years_is_no_record()
    {
        _run.BlockShiftUs = 40L * 365 * 86_400 * 1_000_000;
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        Assert.That(_run.Analyze().Select(kpi => kpi.Id), Does.Not.Contain("kept-rate-ratio"));
    }

    [Test]
    public void What_an_attempt_that_was_set_aside_says_stands_beside_the_one_that_counts()
    {
        _run.Load(SliceRun.Limit, _ => true, seenQfi: 5);
        _run.Witness("other", "B", 9, (_, isLoaded) => isLoaded ? 30_000 : 10_000);
        _run.SetAside();
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree, portOffset: 1);
        _run.Witness("other", "B", 9, (_, _) => 10_000);
        KpiResult Single(string id) => _run.Analyze().Single(kpi => kpi.Id == id);
        Assert.Multiple(() =>
        {
            Assert.That(Single("isolation-delay-ratio").High, Is.EqualTo(1m).Within(0.01m));
            Assert.That(Single("isolation-delay-ratio").OtherAttempts.Single().Low, Is.EqualTo(3m).Within(0.01m));
            Assert.That(Single("enforced-rate-ratio").OtherAttempts.Single().Low, Is.EqualTo(1.5m).Within(0.01m));
            Assert.That(Single("kept-rate-ratio").OtherAttempts, Has.Count.EqualTo(1));
            KpiResult mapping = _run.Analyze().Single(kpi => kpi.Id == "qos-mapping-mismatch-ratio");
            Assert.That((mapping.Value, mapping.OtherAttempts.Single().Low), Is.EqualTo((0m, 1m)));
        });
    }

    [Test]
    public void An_attempt_against_another_slice_or_in_the_other_direction_says_nothing_of_this_one()
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree, direction: "downlink");
        _run.Witness("other", "B", 9, (_, isLoaded) => isLoaded ? 30_000 : 10_000);
        _run.SetAside();
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree, portOffset: 1);
        _run.Witness("other", "B", 9, (_, _) => 10_000);
        Assert.That(_run.Analyze().SelectMany(kpi => kpi.OtherAttempts), Is.Empty);
    }

    [TestCase(8, 0)]
    [TestCase(9, 1)]
    public void A_witness_on_another_QFI_than_claimed_is_seen_in_each_direction(byte downQfi, int share)
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("upper", "B", 8, (_, _) => 10_000);
        _run.WitnessOnN3(1_000_000, 8, downQfi);
        KpiResult[] mapped =
            [.. _run.Analyze().Where(kpi => kpi is { Id: "qos-mapping-mismatch-ratio", Scope: "B" })];
        Assert.That(mapped.Single(kpi => kpi.Direction is Direction.Uplink).Value, Is.Zero);
        Assert.That(mapped.Single(kpi => kpi.Direction is Direction.Downlink).Value, Is.EqualTo(share));
    }

    [TestCase("10.46.0.9", "10.100.62.10", 40_000)]
    [TestCase("10.46.0.2", "10.100.62.9", 40_000)]
    [TestCase("10.46.0.2", "10.100.62.10", 40_001)]
    public void Packets_that_are_no_witness_say_nothing_of_its_QFI(string ue, string remote, int port)
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("upper", "B", 8, (_, _) => 10_000);
        _run.WitnessOnN3(1_000_000, 8, 8);
        _run.Crossing.OnN3(1_001_000, Packets.Up(Packets.Udp(ue, remote, 1, 60_001, 30_500, port), qfi: 9));
        Assert.That(_run.Analyze().Where(kpi => kpi is { Id: "qos-mapping-mismatch-ratio", Scope: "B" })
            .Select(kpi => (kpi.Value, kpi.Samples)), Is.All.EqualTo((0m, 1L)).And.Exactly(2).Items);
    }

    [Test]
    public void Clocks_too_far_apart_to_find_the_block_decide_nothing()
    {
        _run.Load(SliceRun.Limit, _ => true);
        _run.ClockBoundNs = 300_000_000;
        Assert.That(Result("enforced-rate-ratio").NotUsable, Is.Not.Null);
    }

    [TestCase(9, 0)]
    [TestCase(5, 1)]
    public void Packets_on_another_QFI_than_claimed_are_counted(byte seen, int share)
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree, seenQfi: seen);
        Assert.That(Result("qos-mapping-mismatch-ratio").Value, Is.EqualTo(share));
    }

    [Test]
    public void A_slice_that_is_left_alone_keeps_its_delay_and_loss()
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("other", "B", 8, (us, _) => 10_000 + us / 1000 % 100);
        IReadOnlyList<KpiResult> kpis = _run.Analyze();
        KpiResult ratio = kpis.Single(kpi => kpi.Id == "isolation-delay-ratio");
        Assert.Multiple(() =>
        {
            Assert.That(ratio.Value, Is.EqualTo(1m).Within(0.01m));
            Assert.That(ratio.High, Is.LessThan(1.1m));
            Assert.That(ratio.Confidence, Is.EqualTo(0.95m));
            Assert.That(kpis.Single(kpi => kpi.Id == "isolation-added-loss").Value, Is.Zero);
            Assert.That(kpis.Single(kpi => kpi.Id == "isolation-load-ratio").Value, Is.EqualTo(1.5m).Within(0.01m));
        });
    }

    [TestCase(false, "watched in an uplink overload only, not in a downlink one")]
    [TestCase(true, "watched in overloads of either direction")]
    public void The_directions_of_the_overload_are_told(bool isDownlinkToo, string expected)
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("other", "B", 8, (_, _) => 10_000);
        if (isDownlinkToo)
        {
            _run.Load(SliceRun.Limit, SliceRun.TwoOfThree, direction: "downlink", portOffset: 1, phase: "downlink");
            _run.Witness("other", "B", 8, (_, _) => 10_000, phase: "downlink");
        }
        foreach (KpiResult kpi in _run.Analyze().Where(kpi => kpi.Id == "isolation-delay-ratio"))
            Assert.That(kpi.Findings[1].En, Is.EqualTo(expected));
    }

    [Test]
    public void A_slice_that_waits_behind_another_fails_by_its_undisturbed_packets()
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("other", "B", 8, (_, loaded) => loaded ? 50_000 : 10_000, us => us / 1000 % 20 == 0);
        Assert.That(Result("isolation-delay-ratio").Low, Is.EqualTo(5m).Within(0.01m));
    }

    [Test]
    public void What_a_kit_disturbed_in_the_overload_cannot_fail_and_cannot_pass()
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("other", "B", 8, (us, loaded) => loaded && us / 1000 % 20 == 0 ? 90_000 : 10_000,
            us => us / 1000 % 20 == 0);
        KpiResult ratio = Result("isolation-delay-ratio");
        Assert.That((ratio.Low <= 1.5m, ratio.High > 1.5m), Is.EqualTo((true, true)));
    }

    [Test]
    public void A_kit_that_stood_still_while_the_slice_was_alone_makes_no_ratio_smaller()
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("other", "B", 8, (us, loaded) => loaded ? 50_000 : us / 1000 % 20 == 0 ? 90_000 : 10_000,
            us => us / 1000 % 20 == 0);
        Assert.That(Result("isolation-delay-ratio").High, Is.EqualTo(5m).Within(0.01m));
    }

    // Else a kit that is kept busy all the time would pass any overload: all is slow beside nothing that is quick.
    [Test]
    public void A_kit_that_always_stood_still_while_the_slice_was_alone_passes_nothing()
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("other", "B", 8, (_, loaded) => loaded ? 50_000 : 45_000, _ => true);
        KpiResult ratio = Result("isolation-delay-ratio");
        Assert.That((ratio.Value < 1.5m, ratio.Low < 1.5m, ratio.High), Is.EqualTo((true, true, 1_000_000m)));
    }

    [Test]
    public void A_slice_that_loses_packets_alone_leaves_nothing_to_compare_with()
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("other", "B", 8, (us, loaded) => !loaded && us / 1000 % 20 == 0 ? -1 : 10_000);
        KpiResult ratio = Result("isolation-delay-ratio");
        Assert.That(ratio.NotUsable?.En, Does.Contain("were lost alone"), $"{ratio.Low} to {ratio.High}");
    }

    [Test]
    public void Packets_lost_while_the_path_comes_up_belong_to_neither_side()
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("other", "B", 8, (us, _) => us < 490_000 ? -1 : 10_000);
        KpiResult ratio = Result("isolation-delay-ratio");
        Assert.That(ratio.NotUsable, Is.Null);
        Assert.That((ratio.Low, ratio.Value, ratio.High), Is.EqualTo((1m, 1m, 1m)));
        Assert.That(Result("isolation-added-loss").Value, Is.Zero);
    }

    [Test]
    public void Loss_that_the_overload_adds_is_bounded_from_both_sides()
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("other", "B", 8, (us, loaded) => loaded && us / 1000 % 10 == 0 ? -1 : 10_000);
        KpiResult loss = Result("isolation-added-loss");
        Assert.That(loss.Value, Is.EqualTo(0.1m).Within(0.01m));
        Assert.That(loss.Low, Is.InRange(0.07m, 0.1m));
        Assert.That(Result("isolation-delay-ratio").Value, Is.EqualTo(1_000_000m), "p99 has no end when 10 % are lost");
    }

    [TestCase(1_000, 0.0, 0.1)]
    [TestCase(40_000, 0.6, 0.8)]
    public void The_higher_class_is_compared_by_the_delay_that_the_overload_adds(long addedUs, double from, double to)
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("upper", "A", 1, (_, loaded) => loaded ? 10_000 + addedUs : 10_000);
        _run.Witness("lower", "A", 9, (us, loaded) => us % 3_000 == 0 && loaded ? -1 : loaded ? 70_000 : 10_000);
        KpiResult ratio = Result("priority-delay-ratio");
        Assert.That(ratio.NotUsable, Is.Null);
        Assert.That((double)ratio.Value, Is.InRange(from, to));
    }

    [Test]
    public void Where_the_lower_class_does_not_queue_no_priority_can_be_seen()
    {
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Witness("upper", "A", 1, (_, _) => 10_000);
        _run.Witness("lower", "A", 9, (_, loaded) => loaded ? 10_500 : 10_000);
        Assert.That(Result("priority-delay-ratio").NotUsable, Is.Not.Null);
    }
}
