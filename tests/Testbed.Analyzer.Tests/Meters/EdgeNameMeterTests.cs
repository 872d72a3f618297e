using System.Globalization;
using System.Net;
using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;
using Testbed.Wire.Stamp;

namespace Testbed.Analyzer.Tests.Meters;

/// <summary>EDG-003: only an answer that came over N3 counts.</summary>
public sealed class EdgeNameMeterTests
{
    private const string Server = "10.100.63.10";
    private const int Session = 9, Port = 31_000, PacketCount = 50;
    private CrossingRun _run = null!;
    private StringBuilder _record = null!;

    [SetUp]
    public void Open()
    {
        _run = new();
        _record = new("question,localPort,sentNs,receivedNs,code,addresses,right\n");
    }

    [TearDown]
    public void Close() => _run.Dispose();

    private void Ask(int number, bool isRight = true, bool crosses = true, string code = "0", string addresses = Server)
    {
        int port = 21_000 + number;
        long us = number * 10_000;
        if (crosses)
        {
            _run.OnN3(us + 100, Packets.Up(
                Packets.Udp(Packets.Ue, Server, number, (ushort)(number + 1), port, 53, 40)));
            _run.OnN3(us + 300, Packets.Down(
                Packets.Udp(Server, Packets.Ue, number, (ushort)(number + 1), 53, port, 60)));
        }
        string received = code == "none" ? "0" : Ns(us + 400).ToString(CultureInfo.InvariantCulture);
        _record.Append(string.Create(CultureInfo.InvariantCulture,
            $"{number},{port},{Ns(us)},{received},{code},{addresses},{(isRight ? 1 : 0)}\n"));
    }

    private static long Ns(long us) => CaptureFolder.StartNs + us * 1000;

    /// <summary>A keyed packet to the address that the name got, of this run or of another session.</summary>
    private void Follow(int number, string seenAt, int session = Session, int port = Port)
    {
        byte[] payload = new byte[StampLayout.AuthenticatedLength];
        new StampSenderPacket(
            (uint)number, CaptureFolder.StartNs, StampErrorEstimate.Create(true, StampTimestampFormat.Ntp, 1000),
            (ushort)session).Write(payload, true);
        StampKeys.Derive(new byte[32], session).Sign(payload);
        byte[] packet = Packets.Udp(Packets.Ue, Server, payload, (ushort)(500 + number), 20_000, port);
        // A translator of addresses stands before the centre, or none: the key tells.
        byte[] translated = Packets.Udp("10.100.61.1", Server, payload, (ushort)(500 + number), 40_000, port);
        long us = 200_000 + number * 10_000;
        if (seenAt.Contains("n3")) _run.OnN3(us, Packets.Up(packet));
        if (seenAt.Contains("edge")) _run.OnN6Edge(us + 50, packet);
        if (seenAt.Contains("centre")) _run.OnN6(us + 50, translated);
    }

    private KpiResult Result(bool isClaimed = true, long drops = 0, int packets = 0, bool hasMargins = true)
    {
        string path = _run.Folder.Path("edge-name.csv");
        File.WriteAllText(path, _record.ToString());
        if (hasMargins) _run.AddMargins();
        _run.Run = new()
        {
            Nonce = new byte[32],
            CaptureCounters = new Dictionary<string, CaptureCounters> { ["n3.pcapng"] = new(100, drops, 0) },
            EdgeNames =
            [
                new("edge.example.mec", IPAddress.Parse(Packets.Ue), IPAddress.Parse(Server), isClaimed, path)
                {
                    EdgeAddresses = [IPAddress.Parse(Server), IPAddress.Parse("10.100.63.99")], Packets = packets,
                    Session = Session, Port = Port,
                },
            ],
        };
        return _run.Analyze().Kpis.Single(kpi => kpi.Id == "edge-discovery-ratio");
    }

    [Test]
    public void Right_answers_that_crossed_N3_are_a_discovery()
    {
        for (int i = 0; i < 6; i++) Ask(i);
        KpiResult result = Result();
        Assert.That((result.Value, result.Samples), Is.EqualTo((1m, 6L)));
        Assert.That(result.NotUsable, Is.Null);
        Assert.That(result.Evidence, Has.Some.StartsWith("n3.pcapng#"));
    }

    [Test]
    public void A_resolver_on_the_kit_answers_without_crossing_N3()
    {
        for (int i = 0; i < 6; i++) Ask(i, crosses: i != 3);
        Assert.That(Result().High, Is.LessThan(1));
    }

    [Test]
    public void An_answer_at_another_time_than_the_kits_own_is_not_that_answer()
    {
        for (int i = 0; i < 6; i++) Ask(i);
        _run.N3.Clear();
        _run.OnN3(900_000, Packets.Up(Packets.Udp(Packets.Ue, Server, 1, 1, 21_000, 53, 40)));
        Assert.That(Result().Value, Is.Zero);
    }

    [Test]
    public void Other_addresses_and_refusals_count_against_it_and_are_named()
    {
        Ask(0);
        Ask(1, isRight: false, addresses: "10.100.61.10");
        Ask(2, isRight: false, code: "3", addresses: "");
        KpiResult result = Result();
        Assert.That(result.Value, Is.EqualTo(0.333333333m));
        Assert.That(result.Findings[0].En, Does.Contain("10.100.61.10").And.Contain("RCODE 3"));
    }

    [Test]
    public void Silence_fails_a_claimed_server_and_decides_nothing_about_one_that_was_guessed()
    {
        for (int i = 0; i < 6; i++) Ask(i, isRight: false, crosses: false, code: "none", addresses: "");
        Assert.That(Result().NotUsable, Is.Null);
        Assert.That(Result(isClaimed: false).NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void Frames_that_N3_dropped_may_have_been_the_answers()
    {
        for (int i = 0; i < 6; i++) Ask(i, crosses: i != 3);
        Assert.That(Result(drops: 5).CaptureLossHigh, Is.GreaterThan(0.16m));
    }

    /// <summary>The claim's word that an address is at the edge, where the packets went, and what that shows.</summary>
    [TestCase("n3 edge", 50, "")]
    [TestCase("n3 edge", 46, "", Description = "some are lost on their way")]
    [TestCase("n3 edge", 20, "the edge N6 shows 20 of 50")]
    [TestCase("edge", 50, "", Description = "N3 misses them")]
    [TestCase("n3", 50, "the edge N6 shows 0 of 50")]
    [TestCase("", 50, "the edge N6 shows 0 of 50")]
    public void An_address_is_at_the_edge_where_packets_to_it_leave_by_the_edge(string seenAt, int seen, string doubt)
    {
        for (int i = 0; i < 6; i++) Ask(i);
        for (int i = 0; i < PacketCount; i++) Follow(i, i < seen ? seenAt : seenAt.Replace("edge", ""));
        _run.OnN6Edge(10, Packets.Udp("10.100.63.1", "10.100.63.2", 1, 1));
        KpiResult result = Result(packets: PacketCount);
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.NotUsableVerdict, Is.EqualTo(doubt.Length == 0 ? null : (Verdict?)Verdict.Inconclusive));
        Assert.That(result.NotUsable?.En ?? "", Does.StartWith(doubt));
        Assert.That(result.Findings, Has.Count.EqualTo(2), "no answer gave the claim's other address");
    }

    [TestCase("n3 centre", 50)]
    [TestCase("n3 edge centre", 1)]
    public void A_name_that_leads_to_the_centre_is_no_discovery_whatever_the_claim_calls_it(string seenAt, int seen)
    {
        for (int i = 0; i < 6; i++) Ask(i);
        for (int i = 0; i < PacketCount; i++) Follow(i, i < seen ? seenAt : "n3 edge");
        KpiResult result = Result(packets: PacketCount, drops: 5);
        Assert.That((result.Value, result.NotUsable, result.CaptureLossHigh), Is.EqualTo((0m, (LocalText?)null, 0m)));
        Assert.That(result.Findings[0].En, Does.Contain("the name leads to the centre"));
        Assert.That(result.Evidence, Has.Some.StartsWith("n6.pcapng#"));
    }

    [Test]
    public void Packets_of_another_key_lead_nowhere()
    {
        for (int i = 0; i < 6; i++) Ask(i);
        for (int i = 0; i < PacketCount; i++)
        {
            Follow(i, "n3 edge");
            Follow(i, "n3 centre", session: 77);
            Follow(i, "n3 centre", port: Port + 1);
        }
        KpiResult result = Result(packets: PacketCount);
        Assert.That((result.Value, result.NotUsable), Is.EqualTo((1m, (LocalText?)null)));
    }

    [Test]
    public void Where_a_kit_stands_at_the_address_its_way_is_judged_by_the_kits_packets()
    {
        _run.Claim = TestClaims.TwoSlices with
        {
            Endpoints = [new("edge", "kit-mec", null, null, IPAddress.Parse(Server), false)],
        };
        for (int i = 0; i < 6; i++) Ask(i);
        for (int i = 0; i < PacketCount; i++) Follow(i, "n3 centre");
        KpiResult result = Result(packets: PacketCount);
        Assert.That((result.Value, result.NotUsable), Is.EqualTo((1m, (LocalText?)null)));
        Assert.That(result.Findings[1].En, Does.Contain("EDG-001"));
    }

    [Test]
    public void Without_a_tap_at_the_edge_it_is_said_that_nothing_shows_where_the_address_is()
    {
        for (int i = 0; i < 6; i++) Ask(i);
        for (int i = 0; i < PacketCount; i++) Follow(i, "n3");
        KpiResult result = Result(packets: PacketCount);
        Assert.That((result.Value, result.NotUsable), Is.EqualTo((1m, (LocalText?)null)));
        Assert.That(result.Findings[1].En, Does.Contain("without a tap n6-edge"));
    }

    [TestCase("edge", Server, 0)]
    [TestCase("edge", "10.100.61.10", 1)]
    [TestCase("edge", "mec.example.com", 1, Description = "a name is where its resolver says")]
    [TestCase("edge centre", Server, 1)]
    [TestCase("", Server, 1)]
    public void The_host_of_a_MEC_interface_is_at_the_edge_where_packets_to_it_were_seen(
        string seenAt, string host, int elsewhere)
    {
        IPAddress address = IPAddress.Parse(Server);
        _run.Claim = TestClaims.TwoSlices with
        {
            Edge = [new("mec1", address, "edge.example.mec", new($"https://{host}:8443/mec"), null)],
        };
        for (int i = 0; i < PacketCount; i++) Follow(i, "n3 " + seenAt);
        Result(packets: PacketCount);
        KpiResult hosts = _run.Analyze().Kpis.Single(kpi => kpi.Id == "mec-hosts-not-shown-at-edge");
        Assert.That((hosts.Value, hosts.Samples), Is.EqualTo(((decimal)elsewhere, 1L)));
        Assert.That(hosts.Findings.Select(finding => finding.En), Is.All.Contains(host));
        Assert.That(hosts.Findings, Has.Count.EqualTo(elsewhere));
    }

    [Test]
    public void Questions_that_IPsec_hides_fail_nobody()
    {
        for (int i = 0; i < 6; i++) Ask(i, crosses: false);
        byte[] esp = new byte[200];
        new Random(1).NextBytes(esp);
        _run.OnN3(100, Carriers.Ipv4(IpProtocol.Esp, esp, Packets.Gnb, Packets.Upf));
        _run.OnN6(100, Packets.Udp(Packets.Ue, Packets.Server, 1, 1));
        KpiResult hidden = Result(hasMargins: false);
        Assert.That(hidden.NotUsableVerdict, Is.EqualTo(Verdict.NotMeasurable));
        Assert.That(hidden.NotUsable!.En, Does.Contain("ESP"));
        Assert.That(Result().NotUsable, Is.Null, "N3 carries this UE in clear, and not its answers");
    }

    [Test]
    public void A_UE_of_which_N3_shows_nothing_at_all_proves_nothing()
    {
        for (int i = 0; i < 6; i++) Ask(i, crosses: false);
        _run.Cross(100, Packets.OtherUe, 3, 103);
        KpiResult result = Result(hasMargins: false);
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.NotUsable!.En, Does.Contain(Packets.Ue).And.Contain("bridge mode"));
    }
}
