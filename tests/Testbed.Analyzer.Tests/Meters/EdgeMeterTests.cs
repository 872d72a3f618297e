using System.Globalization;
using System.Net;
using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;
using Testbed.Wire.Stamp;

namespace Testbed.Analyzer.Tests.Meters;

/// <summary>EDG-001 and EDG-006: where keyed packets of the edge leave, and what of them the centre sees.</summary>
public sealed class EdgeMeterTests
{
    private const string Edge = "10.100.63.10";
    private const int EdgeSession = 7, CentreSession = 8, SetAsideSession = 5;
    private const int EdgePort = 31234, CentrePort = 31235, PacketCount = 40;
    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly StampErrorEstimate Estimate =
        StampErrorEstimate.Create(true, StampTimestampFormat.Ntp, 1000);

    private CrossingRun _run = null!;
    private StringBuilder _edgeRecord = null!, _centreRecord = null!;
    private StringBuilder? _setAside;

    [SetUp]
    public void Open()
    {
        _run = new();
        (_edgeRecord, _centreRecord, _setAside) = (new(Header), new(Header), null);
    }

    [TearDown]
    public void Close() => _run.Dispose();

    private const string Header = "seq,t1Ns,t2Ns,t3Ns,t4Ns,status,disturbed\n";

    /// <summary>A packet to the edge and one to the centre, each with its answer.</summary>
    private void Send(int sequence, string edgeBy = "edge", bool centreIsSeen = true, string centreBy = "n3 n6")
    {
        long us = sequence * 1000;
        (byte[] up, byte[] down) = Packet(sequence, EdgeSession, Edge, EdgePort, "edge");
        Cross(us, up, down, n3: true, n6: edgeBy.Contains("central"), edge: edgeBy.Contains("edge"));
        Record(_edgeRecord, sequence, us);
        (up, down) = Packet(sequence, CentreSession, Packets.Server, CentrePort, "dn");
        Cross(us + 20, up, down, centreBy.Contains("n3"), centreIsSeen && centreBy.Contains("n6"), edge: false);
        Record(_centreRecord, sequence, us + 20);
    }

    private static (byte[] Up, byte[] Down) Packet(int sequence, int session, string remote, int port, string role)
    {
        StampKey key = StampKeys.Derive(Nonce, session);
        byte[] marker = PayloadMarker.Derive(Nonce, role);
        byte[] sent = new byte[StampLayout.AuthenticatedLength + 4 + PayloadMarker.Length];
        new StampSenderPacket((uint)sequence, CaptureFolder.StartNs, Estimate, (ushort)session).Write(sent, true);
        marker.CopyTo(StampLayout.PaddingValue(sent, true));
        key.Sign(sent);
        byte[] back = new byte[sent.Length];
        new StampReflectorPacket(
            (uint)sequence, CaptureFolder.StartNs, Estimate, (ushort)session, CaptureFolder.StartNs, (uint)sequence,
            CaptureFolder.StartNs, Estimate, 62).Write(back, true);
        StampLayout.ReflectPadding(sent, back, true);
        key.Sign(back);
        ushort id = (ushort)(sequence * 2 + session);
        return (Packets.Udp(Packets.Ue, remote, sent, id, 20000, port),
            Packets.Udp(remote, Packets.Ue, back, id, port, 20000));
    }

    private void Cross(long us, byte[] up, byte[] down, bool n3, bool n6, bool edge)
    {
        if (n3) _run.OnN3(us + 100, Packets.Up(up));
        if (n6) _run.OnN6(us + 150, up);
        if (n6) _run.OnN6(us + 350, down);
        if (edge) _run.OnN6Edge(us + 150, up);
        if (edge) _run.OnN6Edge(us + 350, down);
        if (n3) _run.OnN3(us + 400, Packets.Down(down));
    }

    private static void Record(StringBuilder record, int sequence, long us) => record.Append(string.Create(
        CultureInfo.InvariantCulture,
        $"{sequence},{Ns(us)},{Ns(us + 200)},{Ns(us + 250)},{Ns(us + 500)},answered,0\n"));

    private static long Ns(long us) => CaptureFolder.StartNs + us * 1000;

    private AnalysisResult Analyze(long centralDrops = 0)
    {
        string edge = _run.Folder.Path("stamp-7.csv"), centre = _run.Folder.Path("stamp-8.csv");
        File.WriteAllText(edge, _edgeRecord.ToString());
        File.WriteAllText(centre, _centreRecord.ToString());
        IPAddress ue = IPAddress.Parse(Packets.Ue);
        _run.Run = new()
        {
            Nonce = Nonce,
            CaptureCounters = new Dictionary<string, CaptureCounters> { ["n6.pcapng"] = new(1000, centralDrops, 0) },
            EdgePaths =
            [
                new(new(EdgeSession, "A", ue, IPAddress.Parse(Edge), EdgePort, edge),
                    new(CentreSession, "A", ue, IPAddress.Parse(Packets.Server), CentrePort, centre)),
            ],
            OtherEdgePaths = _setAside is null ? []
                :
                [
                    new(new(SetAsideSession, "A", ue, IPAddress.Parse(Edge), EdgePort, Write("stamp-5.csv", _setAside)),
                        new(CentreSession, "A", ue, IPAddress.Parse(Packets.Server), CentrePort, centre)),
                ],
        };
        return _run.Analyze();
    }

    private string Write(string name, StringBuilder record)
    {
        File.WriteAllText(_run.Folder.Path(name), record.ToString());
        return _run.Folder.Path(name);
    }

    private static KpiResult Of(AnalysisResult result, string id) => result.Kpis.Single(kpi => kpi.Id == id);

    [Test]
    public void Packets_that_leave_by_the_edge_alone_are_a_breakout()
    {
        for (int i = 0; i < PacketCount; i++) Send(i);
        AnalysisResult result = Analyze();
        KpiResult breakout = Of(result, "edge-breakout-ratio"), central = Of(result, "edge-packets-on-central-n6");
        KpiResult data = Of(result, "edge-data-on-central-n6");
        Assert.Multiple(() =>
        {
            Assert.That((breakout.Value, breakout.Samples), Is.EqualTo((1m, 2L * PacketCount)));
            Assert.That((central.Value, central.Samples), Is.EqualTo((0m, 2L * PacketCount)));
            Assert.That((data.Value, data.Samples), Is.EqualTo((0m, 2L * PacketCount)));
            Assert.That(((KpiResult[])[breakout, central, data]).Select(kpi => kpi.NotUsable), Is.All.Null);
        });
    }

    [Test]
    public void One_packet_by_way_of_the_centre_is_one_too_many()
    {
        for (int i = 0; i < PacketCount; i++) Send(i, edgeBy: i == 20 ? "central" : "edge");
        AnalysisResult result = Analyze();
        Assert.That(Of(result, "edge-breakout-ratio").High, Is.LessThan(1));
        Assert.That(Of(result, "edge-packets-on-central-n6").Value, Is.EqualTo(2));
        Assert.That(Of(result, "edge-data-on-central-n6").Value, Is.EqualTo(2));
        Assert.That(Of(result, "edge-data-on-central-n6").Evidence, Is.Not.Empty);
    }

    [Test]
    public void A_packet_that_leaves_by_both_is_no_breakout()
    {
        for (int i = 0; i < PacketCount; i++) Send(i, edgeBy: i == 20 ? "central edge" : "edge");
        Assert.That(Of(Analyze(), "edge-breakout-ratio").High, Is.LessThan(1));
    }

    [Test]
    public void Packets_that_come_back_by_neither_N6_took_a_third_way()
    {
        for (int i = 0; i < PacketCount; i++) Send(i, edgeBy: i % 4 == 0 ? "" : "edge");
        KpiResult breakout = Of(Analyze(), "edge-breakout-ratio");
        Assert.That((breakout.Value, breakout.NotUsable), Is.EqualTo((0.75m, (Testbed.Conformance.LocalText?)null)));
        Assert.That(breakout.Findings[0].En, Does.Contain("at neither N6 20"));
    }

    [Test]
    public void An_edge_mirror_of_one_direction_shows_no_breakout()
    {
        for (int i = 0; i < PacketCount; i++) Send(i);
        _run.N6Edge.RemoveAll(packet => packet.Us % 1_000 == 350);
        Assert.That(Of(Analyze(), "edge-breakout-ratio").High, Is.LessThan(1));
    }

    [Test]
    public void A_single_frame_that_a_mirror_lost_decides_nothing()
    {
        for (int i = 0; i < 1_000; i++) Send(i, edgeBy: i == 20 ? "" : "edge");
        Assert.That(Of(Analyze(), "edge-breakout-ratio").NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void What_leaked_in_an_attempt_that_was_set_aside_has_leaked()
    {
        const long earlierUs = -5_000_000;
        (byte[] up, byte[] down) = Packet(3, SetAsideSession, Edge, EdgePort, "edge");
        Cross(earlierUs, up, down, n3: true, n6: true, edge: false);
        for (int i = 0; i < PacketCount; i++) Send(i);
        _setAside = new(Header);
        Record(_setAside, 3, earlierUs);
        AnalysisResult result = Analyze();
        Assert.That(Of(result, "edge-breakout-ratio").High, Is.LessThan(1));
        Assert.That(Of(result, "edge-data-on-central-n6").Value, Is.EqualTo(2));
    }

    [Test]
    public void A_copy_in_another_wrapping_is_found_by_its_marker_alone()
    {
        for (int i = 0; i < PacketCount; i++) Send(i);
        (byte[] up, _) = Packet(5, EdgeSession, Edge, EdgePort, "edge");
        _run.OnN6(5_200, Packets.Udp("10.100.61.1", Packets.Server, up, 9, 40000, 37008));
        AnalysisResult result = Analyze();
        Assert.That(Of(result, "edge-breakout-ratio").Value, Is.EqualTo(1));
        Assert.That(Of(result, "edge-packets-on-central-n6").Value, Is.Zero);
        Assert.That(Of(result, "edge-data-on-central-n6").Value, Is.EqualTo(1));
    }

    /// <summary>Frames of the central N6 of which 256 bytes are kept, as without consent to more.</summary>
    [TestCase(Packets.Ue, true)]
    [TestCase(Packets.Ue, false, Description = "with a UE's address, and never on N3")]
    [TestCase("10.100.61.1", false)]
    public void What_was_not_kept_of_a_frame_shows_no_absence_of_a_leak(string source, bool isKnown)
    {
        for (int i = 0; i < PacketCount; i++) Send(i);
        byte[] payload = new byte[900];
        PayloadMarker.Derive(Nonce, "edge").CopyTo(payload.AsSpan(700));
        byte[] large = Packets.Udp(source, Packets.Server, payload, 9, 40000, 37008);
        if (isKnown) _run.OnN3(5_100, Packets.Up(large));
        _run.OnN6(5_200, large);
        Assert.That(Of(Analyze(), "edge-data-on-central-n6").Value, Is.EqualTo(1), "all of it is kept");
        _run.N6SnapLength = 256;
        KpiResult cut = Of(Analyze(), "edge-data-on-central-n6");
        Assert.That(cut.NotUsableVerdict, Is.EqualTo(isKnown ? null : (Verdict?)Verdict.Inconclusive));
        Assert.That(cut.Findings.Select(finding => finding.En), Has.Some.Contains("kept of 1 of "));
        if (!isKnown) Assert.That(cut.NotUsable!.En, Does.Contain("full-capture"));
    }

    [TestCase("10.100.63.10", 0)]
    [TestCase("10.100.64.10", 3)]
    public void An_edge_endpoint_that_nobody_sent_to_is_named(string address, int open)
    {
        _run.Claim = TestClaims.TwoSlices with
        {
            Endpoints = [new("edge", "kit-mec", null, null, IPAddress.Parse(address), false)],
        };
        for (int i = 0; i < PacketCount; i++) Send(i);
        KpiResult[] named = [.. Analyze().Kpis.Where(kpi => kpi.NotUsable?.En.Contains("was not tested") == true)];
        Assert.That(named, Has.Length.EqualTo(open));
        Assert.That(named.Select(kpi => kpi.NotUsable!.En), Is.All.Contains(address));
    }

    [Test]
    public void The_silence_of_a_central_tap_that_hears_nothing_proves_nothing()
    {
        _run.AddMargins();
        for (int i = 0; i < PacketCount; i++) Send(i, centreIsSeen: false);
        AnalysisResult result = Analyze();
        string[] ids = ["edge-breakout-ratio", "edge-packets-on-central-n6", "edge-data-on-central-n6"];
        foreach (string id in ids)
            Assert.That(Of(result, id).NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive), id);
    }

    [Test]
    public void Frames_dropped_at_other_times_hide_nothing_and_those_dropped_meanwhile_may()
    {
        for (int i = 0; i < PacketCount; i++) Send(i);
        Assert.That(Of(Analyze(centralDrops: 50), "edge-data-on-central-n6").CaptureLossHigh, Is.Zero);
        Send(PacketCount, centreIsSeen: false);
        AnalysisResult result = Analyze(centralDrops: 50);
        Assert.That(Of(result, "edge-data-on-central-n6").CaptureLossHigh, Is.EqualTo(50));
        Assert.That(Of(result, "edge-packets-on-central-n6").CaptureLossHigh, Is.EqualTo(50));
        Assert.That(Of(result, "edge-breakout-ratio").CaptureLossLow, Is.GreaterThan(0));
    }

    [Test]
    public void What_a_mirror_lost_without_a_counter_may_have_been_the_leak()
    {
        for (int i = 0; i < PacketCount; i++) Send(i, centreIsSeen: i % 20 != 0);
        AnalysisResult result = Analyze();
        Assert.That(Of(result, "edge-data-on-central-n6").CaptureLossHigh, Is.EqualTo(2));
        Assert.That(Of(result, "edge-packets-on-central-n6").CaptureLossHigh, Is.EqualTo(2));
    }

    [Test]
    public void What_an_insider_answers_before_the_UPF_is_no_marked_packet_and_fails_no_control()
    {
        for (int i = 0; i < PacketCount; i++)
        {
            if (i % 2 == 0) Send(i);
            else Send(i, edgeBy: "", centreBy: "");
        }
        _run.N3.RemoveAll(packet => packet.Us / 1000 % 2 == 1);
        AnalysisResult result = Analyze();
        Assert.That(Of(result, "edge-data-on-central-n6").Samples, Is.EqualTo(PacketCount));
        Assert.That(Of(result, "edge-data-on-central-n6").NotUsable, Is.Null);
        Assert.That(Of(result, "edge-breakout-ratio").Value, Is.EqualTo(1));
    }

    [Test]
    public void Packets_signed_with_another_key_are_not_taken_for_the_runs()
    {
        for (int i = 0; i < PacketCount; i++) Send(i);
        (byte[] up, _) = Packet(3, session: 99, Edge, EdgePort, "none");
        _run.OnN6(3_200, up);
        Assert.That(Of(Analyze(), "edge-breakout-ratio").Value, Is.EqualTo(1));
    }

    [Test]
    public void An_edge_tap_without_traffic_is_no_mirror_to_be_judged()
    {
        for (int i = 0; i < PacketCount; i++) Send(i, edgeBy: "central");
        _run.OnN6Edge(10, Packets.Udp("10.100.63.1", "10.100.63.2", 1, 1));
        string[] scopes = [.. Analyze().Kpis.Where(kpi => kpi.Id == "mirror-directions-missing")
            .Select(kpi => kpi.Scope)];
        Assert.That(scopes, Is.EquivalentTo(new[] { "n3.pcapng", "n6.pcapng" }));
    }
}
