using System.Text.Json;
using Testbed.Analyzer.Tests.Support;

namespace Testbed.Analyzer.Tests.Golden;

/// <summary>What tshark counts in each shared capture, this analyzer counts too.</summary>
public sealed class ExpectedFileTests
{
    // Frames that tshark calls malformed may be counted either way. Of open5gs/5-gtpu-edge-cases/n3.pcap: one G-PDU
    // whose GTP length field exceeds its UDP datagram; tshark counts it as a G-PDU with a malformed inner packet, this
    // product as gtpUBadLength, because a UPF that forwarded it would forward bytes that it never received.
    private static readonly Dictionary<string, int> GpdusBelowTshark =
        new() { ["open5gs/5-gtpu-edge-cases/n3.pcap"] = 1 };

    private static IEnumerable<string> Names() => SharedCaptures.Folder is null
        ? ["(none)"]
        : SharedCaptures.Expected("files").EnumerateObject().Select(file => file.Name);

    [TestCaseSource(nameof(Names))]
    public void Counts_equal_those_of_tshark(string name)
    {
        JsonElement expected = SharedCaptures.Expected("files").GetProperty(name);
        AnalysisResult result = TrafficAnalysis.Run(new() { N3 = [SharedCaptures.Tap(name)] });
        int below = GpdusBelowTshark.GetValueOrDefault(name);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.N3.Packets, Is.EqualTo(expected.GetProperty("packets").GetInt64()));
            Assert.That(result.GtpU.Gpdu, Is.EqualTo(expected.GetProperty("gpdu").GetInt64() - below));
            Assert.That(result.GtpU.Echo, Is.EqualTo(expected.GetProperty("echo").GetInt64()));
            Assert.That(result.GtpU.ErrorIndication, Is.EqualTo(expected.GetProperty("errorIndication").GetInt64()));
            Assert.That(result.GtpU.EndMarker, Is.EqualTo(expected.GetProperty("endMarker").GetInt64()));
            Assert.That(result.GtpU.Tunnels, Is.EqualTo(expected.GetProperty("tunnels").GetInt64()));
            Assert.That(result.GtpU.Uplink, Is.EqualTo(expected.GetProperty("uplink").GetInt64()));
            Assert.That(result.GtpU.Downlink, Is.EqualTo(expected.GetProperty("downlink").GetInt64()));
            Assert.That(
                result.GtpU.Qfis.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value),
                Is.EqualTo(expected.GetProperty("qfis").EnumerateObject()
                    .ToDictionary(qfi => qfi.Name, qfi => qfi.Value.GetInt64())));
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Every_frame_is_decoded_or_has_a_reason(string name)
    {
        AnalysisResult result = TrafficAnalysis.Run(new() { N3 = [SharedCaptures.Tap(name)] });
        Assert.That(result.N3.Decoded + result.N3.NotDecoded.Values.Sum(), Is.EqualTo(result.N3.Packets));
    }
}
