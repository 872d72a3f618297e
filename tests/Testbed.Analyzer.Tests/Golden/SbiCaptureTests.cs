using Testbed.Analyzer.Tests.Support;

namespace Testbed.Analyzer.Tests.Golden;

/// <summary>HTTP/2 of a real core in clear, compared with what tshark 4.0.17 reads.</summary>
public sealed class SbiCaptureTests
{
    [Test]
    public void Free5GC_is_counted_by_service_and_class_of_status()
    {
        SbiSummary sbi = TrafficAnalysis.Run(new() { Sbi = [SharedCaptures.Tap("public/tel5gtv__free5gc.pcap")] }).Sbi!;
        Assert.That(sbi.Connections, Is.EqualTo(23));
        Assert.That(sbi.GivenUp, Is.Empty);
        Assert.That(sbi.Services.ToDictionary(service => service.Key, service => service.Value.Requests),
            Is.EquivalentTo(new Dictionary<string, long>
            {
                ["namf-comm"] = 2, ["nausf-auth"] = 2, ["nudm-ueau"] = 2, ["nudm-sdm"] = 6, ["nudm-uecm"] = 1,
                ["nudr-dr"] = 11, ["npcf-am-policy-control"] = 1, ["nsmf-pdusession"] = 2,
                ["npcf-smpolicycontrol"] = 1,
            }));
        Assert.That(sbi.Services.Values.Sum(service => service.Responses.GetValueOrDefault("2xx")), Is.EqualTo(28));
        Assert.That(sbi.Services.Values.SelectMany(service => service.Responses.Keys).Distinct(),
            Is.EqualTo(new[] { "2xx" }));
    }

    [Test]
    public void Captures_without_HTTP_2_have_no_such_member() =>
        Assert.That(TrafficAnalysis.Run(new() { N2 = [SharedCaptures.Tap("public/5greplay__oai.pcap")] }).Sbi, Is.Null);
}
