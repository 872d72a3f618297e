using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Wire.Ngap;

namespace Testbed.Analyzer.Tests.Meters;

/// <summary>What N2 says is held against N4, N3 and the claim.</summary>
public sealed class NgapMeterTests
{
    private static readonly Wire.Pfcp.Snssai SliceA = new(1, 1), SliceB = new(1, 2);
    private CrossingRun _run = null!;
    private N2 _n2 = null!;

    [SetUp]
    public void Open()
    {
        _run = new();
        _n2 = new(_run.Folder);
        _n2.Session(0, 990, 991, SliceA, ranUe: 99);
        _run.Cross(100, "10.45.0.99", 990, 991);
    }

    [TearDown]
    public void Close() => _run.Dispose();

    private static byte[] Initial() =>
        new NgapMessage(NgapProcedure.InitialUeMessage, NgapOutcome.Initiating) { RanUeId = 5 }.ToArray();

    private AnalysisResult Analyze(Claim? claim = null, TapInput? n4 = null) => TrafficAnalysis.Run(_run.Request() with
    {
        N2 = [_n2.Write()], N4 = n4 is null ? [] : [n4], Claim = claim ?? TestClaims.TwoSlices,
    });

    private KpiResult Result(string id, Claim? claim = null, TapInput? n4 = null) =>
        Analyze(claim, n4).Kpis.Single(kpi => kpi.Id == id);

    [Test]
    public void Nodes_registrations_sessions_and_flows_are_told()
    {
        _n2.Setup(200);
        _n2.Context(300, 1);
        _n2.Session(400, 1, 101, SliceB, qfi: 5, fiveQi: 82);
        _n2.Session(500, 2, 102, SliceB, ranUe: 2, isGranted: false);
        _n2.Release(600);
        N2Summary n2 = Analyze().N2!;
        N2RanNode node = n2.RanNodes.Single();
        Assert.That(node.Address, Is.EqualTo(N2.Gnb));
        Assert.That(node.Id, Is.EqualTo("00101-000102/24"));
        Assert.That(node.Name, Is.EqualTo("gnb one"));
        Assert.That(node.IsAccepted);
        Assert.That(node.N3, Is.EqualTo(new[] { Packets.Gnb }));
        Assert.That(node.Areas.Single().Slices, Is.EqualTo(new[] { "1-000001", "1-000002" }));
        Assert.That(n2.Amfs.Single().Name, Is.EqualTo("amf1"));
        Assert.That(n2.InitialUeMessages, Is.EqualTo(1));
        Assert.That(n2.ContextsSetUp, Is.EqualTo(1));
        Assert.That(n2.SessionsSetUp, Is.EqualTo(2));
        Assert.That(n2.SessionsFailed, Is.EqualTo(1));
        Assert.That(n2.SessionsReleased, Is.EqualTo(1));
        Assert.That(n2.Slices["1-000002"].Flows,
            Is.EqualTo(new N2Flow[] { new(5, 82, false, 8, null, null, 1) }));
        Assert.That(n2.Procedures["pduSessionResourceSetup"], Is.EqualTo(6));
    }

    [Test]
    public void A_session_that_is_granted_again_is_one_session()
    {
        _n2.Session(400, 1, 101, SliceB);
        NgapMessage again = new(NgapProcedure.PduSessionResourceSetup, NgapOutcome.Successful)
        {
            AmfUeId = 101, RanUeId = 1,
        };
        again.Grants.Add(new(1, [new(Wire.Ip.HostAddress.Parse(Packets.Gnb), default, 102)], [9]));
        _n2.FromGnb(500, again);
        Assert.That(Analyze().N2!.SessionsSetUp, Is.EqualTo(2), "with the one of each test's start");
    }

    [Test]
    public void Repeated_damaged_encrypted_and_unfinished_messages_are_counted()
    {
        byte[] whole = Initial();
        _n2.FromGnb(1000, whole, 5000);
        _n2.FromGnb(1001, whole, 5000);
        _n2.FromGnb(1002, whole[..^1], 5001);
        _n2.FromGnb(1003, [1, 2, 3], 5002, payloadProtocol: 66);
        _n2.FromGnb(1004, whole[..4], 5003, flags: 2);
        N2Summary n2 = Analyze().N2!;
        Assert.That(n2.InitialUeMessages, Is.EqualTo(1));
        Assert.That(n2.Retransmitted, Is.EqualTo(1));
        Assert.That(n2.Files.NotDecoded["ngapTruncated"], Is.EqualTo(1));
        Assert.That(n2.Files.NotDecoded["ngapEncrypted"], Is.EqualTo(1));
        Assert.That(n2.Files.NotDecoded["sctpPiecesMissing"], Is.EqualTo(1));
    }

    [Test]
    public void A_message_in_pieces_is_put_together()
    {
        byte[] whole = Initial();
        _n2.FromGnb(1000, whole[4..], 5001, flags: 1);
        _n2.FromGnb(1001, whole[..4], 5000, flags: 2);
        N2Summary n2 = Analyze().N2!;
        Assert.That(n2.InitialUeMessages, Is.EqualTo(1));
        Assert.That(n2.Files.NotDecoded, Is.Empty);
    }

    [Test]
    public void Without_N4_the_tunnels_tell_which_UE_belongs_to_which_slice()
    {
        _n2.Session(2_000_000, 1, 101, SliceB);
        _run.Cross(3_000_000, "10.46.0.2", 1, 101);
        KpiResult result = Result("slices-with-traffic");
        Assert.That(result.Value, Is.EqualTo(2));
        Assert.That(result.Findings[0].En, Does.Contain("B (ngap)"));
        Assert.That(Result("slice-map-contradictions").Value, Is.Zero);
    }

    [Test]
    public void N2_names_the_slices_of_sessions_that_N4_shows_with_their_data_network_alone()
    {
        N4 n4 = new(_run.Folder);
        n4.Session(1_900_000, Packets.Ue, 1, 101, dnn: "internet");
        n4.Session(1_950_000, "10.46.0.2", 2, 102, dnn: "mec");
        _n2.Session(2_000_000, 1, 101, SliceA);
        _n2.Session(2_050_000, 2, 102, SliceB, ranUe: 2);
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        _run.Cross(3_100_000, "10.46.0.2", 2, 102);
        KpiResult result = Result("slices-with-traffic", n4: n4.Write());
        Assert.That((result.Low, result.NotUsable), Is.EqualTo((2m, (Conformance.LocalText?)null)));
        Assert.That(result.Findings[0].En, Does.Contain("B (dnn+ngap)"));
    }

    [Test]
    public void A_UE_whose_tunnel_is_of_slice_B_and_whose_address_is_of_slice_A_is_a_contradiction()
    {
        _n2.Session(2_000_000, 1, 101, SliceB);
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        AnalysisResult result = Analyze();
        KpiResult kpi = result.Kpis.Single(one => one.Id == "slice-map-contradictions");
        Assert.That(kpi.Value, Is.EqualTo(1));
        Assert.That(kpi.Findings[0].En, Is.EqualTo("10.45.0.2: B by N2, A by the claim"));
        Assert.That(result.Findings.Select(finding => finding.En), Does.Contain(kpi.Findings[0].En));
    }

    [Test]
    public void One_F_TEID_with_two_slices_on_N2_and_N4_is_a_contradiction()
    {
        N4 n4 = new(_run.Folder);
        n4.Session(1_900_000, Packets.Ue, 1, 101, snssai: SliceA);
        _n2.Session(2_000_000, 1, 101, SliceB);
        KpiResult result = Result("slice-map-contradictions", n4: n4.Write());
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings[0].En,
            Is.EqualTo("TEID 0x00000001 → 10.100.3.1: S-NSSAI 1-000002 by N2, S-NSSAI 1-000001 by N4"));
        Assert.That(result.Evidence[0], Does.Match(@"n2\.pcapng#\d+, n4\.pcapng#\d+"));
    }

    [Test]
    public void An_end_that_another_UPF_sends_to_is_no_session_of_its_own()
    {
        // As on N9: a session whose downlink goes to the end that N2 names as the uplink's.
        N4 n4 = new(_run.Folder);
        n4.Session(1_900_000, Packets.Ue, 50, 101, snssai: SliceA, downlinkAddress: Packets.Upf);
        _n2.Session(2_000_000, 101, 1, SliceB);
        Assert.That(Result("slice-map-contradictions", n4: n4.Write()).Value, Is.Zero);
    }

    [Test]
    public void Everything_of_a_UE_ends_with_its_context()
    {
        _n2.Session(2_000_000, 1, 101, SliceA);
        _n2.FromGnb(3_000_000, new(NgapProcedure.UeContextRelease, NgapOutcome.Successful)
        {
            AmfUeId = 101, RanUeId = 1,
        });
        Assert.That(Analyze().N2!.SessionsReleased, Is.EqualTo(1));
    }

    [Test]
    public void A_TEID_that_was_given_out_again_is_held_against_the_session_of_its_time()
    {
        N4 n4 = new(_run.Folder);
        n4.Session(1_900_000, Packets.Ue, 1, 101, snssai: SliceA);
        n4.Session(9_000_000, "10.46.0.3", 1, 101, snssai: SliceB);
        _n2.Session(2_000_000, 1, 101, SliceA);
        _n2.Session(9_100_000, 1, 101, SliceB, ranUe: 2);
        Assert.That(Result("slice-map-contradictions", n4: n4.Write()).Value, Is.Zero);
    }

    [Test]
    public void N4_without_slices_gets_them_from_N2_through_the_F_TEID()
    {
        N4 n4 = new(_run.Folder);
        n4.Session(1_900_000, "10.46.0.2", 1, 101);
        _n2.Session(2_000_000, 1, 101, SliceB);
        _run.Cross(3_000_000, "10.46.0.2", 1, 101);
        AnalysisResult result = Analyze(n4: n4.Write());
        Assert.That(result.Slices["B"].Provenance, Is.EqualTo("ngap"));
    }

    [Test]
    public void A_data_network_of_one_slice_and_an_S_NSSAI_of_another_contradict_each_other()
    {
        N4 n4 = new(_run.Folder);
        n4.Session(1_900_000, Packets.Ue, 1, 101, dnn: "internet");
        _n2.Session(2_000_000, 1, 101, SliceB);
        KpiResult result = Result("slice-map-contradictions", n4: n4.Write());
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings[0].En,
            Is.EqualTo("TEID 0x00000001 → 10.100.3.1: B by N2, A (DNN internet) by N4"));
    }

    [Test]
    public void Without_a_claim_a_slice_has_one_name_though_N4_calls_it_by_its_data_network()
    {
        N4 n4 = new(_run.Folder);
        n4.Session(1_900_000, Packets.Ue, 1, 101, dnn: "internet");
        _n2.Session(2_000_000, 1, 101, SliceA);
        AnalysisResult result = TrafficAnalysis.Run(_run.Request() with { N2 = [_n2.Write()], N4 = [n4.Write()] });
        Assert.That(result.Slices.Keys, Is.EqualTo(new[] { "1-000001" }));
    }

    [Test]
    public void A_QFI_with_another_5QI_than_claimed_is_told_once()
    {
        Claim claim = TestClaims.TwoSlices;
        Slice b = claim.Slices[1] with { Flows = [new(9, 82, null, null)] };
        claim = claim with { Slices = [claim.Slices[0], b] };
        _n2.Session(2_000_000, 1, 101, SliceB, qfi: 9, fiveQi: 9);
        _n2.Session(2_100_000, 2, 102, SliceB, qfi: 9, fiveQi: 9, ranUe: 2);
        _n2.Session(2_200_000, 3, 103, SliceB, qfi: 9, fiveQi: null, ranUe: 3);
        _n2.Session(2_300_000, 4, 104, SliceB, qfi: 9, fiveQi: 82, ranUe: 4);
        KpiResult result = Result("slice-map-contradictions", claim);
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings[0].En, Is.EqualTo("QFI 9 of slice B: 5QI 9 by N2, 5QI 82 by the claim"));
    }

    [Test]
    public void Tunnels_are_explained_by_N2_where_N4_is_not_captured()
    {
        _n2.Session(2_000_000, 1, 101, SliceA);
        _run.Cross(3_000_000, Packets.Ue, 1, 101);
        Assert.That(Result("unexplained-tunnels").Value, Is.Zero);
        _n2.Session(4_000_000, 2, 102, SliceA, ranUe: 2, isGranted: false);
        _run.Cross(5_000_000, Packets.OtherUe, 2, 102);
        KpiResult result = Result("unexplained-tunnels");
        Assert.That(result.Value, Is.EqualTo(2));
        Assert.That(result.Findings[0].En, Does.Contain("no session on N2"));
    }

    [Test]
    public void A_QFI_that_N2_did_not_order_is_not_explained()
    {
        _n2.Session(2_000_000, 1, 101, SliceA, qfi: 9);
        _run.Cross(3_000_000, Packets.Ue, 1, 101, qfi: 8);
        Assert.That(Result("unexplained-tunnels").Value, Is.EqualTo(2));
    }

    [Test]
    public void After_a_path_switch_N2_accuses_no_tunnel()
    {
        _n2.FromGnb(2_000_000, new(NgapProcedure.PathSwitchRequest, NgapOutcome.Initiating) { RanUeId = 1 });
        _run.Cross(3_000_000, Packets.Ue, 1, 777);
        Assert.That(Result("unexplained-tunnels").NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void N4_that_shows_no_session_is_not_replaced_by_N2()
    {
        N4 n4 = new(_run.Folder);
        Assert.That(Result("unexplained-tunnels", n4: n4.Write()).NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void Ends_from_N2_give_packets_without_container_their_direction()
    {
        using CrossingRun run = new();
        N2 n2 = new(run.Folder);
        n2.Session(0, 1, 101, SliceA);
        for (ushort i = 1; i <= 5; i++)
            run.OnN3(1000 + i, Packets.Gpdu(
                Packets.Udp(Packets.Ue, Packets.Server, i, i), 1, null, Packets.Gnb, Packets.Upf));
        AnalysisResult without = TrafficAnalysis.Run(run.Request());
        AnalysisResult with = TrafficAnalysis.Run(run.Request() with { N2 = [n2.Write()] });
        Assert.That(without.Rates.N3Uplink.Packets, Is.Zero);
        Assert.That(with.Rates.N3Uplink.Packets, Is.EqualTo(5));
    }
}
