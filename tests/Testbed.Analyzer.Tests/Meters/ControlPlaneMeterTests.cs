using System.Net;
using Testbed.Analyzer.Tests.Support;
using Claim = Testbed.Conformance.Claims.Claim;
using Testbed.Conformance.Results;
using Testbed.Wire.Pfcp;

namespace Testbed.Analyzer.Tests.Meters;

/// <summary>What N4 says is held against what N3 shows.</summary>
public sealed class ControlPlaneMeterTests
{
    private const string UeB = "10.46.0.2";
    private CrossingRun _run = null!;
    private N4 _n4 = null!;

    [SetUp]
    public void Open()
    {
        _run = new();
        _n4 = new(_run.Folder);
        // Something at the start of all captures, so that later tunnels are not those of the first instants.
        _n4.Session(0, "10.45.0.99", 990, 991);
        _run.Cross(100, "10.45.0.99", 990, 991);
    }

    [TearDown]
    public void Close() => _run.Dispose();

    private KpiResult Result(string id, Claim? claim = null) => TrafficAnalysis.Run(_run.Request() with
    {
        N4 = [_n4.Write()], Claim = claim ?? TestClaims.TwoSlices,
    }).Kpis.Single(kpi => kpi.Id == id);

    [Test]
    public void Tunnels_of_sessions_that_N4_set_up_are_explained()
    {
        _n4.Session(2_000_000, Packets.Ue, 1, 101);
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        KpiResult result = Result("unexplained-tunnels");
        Assert.That(result.Value, Is.Zero);
        Assert.That(result.Samples, Is.EqualTo(4));
        Assert.That(result.NotUsable, Is.Null);
    }

    [TestCase(8)]
    [TestCase(64)]
    [TestCase(1400)]
    public void A_session_whose_messages_came_in_IP_fragments_explains_its_tunnels_too(int fragmentLength)
    {
        _n4.FragmentLength = fragmentLength;
        _n4.Session(2_000_000, Packets.Ue, 1, 101);
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        Assert.That(Result("unexplained-tunnels").Value, Is.Zero);
    }

    [Test]
    public void A_tunnel_without_a_session_is_a_violation_in_both_directions()
    {
        _run.Cross(3_000_000, Packets.Ue, 55, 155);
        KpiResult result = Result("unexplained-tunnels");
        Assert.That(result.Value, Is.EqualTo(2));
        Assert.That(result.NotUsable, Is.Null);
        Assert.That(result.Findings[0].En, Does.Contain("no session on N4"));
        Assert.That(result.Evidence[0], Does.StartWith("n3.pcapng#"));
    }

    [Test]
    public void A_tunnel_whose_session_may_be_in_what_cannot_be_read_decides_nothing()
    {
        _n4.HalfMessage(2_000_000);
        Assert.That(Result("unexplained-tunnels").NotUsable, Is.Null, "nothing is unexplained yet");
        _run.Cross(3_000_000, Packets.Ue, 55, 155);
        KpiResult result = Result("unexplained-tunnels");
        Assert.That((result.Value, result.NotUsableVerdict), Is.EqualTo((2m, Verdict.Inconclusive)));
        Assert.That(result.NotUsable!.En, Does.Contain("1 messages of the control plane cannot be read"));
    }

    [TestCase(0, 0)]
    [TestCase(1, 2)]
    [TestCase(5, 2)]
    public void Frames_that_the_tap_at_N4_lost_may_have_set_the_session_up(int dropped, int captureLossLow)
    {
        _run.Run = new()
        {
            Nonce = new byte[32],
            CaptureCounters = new Dictionary<string, CaptureCounters> { ["n4.pcapng"] = new(100, dropped, 0) },
        };
        _run.Cross(3_000_000, Packets.Ue, 55, 155);
        Assert.That(Result("unexplained-tunnels").CaptureLossLow, Is.EqualTo(captureLossLow));
    }

    [TestCase(3_000_000, 0)]
    [TestCase(3_900_000, 0)]
    [TestCase(9_000_000, 2)]
    public void A_session_that_was_deleted_explains_no_tunnel_that_comes_to_life_later(long firstUs, int unexplained)
    {
        _n4.Session(2_000_000, Packets.Ue, 1, 101);
        _n4.Release(3_000_000, session: 2);
        _run.Cross(firstUs, Packets.Ue, 1, 101);
        Assert.That(Result("unexplained-tunnels").Value, Is.EqualTo(unexplained));
    }

    [TestCase(443, false)]
    [TestCase(31_000, true)]
    public void Sessions_of_others_say_nothing_of_the_runs_own_packets(int ownPort, bool isShown)
    {
        _run.Run = new()
        {
            Nonce = new byte[32],
            StampSessions = [new(1, "A", IPAddress.Parse(Packets.Ue), IPAddress.Parse(Packets.Server), 31_000, "none")],
        };
        _n4.Session(2_000_000, Packets.Ue, 1, 101);
        _run.OnN3(3_000_000, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 1, 1, 20_000, ownPort), 1));
        Assert.That(Result("unexplained-tunnels").NotUsableVerdict,
            Is.EqualTo(isShown ? null : (Verdict?)Verdict.Inconclusive));
    }

    [Test]
    public void A_tunnel_before_its_session_is_a_violation()
    {
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        _n4.Session(5_000_000, Packets.Ue, 1, 101);
        Assert.That(Result("unexplained-tunnels").Value, Is.EqualTo(2));
    }

    [Test]
    public void A_foreign_UE_address_or_QFI_in_a_known_tunnel_is_a_violation()
    {
        _n4.Session(2_000_000, Packets.Ue, 1, 101);
        _run.Cross(3_000_000, Packets.OtherUe, 1, 101);
        Assert.That(Result("unexplained-tunnels").Findings[0].En, Does.Contain("is not its session's"));
        _n4.Session(2_100_000, "10.45.0.7", 2, 102, qfi: 5);
        _run.Cross(3_100_000, "10.45.0.7", 2, 102, qfi: 6);
        Assert.That(Result("unexplained-tunnels").Value, Is.EqualTo(4));
    }

    [Test]
    public void Tunnels_older_than_the_capture_decide_nothing()
    {
        _run.Cross(500_000, Packets.Ue, 55, 155);
        KpiResult result = Result("unexplained-tunnels");
        Assert.That(result.Value, Is.Zero);
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void Slices_are_named_by_PFCP_and_counted_when_both_directions_flow()
    {
        _n4.Session(2_000_000, Packets.Ue, 1, 101, snssai: new Snssai(1, 1));
        _n4.Session(2_100_000, UeB, 2, 102, snssai: new Snssai(1, 2));
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        Assert.That(Result("slices-with-traffic").Value, Is.EqualTo(1));
        _run.Cross(3_100_000, UeB, 2, 102);
        KpiResult result = Result("slices-with-traffic");
        Assert.That((result.Value, result.Low), Is.EqualTo((2m, 2m)));
        Assert.That(result.Findings[0].En, Does.Contain("B (pfcp)"));
        Assert.That(Result("slice-map-contradictions").Value, Is.Zero);
    }

    [Test]
    public void Two_pools_whose_slices_no_signalling_names_may_be_one_slice()
    {
        _n4.Session(2_000_000, Packets.Ue, 1, 101, snssai: new Snssai(1, 1));
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        _run.Cross(3_100_000, UeB, 2, 102);
        KpiResult result = Result("slices-with-traffic");
        Assert.That((result.Value, result.Low), Is.EqualTo((2m, 1m)));
        Assert.That(result.NotUsable!.En, Does.Contain("tap N2"));
    }

    [Test]
    public void Two_data_networks_of_which_N4_gives_no_S_NSSAI_may_be_one_slice()
    {
        _n4.Session(2_000_000, Packets.Ue, 1, 101, dnn: "internet");
        _n4.Session(2_100_000, UeB, 2, 102, dnn: "mec");
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        _run.Cross(3_100_000, UeB, 2, 102);
        KpiResult result = Result("slices-with-traffic");
        Assert.That((result.Value, result.Low), Is.EqualTo((2m, 0m)));
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.Findings[0].En, Does.Contain("B (dnn)"));
    }

    [Test]
    public void A_data_network_moves_no_UE_whose_S_NSSAI_is_known()
    {
        _n4.Session(2_000_000, Packets.Ue, 1, 101, snssai: new Snssai(1, 1));
        _n4.Session(2_100_000, UeB, 2, 102, snssai: new Snssai(1, 1));
        _n4.Session(2_200_000, UeB, 3, 103, dnn: "mec");
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        _run.Cross(3_100_000, UeB, 3, 103);
        Assert.That(Result("slices-with-traffic").Value, Is.EqualTo(1));
    }

    [Test]
    public void Slices_that_the_claim_puts_into_one_data_network_are_not_separate()
    {
        Claim claim = TestClaims.TwoSlices;
        claim = claim with { Slices = [claim.Slices[0], claim.Slices[1] with { Dnn = "Internet" }] };
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        _run.Cross(3_100_000, UeB, 2, 102);
        KpiResult result = Result("slice-separation-violations", claim);
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings[0].En, Does.Contain("share the DNN"));
    }

    [Test]
    public void One_slice_in_use_shows_no_separation()
    {
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        Assert.That(Result("slice-separation-violations").NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        _run.Cross(3_100_000, UeB, 2, 102);
        Assert.That(Result("slice-separation-violations").NotUsable, Is.Null);
    }

    [Test]
    public void A_UE_of_slice_B_with_an_address_of_slice_A_contradicts_the_claim()
    {
        _n4.Session(2_000_000, Packets.Ue, 1, 101, snssai: new Snssai(1, 2));
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        KpiResult result = Result("slice-map-contradictions");
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings[0].En, Is.EqualTo("10.45.0.2: B by N4, A by the claim"));
    }

    [Test]
    public void Two_slices_in_one_tunnel_are_not_separate()
    {
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        _run.Cross(3_100_000, UeB, 1, 101);
        Assert.That(Result("slice-separation-violations").Value, Is.EqualTo(2));
    }

    [Test]
    public void N4_without_any_session_explains_and_accuses_nothing()
    {
        _n4 = new(_run.Folder);
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        Assert.That(Result("unexplained-tunnels").NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }
}
