using System.Net;
using Testbed.Analyzer.Meters.Identity;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Tests.Meters.Identity;

/// <summary>E2E-009: what shows when an element is replaced, and what must not look like it.</summary>
public sealed class NetworkChangeMeterTests
{
    private const string Kit = "10.100.3.200";
    private CaptureFolder _folder = null!;
    private N4 _n4 = null!;
    private N2 _n2 = null!;
    private readonly List<(long Us, byte[] Frame)> _n3 = [];

    [SetUp]
    public void Open()
    {
        _folder = new();
        (_n4, _n2) = (new(_folder), new(_folder));
        _n3.Clear();
    }

    [TearDown]
    public void Close() => _folder.Dispose();

    /// <summary>Packets of one session both ways, a millisecond apart.</summary>
    private void Traffic(
        int fromMs, int count, byte timeToLive = 64, byte mac = 1, bool isWhole = false, uint teid = 2,
        string upf = Packets.Upf)
    {
        for (int i = 0; i < count; i++)
        {
            ushort id = (ushort)(fromMs + i + 1);
            byte[] up = Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, i, id));
            byte[] down = Packets.Down(
                Packets.Udp(Packets.Server, Packets.Ue, i, id, 5000, 4000), teid, upf: upf);
            down[8] = timeToLive;
            if (isWhole) down[6] = 0x40;
            byte[] frame = Packets.Ethernet(down);
            frame[11] = mac;
            _n3.Add(((fromMs + i) * 1000, Packets.Ethernet(up)));
            _n3.Add(((fromMs + i) * 1000 + 500, frame));
        }
    }

    private KpiResult Result(bool withControl = false)
    {
        string path = _folder.Path("n3.pcapng");
        using (FileStream stream = File.Create(path))
        using (PcapNgWriter writer = new(stream))
        {
            writer.AddInterface("n3u", LinkType.Ethernet, 0);
            foreach ((long us, byte[] frame) in _n3)
                writer.WriteFrame(0, CaptureFolder.StartNs + us * 1000, frame.Length, frame);
            writer.Flush();
        }
        AnalysisRequest request = new()
        {
            N3 = [new("n3.pcapng", [path], [])], Claim = TestClaims.TwoSlices,
            N4 = withControl ? [_n4.Write()] : [], N2 = withControl ? [_n2.Write()] : [],
            Run = new() { Nonce = new byte[32], KitAddresses = [IPAddress.Parse(Kit)] },
        };
        return TrafficAnalysis.Run(request).Kpis.Single(kpi => kpi.Id == "network-changes");
    }

    [Test]
    public void Sessions_that_come_and_go_are_no_change()
    {
        for (int i = 0; i < 10; i++) Traffic(i * 100, 100, teid: (uint)(100 + i));
        KpiResult result = Result();
        Assert.That((result.Value, result.NotUsable), Is.EqualTo((0m, (LocalText?)null)));
        Assert.That(result.Samples, Is.EqualTo(6), "MAC, TTL and DF of gNB and UPF");
    }

    [Test]
    public void Another_time_to_live_from_the_same_address_is_a_change()
    {
        Traffic(0, 200);
        Traffic(200, 200, timeToLive: 255);
        KpiResult result = Result();
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings[0].En, Is.EqualTo(
            "TTL of 10.100.3.1 at n3.pcapng: 64 → 255 (n3.pcapng#402)"));
        Assert.That(result.Evidence, Is.EqualTo(new[] { "n3.pcapng#402" }));
    }

    [Test]
    public void A_replacement_that_is_taken_back_is_seen()
    {
        Traffic(0, 200);
        Traffic(200, 200, mac: 7);
        Traffic(400, 200);
        KpiResult result = Result();
        Assert.That(result.Value, Is.EqualTo(2));
        Assert.That(result.Findings[0].En, Does.Contain("MAC").And.Contain("02:00:00:00:00:01 → 02:00:00:00:00:07"));
    }

    [Test]
    public void Datagrams_that_may_not_be_fragmented_where_they_might_are_a_change()
    {
        Traffic(0, 200);
        Traffic(200, 200, isWhole: true);
        Assert.That(Result().Value, Is.EqualTo(1));
    }

    [Test]
    public void What_the_kit_sends_is_not_the_networks()
    {
        Traffic(0, 300);
        Traffic(300, 100, upf: Kit);
        Traffic(400, 100, upf: Kit, timeToLive: 1);
        Traffic(500, 100);
        Assert.That(Result().Value, Is.Zero);
    }

    [Test]
    public void Too_little_of_a_UPF_compares_nothing()
    {
        Traffic(0, Trait.SettledPackets - 1);
        Assert.That(Result().NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void A_UPF_that_is_seen_for_a_moment_only_compares_nothing()
    {
        Traffic(0, 100);
        Traffic(5_000, 1, upf: "10.100.3.9");
        Assert.That(Result().NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void A_node_that_says_that_it_started_at_another_time_is_another()
    {
        Traffic(0, 200);
        foreach (uint started in new uint[] { 1000, 1000, 2000, 2000 }) _n4.Heartbeat(10, started);
        KpiResult result = Result(withControl: true);
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings[0].En,
            Does.StartWith("10.100.4.1 PFCP Recovery Time Stamp: 1000 → 2000 (n4.pcapng#"));
    }

    [Test]
    public void A_node_that_says_another_time_with_every_message_is_not()
    {
        Traffic(0, 200);
        for (uint i = 0; i < 5; i++) _n4.Heartbeat(10 + i, 1000 + i);
        Assert.That(Result(withControl: true).Value, Is.Zero);
    }

    [TestCase("amf1", 0)]
    [TestCase("amf2", 1)]
    public void An_AMF_that_sets_up_again_under_another_name_is_another(string name, int changes)
    {
        Traffic(0, 200);
        _n2.Setup(10);
        _n2.Setup(1000, name);
        Assert.That(Result(withControl: true).Value, Is.EqualTo(changes));
    }

    [Test]
    public void Captures_that_are_of_no_run_are_not_looked_at()
    {
        using CrossingRun run = new();
        run.Cross(100, Packets.Ue, 1, 2);
        Assert.That(run.Analyze().Kpis.Select(kpi => kpi.Id), Has.None.EqualTo("network-changes"));
    }
}
