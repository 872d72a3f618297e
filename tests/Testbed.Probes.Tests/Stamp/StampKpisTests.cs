using Testbed.Conformance.Results;
using Testbed.Conformance.Statistics;
using Testbed.Probes.Stamp;

namespace Testbed.Probes.Tests.Stamp;

/// <summary>Figures of invented sessions: what a kit that stands still may do to a verdict and what not.</summary>
public sealed class StampKpisTests
{
    private const long Ms = 1_000_000;

    /// <summary>Sessions of so many packets; each is (round trip in ms, disturbed).</summary>
    /// <param name="notSent">Packets that the kernel refused, beside these.</param>
    private static IReadOnlyList<KpiResult> Build(
        IEnumerable<(int RttMs, bool Disturbed)> packets, int notSent = 0, string farEnd = "dn")
    {
        (int RttMs, bool Disturbed)[] all = [.. packets];
        DelaySamples samples = new(all.Length);
        StampCounters counters = new() { NotSent = notSent };
        LossSequence losses = new(), proven = new();
        foreach ((int rttMs, bool disturbed) in all)
        {
            samples.Add(rttMs * Ms, 0, 0, disturbed ? 0 : rttMs * Ms);
            counters.Sent++;
            losses.Add(rttMs > 100);
            if (disturbed) counters.Disturbed++;
            proven.Add(!disturbed && rttMs > 100);
        }
        StampSenderOrder order = StampSenderOrder.Read(new(new("t", "stamp-sender", new byte[32],
            new Dictionary<string, string>
            {
                ["localAddress"] = "127.0.0.1", ["localPort"] = "0", ["remoteAddress"] = "127.0.0.1", ["port"] = "9",
                ["session"] = "1", ["slice"] = "embb", ["count"] = "10000", ["ratePps"] = "1000",
                ["packetBytes"] = "112", ["deadlineMs"] = "100", ["farEnd"] = farEnd,
            })));
        return new StampKpis(order, new(samples, counters, losses, proven, 0, 0), "test").Build();
    }

    private static KpiResult Kpi(IReadOnlyList<KpiResult> kpis, string id) => kpis.Single(kpi => kpi.Id == id);

    [Test]
    public void Delay_that_only_disturbed_packets_had_cannot_fail_and_still_does_not_pass()
    {
        KpiResult p99 = Kpi(Build(Enumerable.Range(0, 10_000).Select(i => i % 20 == 0 ? (60, true) : (2, false))),
            "round-trip-delay-p99");
        Assert.That((p99.Value, p99.High), Is.EqualTo((60m, 60m)), "a limit of 20 ms is not kept");
        Assert.That(p99.Low, Is.EqualTo(2m), "and not missed either");
    }

    [Test]
    public void Delay_of_the_network_fails_however_many_packets_a_kit_disturbed_beside_it()
    {
        IEnumerable<(int, bool)> packets = Enumerable.Range(0, 10_000).Select(
            i => i % 3 == 0 ? (30, true) : i % 50 == 1 ? (60, false) : (2, false));
        KpiResult p99 = Kpi(Build(packets), "round-trip-delay-p99");
        Assert.That(p99.Low, Is.EqualTo(60m));
    }

    [Test]
    public void A_session_that_was_disturbed_throughout_states_no_lower_end()
    {
        IReadOnlyList<KpiResult> kpis = Build(Enumerable.Repeat((200, true), 10_000));
        Assert.That(Kpi(kpis, "round-trip-delay-p99").Low, Is.Zero);
        Assert.That(Kpi(kpis, "delivered-in-time-ratio").High, Is.EqualTo(1));
        Assert.That(Kpi(kpis, "delivered-in-time-ratio").Value, Is.Zero);
    }

    [Test]
    public void Late_packets_of_a_kit_that_stood_still_leave_the_ratio_open()
    {
        IEnumerable<(int, bool)> packets = Enumerable.Range(0, 10_000).Select(
            i => i is > 5_000 and < 5_100 ? (200, true) : (2, false));
        KpiResult ratio = Kpi(Build(packets), "delivered-in-time-ratio");
        Assert.That(ratio.Value, Is.EqualTo(0.9901m));
        Assert.That(ratio.High, Is.EqualTo(1m), "none of the others was late");
        Assert.That(ratio.Low, Is.LessThan(0.9901m));
        Assert.That(
            ratio.Findings.Select(finding => finding.En), Has.Some.Contains("99 packets were sent late, or away"));
    }

    [Test]
    public void What_the_kernel_refused_stands_against_a_pass_and_fails_nobody()
    {
        KpiResult all = Kpi(Build(Enumerable.Repeat((2, false), 10_000)), "delivered-in-time-ratio");
        KpiResult some = Kpi(Build(Enumerable.Repeat((2, false), 9_950), notSent: 50), "delivered-in-time-ratio");
        Assert.That(all.Low, Is.GreaterThan(0.999m));
        Assert.That(some.Low, Is.LessThan(0.995m), "fifty lost packets would be as many");
        Assert.That(some.High, Is.EqualTo(1m));
        Assert.That(some.NotUsable, Is.Null);
    }

    /// <remarks>A UE whose session breaks off for 0.9 % of the time used to show a clean p99.9.</remarks>
    [TestCase(90, "delay-variation-p999", 1_998, 0)]
    [TestCase(90, "round-trip-delay-p99", 2_000, 2)]
    [TestCase(20, "round-trip-delay-p99", 2, 2)]
    public void What_the_kernel_refused_is_slower_than_any_limit_for_a_pass_and_no_delay_for_a_fail(
        int notSent, string id, int highMs, int lowMs)
    {
        KpiResult kpi = Kpi(Build(Enumerable.Repeat((2, false), 10_000 - notSent), notSent), id);
        Assert.That((kpi.High, kpi.Low), Is.EqualTo(((decimal)highMs, (decimal)lowMs)));
        Assert.That(kpi.NotUsable, Is.Null);
    }

    [Test]
    public void Refused_and_slow_packets_add_up_against_a_pass_and_the_slow_ones_alone_fail()
    {
        IEnumerable<(int, bool)> Slow(int count) => Enumerable.Range(0, 9_910).Select(i => (i < count ? 60 : 2, false));
        KpiResult both = Kpi(Build(Slow(90), notSent: 90), "round-trip-delay-p99");
        Assert.That((both.Value, both.High, both.Low), Is.EqualTo((60m, 2_000m, 2m)), "neither kept nor missed");
        Assert.That(Kpi(Build(Slow(200), notSent: 90), "round-trip-delay-p99").Low, Is.EqualTo(60m));
    }

    [TestCase(2, "all of 1000 packets were back within 100 ms")]
    [TestCase(200, "1000 of 1000 packets were not back within 100 ms: 0 lost, 0 late")]
    public void A_share_that_was_delivered_says_within_what_time(int rttMs, string words) => Assert.That(
        Kpi(Build(Enumerable.Repeat((rttMs, false), 1_000)), "delivered-in-time-ratio").Findings[0].En,
        Does.StartWith(words));

    [TestCase(100, false)]
    [TestCase(101, true)]
    [TestCase(9_000, true)]
    public void A_test_of_which_the_kernel_refused_much_is_not_the_one_that_was_planned(int notSent, bool isOpen)
    {
        IReadOnlyList<KpiResult> kpis = Build(Enumerable.Repeat((200, false), 10_000 - notSent), notSent);
        foreach (string id in (string[])["delivered-in-time-ratio", "round-trip-delay-p99", "delay-variation-p999"])
        {
            Assert.That(Kpi(kpis, id).NotUsableVerdict, Is.EqualTo(isOpen ? (Verdict?)Verdict.Inconclusive : null), id);
            if (isOpen) Assert.That(Kpi(kpis, id).NotUsable!.En, Does.Contain($"refused {notSent} of 10000"));
        }
    }

    [TestCase("dn", "embb")]
    [TestCase("edge", "embb→edge")]
    public void Every_figure_belongs_to_its_slice_and_far_end(string farEnd, string scope) => Assert.That(
        Build(Enumerable.Repeat((2, false), 10_000), farEnd: farEnd).Select(kpi => kpi.Scope), Is.All.EqualTo(scope));

    [Test]
    public void The_first_finding_of_a_delay_shows_its_spread()
    {
        KpiResult p99 = Kpi(Build(Enumerable.Range(1, 1_000).Select(i => (i, false))), "round-trip-delay-p99");
        Assert.That(p99.Findings[0].En, Is.EqualTo("1000 round trips: p50 500, p99 990, p99.9 999, max 1000 ms"));
    }
}
