using System.Net;
using Testbed.Analyzer.Meters;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;
using Testbed.Wire.GtpU;

namespace Testbed.Analyzer.Tests.Meters;

public sealed class UserPlaneMeterTests
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

    private KpiResult Result(string id, Direction direction = Direction.NotDirected) =>
        _run.Analyze().Kpis.Single(kpi => kpi.Id == id && kpi.Direction == direction);

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
    public void Loss_has_an_exact_interval_and_names_who_lost()
    {
        Uplink(998, i => i % 100 == 50);
        KpiResult result = Result("user-plane-loss-ratio", Direction.Uplink);
        Assert.That(result.Samples, Is.EqualTo(1000));
        Assert.That(result.Value, Is.EqualTo(0.010m));
        Assert.That(result.Low, Is.EqualTo(0.0054m).Within(0.0002m));
        Assert.That(result.High, Is.EqualTo(0.0169m).Within(0.0002m));
        Assert.That(result.Findings[0].En, Is.EqualTo("10 packets lost: 10.45.0.2 → 10.100.61.10"));
        Assert.That(result.Evidence, Has.Count.EqualTo(10));
    }

    [Test]
    public void No_loss_still_leaves_an_upper_bound()
    {
        Uplink(300);
        KpiResult result = Result("user-plane-loss-ratio", Direction.Uplink);
        Assert.That(result.Value, Is.Zero);
        Assert.That(result.High, Is.GreaterThan(0.009m).And.LessThan(0.011m));
    }

    [Test]
    public void Loss_in_a_time_of_overload_does_not_count()
    {
        Uplink(1000, i => i is >= 400 and < 500);
        _run.Run = new()
        {
            Nonce = new byte[32],
            OverloadPhases = [new(new(CaptureFolder.StartNs + 390_000_000, CaptureFolder.StartNs + 510_000_000), [])],
        };
        Assert.That(Result("user-plane-loss-ratio", Direction.Uplink).Value, Is.Zero);
    }

    [Test]
    public void What_taps_dropped_widens_the_loss()
    {
        Uplink(998, i => i % 100 == 50);
        _run.Run = new()
        {
            Nonce = new byte[32],
            CaptureCounters = new Dictionary<string, CaptureCounters>
            {
                ["n3.pcapng"] = new(1000, 20, 0), ["n6.pcapng"] = new(990, 0, 4),
            },
        };
        KpiResult result = Result("user-plane-loss-ratio", Direction.Uplink);
        Assert.That(result.CaptureLossLow, Is.EqualTo(0.004m));
        Assert.That(result.CaptureLossHigh, Is.EqualTo(20m / 1020).Within(0.000001m));
    }

    [Test]
    public void Gpdus_without_container_lower_the_ratio_of_their_direction()
    {
        for (int i = 0; i < 8; i++)
            _run.OnN3(i, Packets.Gpdu(
                Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)(i + 1)), 1, null, Packets.Gnb, Packets.Upf));
        Assert.That(Result("pdu-session-container-ratio", Direction.Uplink).Value, Is.EqualTo(0.2m));
        Assert.That(Result("pdu-session-container-ratio", Direction.Downlink).Value, Is.EqualTo(1));
    }

    [Test]
    public void Unclaimed_addresses_are_named_but_not_the_kits_own()
    {
        byte[] inner = Packets.Udp(Packets.Ue, Packets.Server, 1, 1);
        _run.OnN3(1, Packets.Gpdu(inner, 5, PduSessionInformation.Uplink(9), "10.100.3.200", Packets.Upf));
        _run.Run = new() { Nonce = new byte[32], KitAddresses = [IPAddress.Parse("10.100.3.200")] };
        Assert.That(Result("unclaimed-n3-addresses").Value, Is.Zero);
        Assert.That(Result("unseen-n3-addresses").Value, Is.Zero);
        _run.OnN3(2, Packets.Up(inner, upf: "10.100.3.66"));
        KpiResult result = Result("unclaimed-n3-addresses");
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings[0].En, Does.Contain("10.100.3.66"));
    }

    [Test]
    public void What_a_kit_says_on_N3_is_no_users_packet()
    {
        Uplink(20);
        for (int i = 0; i < 5; i++)
            _run.OnN3(i, Packets.Gpdu(
                Packets.Udp("192.0.2.55", Packets.Server, i, (ushort)(i + 900)), 0xDEAD, null, "10.100.3.200",
                    Packets.Upf));
        _run.Run = new() { Nonce = new byte[32], KitAddresses = [IPAddress.Parse("10.100.3.200")] };
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Uplink.Lost, Is.Zero);
        Assert.That(result.Kpis.Single(kpi => kpi.Id == "stray-ue-addresses").Value, Is.Zero);
        Assert.That(result.Kpis.First(kpi => kpi.Id == "pdu-session-container-ratio").Value, Is.EqualTo(1));
        _run.Run = null;
        Assert.That(_run.Analyze().Match.Uplink.Lost, Is.EqualTo(5));
    }

    [Test]
    public void A_UE_address_outside_of_the_pools_is_a_stray()
    {
        Assert.That(Result("stray-ue-addresses").Value, Is.Zero);
        _run.OnN3(1, Packets.Up(Packets.Udp("10.99.0.5", Packets.Server, 1, 1)));
        KpiResult result = Result("stray-ue-addresses");
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings[0].En, Does.Contain("10.99.0.5"));
    }

    [Test]
    public void A_mirror_of_one_direction_is_found()
    {
        Assert.That(_run.Analyze().Kpis.Where(kpi => kpi.Id == "mirror-directions-missing").Select(kpi => kpi.Value),
            Is.All.Zero);
        _run.N3.RemoveAll(packet => packet.Packet[19] == 10);
        Assert.That(
            _run.Analyze().Kpis.Single(kpi => kpi is { Id: "mirror-directions-missing", Scope: "n3.pcapng" }).Value,
            Is.EqualTo(1));
    }

    [TestCase("by the central N6", false)]
    [TestCase("by nobody", false)]
    [TestCase("by the edge, unseen", true)]
    [TestCase("by the edge, behind a translator", true)]
    public void An_edge_tap_of_one_direction_lacks_the_answers_that_came_by_it(string answered, bool isBroken)
    {
        for (int i = 0; i < 5; i++)
        {
            ushort id = (ushort)(900 + i);
            byte[] up = Packets.Udp(Packets.Ue, Packets.Server, i, id, 41_000, 9_000);
            byte[] down = Packets.Udp(Packets.Server, Packets.Ue, i, id, 9_000, 41_000);
            _run.OnN3(100_000 + i, Packets.Up(up));
            _run.OnN6Edge(100_050 + i, answered.EndsWith("translator", StringComparison.Ordinal)
                ? Packets.Udp("192.0.2.7", Packets.Server, i, id, 42_000, 9_000) : up);
            if (answered == "by the central N6") _run.OnN6(100_100 + i, down);
            if (answered != "by nobody") _run.OnN3(100_150 + i, Packets.Down(down));
        }
        Assert.That(_run.Analyze().Kpis
            .Where(kpi => kpi is { Id: "mirror-directions-missing", Scope: "n6-edge.pcapng" })
            .Select(kpi => kpi.Value), Is.EqualTo(isBroken ? [1m] : (decimal[])[]));
    }

    [Test]
    public void Sessions_count_as_concurrent_within_one_window_only()
    {
        for (int i = 0; i < 30; i++)
            _run.OnN3(i * 100_000,
                Packets.Up(Packets.Udp($"10.45.1.{i + 1}", Packets.Server, i, (ushort)(i + 1)), (uint)i + 500));
        for (int i = 0; i < 5; i++)
            _run.OnN3(30_000_000 + i,
                Packets.Up(Packets.Udp($"10.45.2.{i + 1}", Packets.Server, i, (ushort)(i + 1)), (uint)i + 600));
        // The margins' UE is active ten seconds before and after: never in the same window as all of the thirty.
        Assert.That(Result("concurrent-active-sessions").Value, Is.EqualTo(30).Or.EqualTo(31));
        Assert.That(Result("session-density").Value, Is.EqualTo(60).Or.EqualTo(62));
    }

    [Test]
    public void Sessions_that_a_kit_played_are_told_apart_from_those_of_terminals()
    {
        for (int i = 0; i < 30; i++)
            _run.OnN3(i * 100_000,
                Packets.Up(Packets.Udp($"10.45.1.{i + 1}", Packets.Server, i, (ushort)(i + 1)), (uint)i + 500));
        // Played, but ten seconds after the busiest window.
        _run.OnN3(30_000_000, Packets.Up(Packets.Udp("10.45.1.31", Packets.Server, 1, 1), 600));
        _run.Run = new() { Nonce = new byte[32], EmulatedUes = [new(IPAddress.Parse("10.45.1.11"), 200)] };
        decimal all = Result("concurrent-active-sessions").Value;
        Assert.That(Result("active-sessions-emulated").Value, Is.EqualTo(20));
        Assert.That(Result("active-sessions-real").Value, Is.EqualTo(all - 20));
    }

    [Test]
    public void SCN_DEN_001_Many_addresses_behind_one_tunnel_are_one_session()
    {
        for (int i = 0; i < 30; i++)
            _run.OnN3(i * 100_000,
                Packets.Up(Packets.Udp($"10.45.1.{i + 1}", Packets.Server, i, (ushort)(i + 1)), 500));
        _run.Run = new() { Nonce = new byte[32] };
        // The margins' UE has the second tunnel.
        Assert.That(Result("concurrent-active-sessions").Value, Is.AtMost(2));
        Assert.That(Result("concurrent-active-sessions").Findings.Single().En, Does.Contain("UE addresses used only"));
    }

    [TestCase(1.00, 0.00)]
    [TestCase(1.25, 0.20)]
    public void A_capacity_test_that_reports_more_than_N3_carried_disagrees(double claimed, double disagreement)
    {
        for (int i = 0; i < 1000; i++)
        {
            byte[] down = Packets.Udp(Packets.Server, Packets.Ue, i, (ushort)(i + 1), 7000, 8000, payloadLength: 972);
            _run.OnN6(i * 1000, down);
            _run.OnN3(i * 1000 + 50, Packets.Down(down));
        }
        string path = _run.Folder.Path("capacity-downlink.csv");
        File.WriteAllText(path,
            "trial,subInterval,startUnixNs,endUnixNs,sentBytes,receivedBytes\n"
            + $"0,0,{CaptureFolder.StartNs},{CaptureFolder.StartNs + 2_000_000_000},0,{(long)(1_000_000 * claimed)}\n");
        _run.Run = new()
        {
            Nonce = new byte[32],
            CapacityFlows =
                [new("downlink", "A", IPAddress.Parse(Packets.Ue), IPAddress.Parse(Packets.Server), 7000, path)],
        };
        Assert.That((double)Result("downlink-capacity-disagreement", Direction.Downlink).Value,
            Is.EqualTo(disagreement).Within(1e-6));
    }

    [Test]
    public void A_damaged_record_says_file_line_and_expectation()
    {
        string path = _run.Folder.Path("stamp.csv");
        File.WriteAllText(path, "seq,t1Ns,t2Ns,t3Ns,t4Ns,status,disturbed\n0,1,2,three,4,answered,0\n");
        _run.Run = new()
        {
            Nonce = new byte[32],
            StampSessions = [new(1, "A", IPAddress.Parse(Packets.Ue), IPAddress.Parse(Packets.Server), 7000, path)],
        };
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Findings.Select(finding => finding.En),
            Has.Some.EndsWith("stamp.csv:2: expected a whole number in t3Ns, found 'three'"));
        Assert.That(result.Kpis.Select(kpi => kpi.Id), Has.None.EqualTo("path-proof-ratio"));
        Assert.That(result.Kpis.Select(kpi => kpi.Id), Has.Some.EqualTo("user-plane-loss-ratio"));
    }

    [Test]
    public void Every_meter_is_found_once()
    {
        Assert.That(MeterCatalogue.All().Select(meter => meter.GetType().Name), Is.EqualTo((string[])
        [
            "AccessMeter", "ActiveSessionMeter", "AdmissionMeter", "AvailabilityMeter", "CapacityMeter",
            "CaptureGapMeter", "ContainerMeter", "CoreCoverageMeter", "DelaySeriesMeter", "EdgeBreakoutMeter",
            "EdgeDataMeter", "EdgeEndpointMeter", "EdgeNameMeter", "FiveQiMeter", "InfluenceLoopMeter",
            "IsolationMeter", "LossMeter", "MecHostMeter", "MirrorMeter", "N3AddressMeter", "N3ProtectionMeter",
            "NetworkChangeMeter", "PathProofMeter", "QosLoopMeter", "RateEnforcementMeter", "RateMeter", "ReachMeter",
            "SessionEventMeter", "SliceMeter", "TeidMeter", "TrafficClassMeter", "TransitMeter", "TrialMeter",
            "TunnelMeter", "UeAddressMeter", "UpfRestartMeter",
        ]));
    }
}
