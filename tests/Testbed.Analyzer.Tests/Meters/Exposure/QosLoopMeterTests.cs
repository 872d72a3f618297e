using System.Globalization;
using System.Net;
using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters.Exposure;

/// <summary>Cycles on made-up captures: only the packets decide, whatever the API said.</summary>
public sealed class QosLoopMeterTests
{
    private const int UePort = 21000, RemotePort = 32000, TickMs = 10;
    private const byte Default = 9, Promised = 20;
    private const string Header =
        "cycle,calledNs,answeredNs,status,deletedNs,deleteAnsweredNs,deleteStatus,untilNs\n";
    private readonly StringBuilder _record = new(), _stalls = new();
    private CrossingRun _run = null!;
    private decimal? _mfbrMbps = 1;
    private long _clockBoundNs;

    [SetUp]
    public void Open()
    {
        _run = new();
        _record.Clear().Append(Header);
        _stalls.Clear();
        (_mfbrMbps, _clockBoundNs) = (1, 0);
    }

    [TearDown]
    public void Close() => _run.Dispose();

    /// <summary>Two answers of 1,028 bytes each 10 ms are 1.6 Mbit/s; one is 0.8 Mbit/s.</summary>
    private void Flow(long fromMs, long toMs, byte qfi, int answers, byte? downQfi = null)
    {
        for (long ms = fromMs; ms < toMs; ms += TickMs)
        {
            ushort id = (ushort)(ms % 60_000);
            byte[] up = Packets.Udp(Packets.Ue, Packets.Server, 1, id, UePort, RemotePort);
            _run.OnN3(ms * 1000, Packets.Up(up, 1, qfi));
            for (int i = 0; i < answers; i++)
                _run.OnN3(ms * 1000 + 500 + i, Packets.Down(
                    Packets.Udp(Packets.Server, Packets.Ue, i, id, RemotePort, UePort, 1000), 101, downQfi ?? qfi));
            byte[] foreign = Packets.Udp(Packets.Server, Packets.OtherUe, 9, id, RemotePort, UePort, 1000);
            _run.OnN3(ms * 1000 + 900, Packets.Down(foreign, 102, Default)); // Of another UE: none of this flow.
        }
    }

    private void Cycle(long calledMs, long deletedMs, long untilMs, int status = 201, int cycle = 1) =>
        _record.Append(CultureInfo.InvariantCulture,
            $"{cycle},{Ns(calledMs)},{Ns(calledMs + 5)},{status},{Ns(deletedMs)},"
            + $"{Ns(deletedMs + 5)},204,{Ns(untilMs)}\n");

    private static long Ns(long ms) => CaptureFolder.StartNs + ms * 1_000_000;

    private void Stall(long fromMs, long toMs) =>
        _stalls.Append(CultureInfo.InvariantCulture, $"{Ns(fromMs)},{Ns(toMs)}\n");

    private KpiResult[] Results()
    {
        string stalls = _run.Folder.Path("flow-sender-stalls.csv");
        File.WriteAllText(stalls, $"fromNs,toNs\n{_stalls}");
        string path = _run.Folder.Path("loop-qos-session.csv");
        File.WriteAllText(path, _record.ToString());
        _run.Run = new()
        {
            Nonce = new byte[32],
            ClosedLoops =
            [
                new("exposure-qos-loop", "embb", IPAddress.Parse(Packets.Ue), UePort, IPAddress.Parse(Packets.Server),
                    RemotePort, path)
                {
                    Qfi = Promised, MfbrMbps = _mfbrMbps, GfbrMbps = 0.5m, StallPaths = [stalls],
                },
            ],
            ClockBoundNs = _clockBoundNs,
        };
        return [.. _run.Analyze().Kpis.Where(kpi => kpi.Id.StartsWith("qos-session-", StringComparison.Ordinal))];
    }

    private KpiResult Ratio() => Results().Single(kpi => kpi.Id == "qos-session-loop-ratio");

    [Test]
    public void A_flow_that_moves_and_goes_back_is_a_proof_with_its_times_and_rates()
    {
        Flow(0, 2100, Default, 2);
        Flow(2100, 4050, Promised, 1);
        Flow(4050, 6000, Default, 2);
        Cycle(2000, 4000, 6000);
        KpiResult[] results = Results();
        KpiResult ratio = results.Single(kpi => kpi.Id == "qos-session-loop-ratio");
        Assert.That((ratio.Value, ratio.Samples, ratio.NotUsable), Is.EqualTo((1m, 1L, (object?)null)));
        Assert.That(ratio.Findings.Single().En, Does.Contain("after 100 ms").And.Contain("1.64 → 0.82 → 1.64 Mbit/s")
            .And.Contain("back 4").And.Contain("n3.pcapng#"));
        Assert.That(results.Single(kpi => kpi.Id == "qos-session-activation-time").Value, Is.InRange(100, 101));
        Assert.That(results.Single(kpi => kpi.Id == "qos-session-release-time").Value, Is.InRange(40, 41));
    }

    [Test]
    public void A_flow_that_never_moves_is_refuted_once_the_limit_is_over()
    {
        Flow(0, 14000, Default, 2);
        Cycle(2000, 7500, 13500);
        Refuted("not on QFI 20 within 5.5 s");
    }

    [Test]
    public void A_flow_that_did_not_move_in_a_short_cycle_decides_nothing()
    {
        Flow(0, 6000, Default, 2);
        Cycle(2000, 4000, 6000);
        Assert.That(Ratio().NotUsable?.En, Does.Contain("not on QFI 20 within 2.0 s"));
    }

    [Test]
    public void One_long_cycle_refutes_whatever_the_short_ones_say()
    {
        Flow(0, 20000, Default, 2);
        Cycle(2000, 4000, 6000);
        Cycle(6500, 12000, 18000, cycle: 2);
        Refuted("not on QFI 20 within 5.5 s");
    }

    [Test]
    public void Only_the_uplink_moving_is_no_proof()
    {
        Flow(0, 2100, Default, 2);
        Flow(2100, 7500, Promised, 2, downQfi: Default);
        Flow(7500, 14000, Default, 2);
        Cycle(2000, 7500, 13500);
        Refuted("not on QFI 20");
    }

    [Test]
    public void Another_label_at_the_same_rate_is_no_proof()
    {
        Flow(0, 2100, Default, 2);
        Flow(2100, 4000, Promised, 2);
        Flow(4000, 6000, Default, 2);
        Cycle(2000, 4000, 6000);
        Refuted("passes the MFBR");
    }

    [Test]
    public void A_flow_starved_below_its_guarantee_is_refuted()
    {
        Flow(0, 2100, Default, 2);
        Flow(2100, 4000, Promised, 0);
        for (long ms = 2100; ms < 4000; ms += 50)
            _run.OnN3(ms * 1000 + 700, Packets.Down(
                Packets.Udp(Packets.Server, Packets.Ue, 9, (ushort)ms, RemotePort, UePort, 1000), 101, Promised));
        Flow(4000, 6000, Default, 2);
        Cycle(2000, 4000, 6000);
        Refuted("below the GFBR");
    }

    [Test]
    public void A_flow_that_stays_after_the_deletion_is_refuted()
    {
        Flow(0, 2100, Default, 2);
        Flow(2100, 14000, Promised, 1);
        Cycle(2000, 7500, 13500);
        Refuted("did not go back");
    }

    [Test]
    public void A_flow_that_was_there_before_the_call_proves_nothing()
    {
        Flow(0, 4000, Promised, 1);
        Flow(4000, 6000, Default, 2);
        Cycle(2000, 4000, 6000);
        Refuted("before the call");
    }

    [Test]
    public void A_flow_that_never_goes_back_is_refuted_by_the_long_cycle_wherever_it_stands()
    {
        Flow(0, 2100, Default, 2);
        Flow(2100, 20000, Promised, 1);
        Cycle(2000, 4000, 6000);
        Cycle(6500, 12000, 18000, cycle: 2);
        Refuted("did not go back within 6.0 s");
    }

    [Test]
    public void Another_label_shows_nothing_where_the_claim_gives_no_limit()
    {
        _mfbrMbps = null;
        Flow(0, 2100, Default, 2);
        Flow(2100, 4000, Promised, 2);
        Flow(4000, 6000, Default, 2);
        Cycle(2000, 4000, 6000);
        Assert.That(Ratio().NotUsable?.En, Does.Contain("nothing but its label"));
    }

    [Test]
    public void A_flow_that_hardly_spoke_shows_no_change_of_its_rate()
    {
        _mfbrMbps = null;
        Flow(0, 2100, Default, 0);
        Flow(2100, 4000, Promised, 0);
        Flow(4000, 6000, Default, 0);
        for (long ms = 0; ms < 6000; ms += 250)
            _run.OnN3(ms * 1000 + 700, Packets.Down(
                Packets.Udp(Packets.Server, Packets.Ue, 9, (ushort)ms, RemotePort, UePort, 1000), 101,
                ms is >= 2100 and < 4000 ? Promised : Default));
        Cycle(2000, 4000, 6000);
        Assert.That(Ratio().NotUsable?.En, Does.Contain("nothing but its label"));
    }

    [Test]
    public void A_callers_clock_that_is_late_within_its_bound_makes_no_flow_early()
    {
        _clockBoundNs = 50_000_000;
        Flow(0, 1970, Default, 2);
        Flow(1970, 4000, Promised, 1);
        Flow(4000, 6000, Default, 2);
        Cycle(2000, 4000, 6000);
        Assert.That((Ratio().Value, Ratio().NotUsable), Is.EqualTo((1m, (object?)null)));
    }

    [Test]
    public void A_call_that_was_refused_is_refuted_though_the_flow_moves()
    {
        Flow(0, 2100, Default, 2);
        Flow(2100, 4000, Promised, 1);
        Flow(4000, 6000, Default, 2);
        Cycle(2000, 4000, 6000, status: 503);
        Refuted("not accepted (503)");
    }

    private void SlowEnd()
    {
        Flow(0, 2100, Default, 2);
        Flow(2100, 4050, Promised, 1);
        Flow(4050, 6000, Default, 1);
        Cycle(2000, 4000, 6000);
    }

    [Test]
    public void A_rate_that_does_not_come_back_is_refuted()
    {
        SlowEnd();
        Refuted("did not come back");
    }

    [Test]
    public void A_rate_that_does_not_come_back_while_a_kit_stands_still_decides_nothing()
    {
        SlowEnd();
        Stall(5300, 5400);
        Assert.That(Ratio().NotUsable?.En, Does.Contain("stood still for 100 ms").And.Contain("did not come back"));
    }

    [Test]
    public void A_standstill_elsewhere_excuses_no_rate()
    {
        SlowEnd();
        Stall(2500, 3100);
        Stall(5300, 5330);
        Refuted("did not come back");
    }

    [Test]
    public void A_standstill_does_not_excuse_a_flow_that_never_moves()
    {
        Flow(0, 14000, Default, 2);
        Cycle(2000, 7500, 13500);
        Stall(2500, 2900);
        Refuted("not on QFI 20 within 5.5 s");
    }

    [Test]
    public void Time_in_which_a_kit_stood_still_does_not_count_against_the_limit()
    {
        Flow(0, 14000, Default, 2);
        Cycle(2000, 7500, 13500);
        Stall(2500, 2900);
        Stall(2800, 3200);
        Assert.That(Ratio().NotUsable?.En, Does.Contain("not on QFI 20 within 5.5 s"));
    }

    [Test]
    public void A_flow_that_N3_never_showed_decides_nothing()
    {
        _run.AddMargins();
        Cycle(2000, 4000, 6000);
        Assert.That((Ratio().Samples, Ratio().NotUsableVerdict), Is.EqualTo((0L, Verdict.Inconclusive)));
    }

    private void Refuted(string why)
    {
        KpiResult ratio = Ratio();
        Assert.That(ratio.NotUsable, Is.Null, () => ratio.NotUsable!.En);
        Assert.That(ratio.Value, Is.LessThan(1));
        Assert.That(ratio.Findings[0].En, Does.Contain(why));
    }
}
