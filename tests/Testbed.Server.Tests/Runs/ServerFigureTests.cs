using System.Globalization;
using System.Net;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Server.Agents;
using Testbed.Server.Planning;
using Testbed.Server.Runs;
using Testbed.Server.Runs.Conclusions;
using Testbed.Server.Runs.Traffic;

namespace Testbed.Server.Tests.Runs;

/// <summary>Figures that the server makes itself, and what it does not let pass.</summary>
public sealed class ServerFigureTests
{
    private static readonly LocalText Broken = new("坏", "broken");

    [Test]
    public void One_boot_is_one_clock_and_leaves_no_share()
    {
        ClockFigures clocks = new([Agent("a", "boot", null), Agent("b", "boot", null)]);
        KpiResult share = clocks.Share(ClaimSamples.Lab);
        Assert.That(share.Value, Is.Zero);
        Assert.That(share.NotUsable, Is.Null);
    }

    [Test]
    public void Two_clocks_are_as_far_apart_as_both_bounds_together()
    {
        ClockFigures clocks = new([Agent("a", "one", 1_000_000), Agent("b", "two", 500_000)]);
        Assert.That(clocks.BoundNs, Is.EqualTo(1_500_000));
        Assert.That(clocks.Share(WithTransit(15m)).Value, Is.EqualTo(0.1m));
    }

    [Test]
    public void A_bound_that_nobody_knows_is_not_zero()
    {
        ClockFigures clocks = new([Agent("a", "one", 1_000), Agent("b", "two", null)]);
        KpiResult share = clocks.Share(ClaimSamples.Lab);
        Assert.That(share.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(share.NotUsable!.En, Does.Contain("b"));
        Assert.That(clocks.BoundNs, Is.GreaterThan(60_000_000_000));
    }

    [TestCase("{\"boundNs\":-5,\"source\":\"chrony\"}")]
    [TestCase("{\"boundNs\":\"12\"}")]
    [TestCase("[1]")]
    [TestCase("not json")]
    [TestCase("")]
    public void A_clock_that_says_nonsense_has_no_known_bound(string json)
    {
        ClockFigures clocks = new([Agent("a", "one", 1), Agent("b", "two", 1) with { ClockJson = json }]);
        Assert.That(clocks.KnownBoundNs, Is.Null);
    }

    [Test]
    public void Agents_that_could_not_read_their_boot_share_no_clock()
    {
        Assert.That(new ClockFigures([Agent("a", "", null), Agent("b", "", null)]).IsOneClock, Is.False);
    }

    [Test]
    public void Capture_loss_is_what_was_dropped_of_all_that_came()
    {
        KpiResult loss = CaptureLossFigures.Of(Tap(new(900, 60, 40, 1, 2, 1)), null);
        Assert.That(loss.Value, Is.EqualTo(0.1m));
        Assert.That(loss.Samples, Is.EqualTo(1_000));
        Assert.That(loss.Scope, Is.EqualTo("n3/n3u"));
    }

    [TestCase(10_000, "0.08")]
    [TestCase(999, "0", Description = "too few to show a share of one in a thousand")]
    public void What_a_mirror_lost_is_capture_loss_though_no_counter_knows_it(long packets, string loss)
    {
        KpiResult gaps = RunHarness.Kpi("capture-gap-ratio", 0.08m, "1", packets) with { Findings = [Broken] };
        KpiResult kpi = CaptureLossFigures.Of(Tap(new(1_000, 0, 0, 1, 2, 1)), gaps);
        Assert.That(kpi.Value, Is.EqualTo(decimal.Parse(loss, CultureInfo.InvariantCulture)));
        Assert.That(kpi.Findings.Contains(Broken), Is.EqualTo(kpi.Value > 0));
        Assert.That(CaptureLossFigures.Of(Tap(new(900, 60, 40, 1, 2, 1)), gaps).Value, Is.EqualTo(0.1m));
    }

    [Test]
    public void A_tap_without_counters_decides_nothing_and_one_that_contradicts_itself_is_invalid()
    {
        Assert.That(CaptureLossFigures.Of(Tap(null), null).NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(CaptureLossFigures.Of(
            Tap(new(1, 0, 0, 0, 0, 1)) with { Contradiction = Broken }, null).NotUsableVerdict,
            Is.EqualTo(Verdict.Invalid));
    }

    [Test]
    public void A_figure_without_its_traffic_is_left_out_and_one_whose_traffic_failed_is_marked()
    {
        KpiResult sessions = RunHarness.Kpi("concurrent-active-sessions", 3, "1", 10);
        Assert.That(Held(sessions, Traffic()), Is.Empty);
        Assert.That(Held(sessions, Traffic((Task("density-ramp"), null))).Single().NotUsable, Is.Null);
        KpiResult marked = Held(sessions, Traffic((Task("density-ramp"), Broken))).Single();
        Assert.That(marked.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(marked.NotUsable, Is.EqualTo(Broken));
    }

    [Test]
    public void A_tap_that_was_lost_marks_every_figure_of_the_meters()
    {
        KpiResult loss = RunHarness.Kpi("user-plane-loss-ratio", 0, "1", 10_000);
        KpiResult marked = FigureDependencies.Held([loss], Traffic(), Broken).Single();
        Assert.That(marked.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void A_test_that_failed_leaves_its_figures_unmeasured_and_never_zero_as_measured()
    {
        KpiResult[] left = [.. FigureDependencies.Unmeasured(Task("stamp-sender"), Broken)];
        Assert.That(left.Select(kpi => kpi.Id), Does.Contain("delivered-in-time-ratio"));
        Assert.That(left.Select(kpi => kpi.NotUsableVerdict), Is.All.EqualTo(Verdict.Inconclusive));
        Assert.That(left.Select(kpi => kpi.Scope), Is.All.EqualTo("embb"));
    }

    private static List<KpiResult> Held(KpiResult kpi, RunTraffic traffic) =>
        [.. FigureDependencies.Held([kpi], traffic, null)];

    private static PlanTask Task(string kind) =>
        new($"{kind}-1", kind, "kit-ue", 1, new Dictionary<string, string> { ["slice"] = "embb" });

    private static RunTraffic Traffic(params (PlanTask Task, LocalText? Problem)[] tests)
    {
        RunPlan plan = new()
        {
            RunId = "r", Size = PlanSize.Quick, Nonce = "", ClaimDigest = "", Profile = "", ProfileDigest = "",
            Captures = [], Phases = [new("p", new("", ""), 1, false, [], [.. tests.Select(test => test.Task)])],
        };
        return new(plan, [], DateTimeOffset.UnixEpoch, [],
            tests.ToDictionary(
                test => test.Task.Id, test => new TaskOutcome(test.Task.Id, "kit-ue", "", [], test.Problem)),
            [], []);
    }

    private static TapEvidence Tap(CaptureFigures? figures) => new()
    {
        Task = new("capture-1", "capture", "kit-a", 0,
            new Dictionary<string, string> { ["point"] = "n3", ["interface"] = "n3u" }),
        Figures = figures, Segments = [], Records = [], Bytes = 0, Gap = null, Contradiction = null,
    };

    private static AgentFacts Agent(string kit, string boot, long? boundNs) => new(
        kit, "0", boot, new Dictionary<string, IReadOnlyList<IPAddress>>(),
        $"{{\"boundNs\":{boundNs?.ToString() ?? "null"},\"source\":\"chrony\"}}", 1);

    private static Claim WithTransit(decimal limitMs) => ClaimSamples.Lab with
    {
        Scenarios = [ClaimSamples.Scenario("low-latency", "embb", ("upfMsP99", limitMs))],
    };
}
