using Testbed.Analyzer.Details;
using Testbed.Analyzer.Tests.Support;

namespace Testbed.Analyzer.Tests.Details;

/// <summary>What tshark 4.0 says of the same captures: tcp.analysis.* and -z conv.</summary>
public sealed class SharedCaptureTests
{
    private static AnalysisDetails N3(string name) => TrafficAnalysis.Run(new()
    {
        N3 = [SharedCaptures.Tap(name)], Options = new() { DetailsTop = 1000 },
    }).Details!;

    [Test]
    public void Handshakes_and_retransmissions_of_a_real_core_are_those_of_tshark()
    {
        AnalysisDetails details = N3("open5gs/1-baseline/n3.pcap");
        TcpDetails tcp = details.Tcp;
        Assert.Multiple(() =>
        {
            Assert.That(tcp.Flows, Is.EqualTo(14));
            Assert.That(tcp.Segments, Is.EqualTo(15_569));
            Assert.That(tcp.OpenedByUe.Answered, Is.EqualTo(14));
            Assert.That(details.Flows.Shown.Select(flow => flow.Tcp?.ServerSideNs + flow.Tcp?.ClientSideNs),
                Is.SupersetOf((long?[])[8_062_540, 807_392, 786_480, 774_002, 767_212, 57_295]), "initial_rtt");
            Assert.That(tcp.Retransmitting.Shown.Select(flow => flow.FirstEvidence),
                Is.EquivalentTo((string[])["n3.pcap#21254", "n3.pcap#21348"]));
            Assert.That(tcp.Uplink.Retransmissions + tcp.Downlink.Retransmissions, Is.EqualTo(2));
            Assert.That(tcp.Uplink.KeepAlives + tcp.Downlink.KeepAlives, Is.EqualTo(1));
            Assert.That(tcp.Uplink.OutOfOrder + tcp.Downlink.OutOfOrder, Is.Zero);
            Assert.That(details.Flows.Shown.Single(flow => flow.UePort == 46885),
                Has.Property("Remote").EqualTo("10.100.62.10").And.Property("RemotePort").EqualTo(5203));
            Assert.That(details.Flows.Shown.Single(flow => flow.UePort == 46885).Downlink.Packets, Is.EqualTo(2643));
            Assert.That(details.Flows.Shown.Single(flow => flow.UePort == 46885).Uplink.Packets, Is.EqualTo(1286));
        });
    }

    [Test]
    public void Reordering_over_the_internet_is_told_from_what_was_sent_again()
    {
        TcpDetails tcp = N3("public/5greplay__oai.pcap").Tcp;
        Assert.Multiple(() =>
        {
            Assert.That(tcp.Segments, Is.EqualTo(186));
            Assert.That(tcp.Downlink.OutOfOrder, Is.EqualTo(14));
            Assert.That(tcp.Downlink.SeenBefore, Is.EqualTo(7));
            Assert.That(tcp.Downlink.LostBeforeTap + tcp.Uplink.Retransmissions, Is.Zero);
        });
    }

    [Test]
    public void Twenty_pings_that_a_upf_drops_are_one_burst()
    {
        AnalysisDetails details = TrafficAnalysis.Run(new()
        {
            N3 = [SharedCaptures.Tap("open5gs/1-baseline/n3.pcap")],
            N6 = [SharedCaptures.Tap("open5gs/1-baseline/n6a.pcap"), SharedCaptures.Tap("open5gs/1-baseline/n6b.pcap")],
            Options = new() { DetailsTop = 10 },
        }).Details!;
        LossBursts bursts = details.UplinkLossBursts!;
        Assert.That(bursts.Lengths, Is.EqualTo((BurstLengths[])[new(17, 32, 2, 40)]));
        Assert.That(bursts.Longest!.Flow, Is.EqualTo("10.45.0.2 -> 10.100.62.10 (1)"));
        Assert.That(bursts.Longest.FirstEvidence, Is.EqualTo("n3.pcap#5"));
    }
}
