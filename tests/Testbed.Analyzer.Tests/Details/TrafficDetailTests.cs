using Testbed.Analyzer.Details;
using Testbed.Analyzer.Tests.Generated;
using Testbed.Analyzer.Tests.Support;
using Testbed.Benchmarks.Traffic.Twists;

namespace Testbed.Analyzer.Tests.Details;

public sealed class TrafficDetailTests
{
    private CrossingRun _run = null!;

    [SetUp]
    public void Open() => _run = new() { Options = new() { Shards = 2, DetailsTop = 10 } };

    [TearDown]
    public void Close() => _run.Dispose();

    [Test]
    public void Every_ue_has_its_sums_delays_and_times()
    {
        _run.AddMargins();
        for (int i = 0; i < 10; i++) _run.Cross(i * 1000, Packets.Ue, 1, 101);
        for (int i = 0; i < 5; i++) _run.Cross(100_000 + i * 1000, Packets.OtherUe, 2, 102, qfi: 5);
        AnalysisDetails details = _run.Analyze().Details!;
        Assert.That(details.Ues.Total, Is.EqualTo(2));
        UeDetail second = details.Ues.Shown[1];
        Assert.Multiple(() =>
        {
            Assert.That(details.Ues.Shown[0].Address, Is.EqualTo(Packets.Ue), "most bytes first");
            Assert.That(second.Address, Is.EqualTo(Packets.OtherUe));
            Assert.That(second.Uplink.Packets, Is.EqualTo(5));
            Assert.That(second.Uplink.Bytes, Is.EqualTo(5 * 128));
            Assert.That(second.Uplink.Matched, Is.EqualTo(5));
            Assert.That(second.Uplink.Lost, Is.Zero);
            Assert.That(second.Uplink.DelayNs!.P50, Is.EqualTo(50_000));
            Assert.That(second.Downlink.DelayNs!.P99, Is.EqualTo(50_000));
            Assert.That(second.FirstNs, Is.EqualTo(CaptureFolder.StartNs + 100_000_000));
            Assert.That(second.LastNs, Is.EqualTo(CaptureFolder.StartNs + 104_110_000));
            Assert.That(second.Slice, Is.Null);
            Assert.That(second.Dnn, Is.Null);
        });
        TunnelDetail tunnel = details.Tunnels.Shown.Single(tunnel => tunnel.Teid == 102);
        Assert.Multiple(() =>
        {
            Assert.That(tunnel.Receiver, Is.EqualTo(Packets.Gnb));
            Assert.That(tunnel.Direction, Is.EqualTo("downlink"));
            Assert.That(tunnel.Qfis, Is.EqualTo((int[])[5]));
            Assert.That(tunnel.Ue, Is.EqualTo(Packets.OtherUe));
            Assert.That(tunnel.Traffic.Packets, Is.EqualTo(5));
            Assert.That(details.QosFlows.Shown.Single(flow => flow is { Qfi: 5, Direction: "uplink" }).Traffic.Packets,
                Is.EqualTo(5));
            Assert.That(details.WithoutUe.Packets, Is.Zero);
        });
    }

    [Test]
    public void Lists_say_how_long_they_really_are()
    {
        _run.Options = new() { DetailsTop = 3 };
        for (int i = 0; i < 20; i++) _run.Cross(i * 1000, $"10.45.1.{i + 1}", (uint)i + 1, (uint)i + 101);
        AnalysisDetails details = _run.Analyze().Details!;
        Assert.That(details.Ues.Shown, Has.Count.EqualTo(3));
        Assert.That(details.Ues.Total, Is.EqualTo(20));
        Assert.That(details.Tunnels.Total, Is.EqualTo(40));
        Assert.That(details.Flows.Total, Is.EqualTo(20));
    }

    [Test]
    public void Without_being_asked_nothing_is_told()
    {
        _run.Options = new();
        _run.Cross(0, Packets.Ue, 1, 101);
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Details, Is.Null);
        Assert.That(result.Intervals, Is.Null);
    }

    [Test]
    public void A_packet_lost_on_its_way_down_counts_with_its_flow()
    {
        _run.AddMargins();
        for (int i = 0; i < 10; i++) _run.Cross(i * 1000, Packets.Ue, 1, 101);
        for (int i = 0; i < 3; i++)
            _run.OnN6(20_000 + i, Packets.Udp(Packets.Server, Packets.Ue, 7000 + i, (ushort)(7000 + i), 5000, 4000));
        for (int i = 30; i < 40; i++) _run.Cross(i * 1000, Packets.Ue, 1, 101);
        _run.OnN6(25_000, Packets.Udp(Packets.Server, Packets.Ue, 8000, 8000, 5000, 4999));
        AnalysisDetails details = _run.Analyze().Details!;
        LossBursts bursts = details.DownlinkLossBursts!;
        Assert.Multiple(() =>
        {
            Assert.That(details.Ues.Shown.Single().Downlink.Lost, Is.EqualTo(4));
            Assert.That(details.Tunnels.Shown.Single(tunnel => tunnel.Teid == 101).Traffic.Lost, Is.EqualTo(3));
            Assert.That(details.LostBeforeAnyTunnel, Is.EqualTo(1), "its flow never came to N3");
            Assert.That(bursts.Bursts, Is.EqualTo(2));
            Assert.That(bursts.Lost, Is.EqualTo(4));
            Assert.That(bursts.Lengths, Is.EqualTo((BurstLengths[])[new(1, 1, 1, 1), new(3, 4, 1, 3)]));
            Assert.That(bursts.Longest!.Length, Is.EqualTo(3));
            Assert.That(bursts.Longest.FirstEvidence, Does.StartWith("n6.pcapng#"));
            Assert.That(bursts.Longest.LastNs - bursts.Longest.FirstNs, Is.EqualTo(2_000));
            Assert.That(details.UplinkLossBursts!.Longest, Is.Null);
        });
    }

    [Test]
    public void Data_networks_and_slices_come_from_n4_and_else_from_the_claim()
    {
        N4 n4 = new(_run.Folder);
        n4.Session(-20_000_000, Packets.Ue, 1, 101, dnn: "ims");
        // The UPF gave this UE an address that N4 does not show: its tunnel names the network.
        n4.Session(-19_000_000, "10.45.0.99", 3, 103, dnn: "iot");
        _run.Claim = TestClaims.TwoSlices;
        _run.AddMargins();
        _run.Cross(0, Packets.Ue, 1, 101);
        _run.Cross(500, Packets.OtherUe, 3, 103);
        _run.Cross(1000, "10.46.0.9", 2, 102);
        AnalysisDetails details = TrafficAnalysis.Run(_run.Request() with { N4 = [n4.Write()] }).Details!;
        Assert.Multiple(() =>
        {
            Assert.That(details.Ues.Shown.Single(ue => ue.Address == Packets.Ue).Dnn, Is.EqualTo("ims"));
            Assert.That(details.Ues.Shown.Single(ue => ue.Address == Packets.OtherUe).Dnn, Is.EqualTo("iot"));
            Assert.That(details.Ues.Shown.Single(ue => ue.Address == "10.46.0.9"),
                Has.Property("Dnn").EqualTo("mec").And.Property("Slice").EqualTo("B"));
            Assert.That(details.Dnns.Shown.Select(dnn => (dnn.Dnn, dnn.Source, dnn.Ues)),
                Is.EquivalentTo(((string?, string, long)[])
                    [("ims", "pfcp", 1), ("iot", "pfcp", 1), ("mec", "claim", 1)]));
        });
    }

    [TestCase("plain")]
    [TestCase("translated")]
    [TestCase("unsorted")]
    [TestCase("both taps in one file")]
    [TestCase("fragments on N3")]
    public void Rows_of_a_generated_pair_add_up_to_its_ledger(string kind)
    {
        bool isTranslated = kind == "translated";
        using GeneratedPair pair = kind switch
        {
            "translated" => new(new AddressTranslation()),
            "unsorted" => new(new Unsorted(GeneratedPair.Seed)),
            "both taps in one file" => new(GeneratedPair.Small with { OneFile = true }),
            "fragments on N3" => new(new OuterFragments(1_400)),
            _ => new(),
        };
        AnalysisResult result = pair.Analyze(new() { DetailsTop = 100_000 });
        AnalysisDetails details = result.Details!;
        Assert.Multiple(() =>
        {
            Assert.That(details.Ues.Total, Is.EqualTo(pair.Ledger.Gtpu.Ues));
            Assert.That(details.Tunnels.Total, Is.EqualTo(pair.Ledger.Gtpu.Tunnels));
            Assert.That(details.Ues.Shown.Sum(ue => ue.Uplink.Packets + ue.Downlink.Packets),
                Is.EqualTo(pair.Ledger.Gtpu.Gpdu));
            Assert.That(details.Ues.Shown.Sum(ue => ue.Uplink.Matched), Is.EqualTo(pair.Ledger.Uplink.Matched));
            Assert.That(details.Ues.Shown.Sum(ue => ue.Uplink.Lost), Is.EqualTo(pair.Ledger.Uplink.Lost));
            Assert.That(details.Ues.Shown.Sum(ue => ue.Downlink.Lost), Is.EqualTo(pair.Ledger.Downlink.Lost)
                .Within(isTranslated ? details.LostBeforeAnyTunnel : 0));
            Assert.That(details.Flows.Shown.Sum(flow => flow.Downlink.Lost), Is.EqualTo(pair.Ledger.Downlink.Lost));
            Assert.That(details.QosFlows.Shown.GroupBy(flow => flow.Qfi!.Value).ToDictionary(
                qfi => qfi.Key, qfi => qfi.Sum(flow => flow.Traffic.Packets)),
                Is.EquivalentTo(pair.Ledger.Gtpu.Qfis));
            Assert.That(details.UplinkLossBursts!.Lost, Is.EqualTo(pair.Ledger.Uplink.Lost));
            Assert.That(details.UplinkLossBursts.Longest!.Length, Is.EqualTo(result.Match.Uplink.LossBurstMax));
            Assert.That(details.DownlinkLossBursts!.Lost, Is.EqualTo(pair.Ledger.Downlink.Lost));
            Assert.That(details.DownlinkLossBursts.Longest!.Length, Is.EqualTo(result.Match.Downlink.LossBurstMax));
            Assert.That(details.OneWayDelaysUsable);
        });
    }

    [Test]
    public void Clocks_that_disagree_give_no_delay()
    {
        using GeneratedPair pair = new(GeneratedPair.Small with
        {
            RatePps = 2_000, Twists = [new SkewedClock(37_000_000, 20, 10_000_000_000)],
        });
        AnalysisDetails details = pair.Analyze(new() { DetailsTop = 5 }).Details!;
        Assert.That(details.OneWayDelaysUsable, Is.False);
        Assert.That(details.Ues.Shown.Select(ue => ue.Uplink.DelayNs), Is.All.Null);
    }
}
