using Testbed.Analyzer.Tests.Support;

namespace Testbed.Analyzer.Tests.Golden;

/// <summary>N2 of two real cores, compared with what tshark 4.0.17 reads.</summary>
public sealed class N2CaptureTests
{
    private static N2Summary Read(string name) =>
        TrafficAnalysis.Run(new() { N2 = [SharedCaptures.Tap($"public/{name}")] }).N2!;

    [Test]
    public void OpenAirInterface_sets_up_one_node_one_context_and_one_session()
    {
        N2Summary n2 = Read("5greplay__oai.pcap");
        Assert.That(n2.Messages, Is.EqualTo(14));
        Assert.That(n2.RanNodes.Single(), Has.Property("Address").EqualTo("192.168.70.129")
            .And.Property("IsAccepted").True.And.Property("N3").EqualTo(new[] { "192.168.70.129" }));
        Assert.That(n2.Amfs.Single().Name, Is.EqualTo("OAI-AMF"));
        Assert.That((n2.InitialUeMessages, n2.ContextsSetUp, n2.SessionsSetUp), Is.EqualTo((1L, 1L, 1L)));
        Assert.That(n2.Slices["1-000001"].Flows, Is.EqualTo(new N2Flow[] { new(7, 7, false, 1, null, null, 1) }));
    }

    [Test]
    public void Free5GC_tells_both_ends_apart_though_they_share_an_address()
    {
        N2Summary n2 = Read("tel5gtv__free5gc.pcap");
        Assert.That(n2.Messages, Is.EqualTo(13));
        Assert.That(n2.RanNodes.Single().Id, Is.EqualTo("20893-000102/24"));
        Assert.That(n2.RanNodes.Single().N3, Is.EqualTo(new[] { "10.200.200.1" }));
        Assert.That(n2.Amfs.Single().Guamis, Is.EqualTo(new[] { "20893-202-1016-0" }));
        Assert.That(n2.SessionsSetUp, Is.EqualTo(1));
        Assert.That(n2.Slices["1-010203"].Flows, Is.EqualTo(new N2Flow[] { new(0, 9, false, 15, null, null, 1) }));
    }
}
