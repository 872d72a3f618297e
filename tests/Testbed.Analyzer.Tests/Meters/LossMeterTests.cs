using System.Net;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters;

public sealed class LossMeterTests
{
    private CrossingRun _run = null!;

    [SetUp]
    public void Open()
    {
        _run = new() { Claim = TestClaims.TwoSlices };
        _run.AddMargins();
    }

    [TearDown]
    public void Close() => _run.Dispose();

    private void Uplink(int packets, Func<int, bool>? lost = null)
    {
        for (int i = 0; i < packets; i++)
        {
            byte[] up = Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)(i + 1));
            _run.OnN3(i * 1000, Packets.Up(up));
            if (lost?.Invoke(i) != true) _run.OnN6(i * 1000 + 50, up);
        }
    }

    [Test]
    public void Much_clean_traffic_hides_no_loss_of_a_slices_own_test_packets()
    {
        Uplink(30_000);
        TestPackets(1_200, i => i % 50 == 7);
        IReadOnlyList<KpiResult> losses = UplinkLosses();
        Assert.That(losses[0].Scope, Is.Empty);
        Assert.That(losses[0].Value, Is.EqualTo(24 / 31_202m).Within(1e-6m));
        Assert.That((losses[1].Scope, losses[1].Value, losses[1].Samples), Is.EqualTo(("B", 0.02m, 1_200L)));
        Assert.That(losses[1].Low, Is.GreaterThan(0.01m));
        Assert.That(losses[1].Findings[0].En, Is.EqualTo("24 packets lost: 10.46.0.2 → 10.100.61.10"));
    }

    [TestCase(300, 1)]
    [TestCase(300, 30)]
    public void Few_test_packets_of_a_slice_are_judged_by_themselves_only_where_many_are_lost(int count, int lost)
    {
        Uplink(2_000);
        TestPackets(count, i => i % (count / lost) == 0);
        IReadOnlyList<KpiResult> losses = UplinkLosses();
        Assert.That(losses, Has.Count.EqualTo(lost == 1 ? 1 : 2));
        if (lost == 1)
            Assert.That(
                losses[0].Findings.Select(text => text.En), Has.Some.StartsWith("slice B had only 300 test packets"));
    }

    [Test]
    public void What_a_tap_dropped_in_the_whole_run_widens_a_slices_loss_by_its_share_only()
    {
        Uplink(30_000);
        TestPackets(1_200, _ => false);
        Dictionary<string, CaptureCounters> counters = new() { ["n3.pcapng"] = new(30_000, 15, 0) };
        IReadOnlyList<KpiResult> losses = UplinkLosses(counters);
        Assert.That(losses[1].CaptureLossHigh, Is.EqualTo(0.001m).Within(0.0001m));
    }

    // Of slice B, to a port that was drawn for the test.
    private void TestPackets(int packets, Func<int, bool> lost)
    {
        for (int i = 0; i < packets; i++)
        {
            byte[] up = Packets.Udp("10.46.0.2", Packets.Server, 100_000 + i, (ushort)(i + 1), 6000, 31_000);
            _run.OnN3(i * 1000 + 300, Packets.Up(up, 77));
            if (!lost(i)) _run.OnN6(i * 1000 + 350, up);
        }
    }

    private IReadOnlyList<KpiResult> UplinkLosses(Dictionary<string, CaptureCounters>? counters = null)
    {
        string record = _run.Folder.Path("stamp.csv");
        File.WriteAllText(record, "seq,t1Ns,t2Ns,t3Ns,t4Ns,status,disturbed\n");
        _run.Run = new()
        {
            Nonce = new byte[32], CaptureCounters = counters ?? [],
            StampSessions =
                [new(1, "B", IPAddress.Parse("10.46.0.2"), IPAddress.Parse(Packets.Server), 31_000, record)],
        };
        return [.. _run.Analyze().Kpis.Where(
            kpi => kpi is { Id: "user-plane-loss-ratio", Direction: Direction.Uplink })];
    }

    // The load is seen from 400 to 500 ms by the taps' clock; the server noted its times by its own.
    [TestCase(0, 400, 0)]
    [TestCase(30_000, 400, 0)]
    [TestCase(-7_200_000, 400, 0)]
    [TestCase(0, 100, 0.1)]
    [TestCase(-300, 100, 0.1)]
    public void The_times_of_overload_follow_the_runs_own_load_whatever_the_servers_clock_says(
        long serverAheadMs, int lostFromMs, double loss)
    {
        Uplink(998, i => i >= lostFromMs && i < lostFromMs + 100);
        Load(400, 500);
        KpiResult result = UplinkLossBeside(390 + serverAheadMs, 510 + serverAheadMs);
        Assert.That((double)result.Value, Is.EqualTo(loss).Within(0.015));
        Assert.That(result.NotUsable, Is.Null);
    }

    [Test]
    public void A_load_that_was_made_again_on_the_same_ports_may_follow_at_once_or_later()
    {
        Uplink(3_000);
        Load(400, 500);
        Load(510, 600);
        Load(2_400, 2_500);
        KpiResult result = UplinkLossBeside([(390, 505), (490, 610), (2_390, 2_510)], []);
        Assert.That(result.NotUsable, Is.Null);
        Assert.That(result.Samples, Is.InRange(2_600, 2_690));
    }

    // By a clock 600 ms behind, the load seems to lie in the next phase, and that one where loss is judged.
    [TestCase(0)]
    [TestCase(-600)]
    [TestCase(600)]
    public void A_load_lies_in_its_own_phase_whatever_other_a_wrong_clock_brings_nearer(long serverAheadMs)
    {
        Uplink(1_998, i => i is >= 1_000 and < 1_100);
        Load(400, 500);
        KpiResult result = UplinkLossBeside(
            [(390 + serverAheadMs, 510 + serverAheadMs)], [(990 + serverAheadMs, 1_110 + serverAheadMs)]);
        Assert.That((double)result.Value, Is.EqualTo(0).Within(0.001));
        Assert.That(result.NotUsable, Is.Null);
    }

    [Test]
    public void A_load_that_no_offset_brings_into_the_servers_times_leaves_loss_undecided()
    {
        Uplink(998);
        Load(100, 900);
        KpiResult result = UplinkLossBeside(390, 510);
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.NotUsable!.En, Does.Contain("set the clocks"));
    }

    private void Load(int fromMs, int toMs)
    {
        for (int ms = fromMs; ms < toMs; ms += 5)
        {
            byte[] down = Packets.Udp(Packets.Server, Packets.Ue, 200_000 + ms, (ushort)(ms + 1), 7000, 8000);
            _run.OnN6(ms * 1000 + 400, down);
            _run.OnN3(ms * 1000 + 450, Packets.Down(down));
        }
    }

    private KpiResult UplinkLossBeside(long fromMs, long toMs) => UplinkLossBeside([(fromMs, toMs)], []);

    private KpiResult UplinkLossBeside((long FromMs, long ToMs)[] loaded, (long FromMs, long ToMs)[] others)
    {
        LoadPath load = new(IPAddress.Parse(Packets.Ue), IPAddress.Parse(Packets.Server), 7000);
        _run.Run = new()
        {
            Nonce = new byte[32],
            OverloadPhases =
            [
                .. loaded.Select(each => new OverloadPhase(Window(each), [load])),
                .. others.Select(each => new OverloadPhase(Window(each), [])),
            ],
        };
        return _run.Analyze().Kpis.Single(
            kpi => kpi is { Id: "user-plane-loss-ratio", Direction: Direction.Uplink });
    }

    private static TimeWindow Window((long FromMs, long ToMs) each) => new(
        CaptureFolder.StartNs + each.FromMs * 1_000_000, CaptureFolder.StartNs + each.ToMs * 1_000_000);
}
