using System.Text.Json;
using Testbed.Analyzer.Tests.Support;

namespace Testbed.Analyzer.Tests.Golden;

/// <summary>What is known to have crossed a real UPF is found to have crossed it.</summary>
public sealed class ExpectedPairTests
{
    private static AnalysisResult Run(string name)
    {
        JsonElement pair = SharedCaptures.Pair(name);
        JsonElement n6 = pair.GetProperty("n6");
        string[] files = n6.ValueKind is JsonValueKind.Array
            ? [.. n6.EnumerateArray().Select(file => file.GetString()!)]
            : [n6.GetString()!];
        bool isTwoSlices = files.Length == 2;
        return TrafficAnalysis.Run(new()
        {
            N3 = [SharedCaptures.Tap(pair.GetProperty("n3").GetString()!)],
            N6 = [.. files.Select((file, i) => isTwoSlices
                ? SharedCaptures.Tap(file, i == 0 ? "A" : "B") : SharedCaptures.Tap(file))],
            Claim = isTwoSlices ? TestClaims.TwoSlices : null,
        });
    }

    [Test]
    public void Telekom_crosses_a_translating_UPF_without_loss()
    {
        AnalysisResult result = Run("telekom");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Match.Matched, Is.EqualTo(79));
            Assert.That(result.Match.Nat, Is.True);
            Assert.That(result.Match.Uplink.Matched, Is.EqualTo(46));
            Assert.That(result.Match.Downlink.Matched, Is.EqualTo(33));
            Assert.That(result.Match.Uplink.DelayNs!.Mean / 1000.0, Is.EqualTo(3833.4).Within(0.05));
            Assert.That(result.Match.Downlink.DelayNs!.Mean / 1000.0, Is.EqualTo(3789.0).Within(0.1));
            Assert.That(result.Match.UnmatchedN3, Is.EqualTo(
                new Dictionary<string, long> { ["captureEdge"] = 4, ["tapLoss"] = 9 }));
            Assert.That(result.Match.OnlyN6, Is.EqualTo(12));
            Assert.That(result.Match.Uplink.Lost + result.Match.Downlink.Lost, Is.Zero);
        }
    }

    // The reference matched whole frames only: 163 of the 653 G-PDUs. The other 490 came in two outer fragments each;
    // put together, every one of them has its packet on the other side.
    [Test]
    public void Magma_shows_every_packet_on_both_interfaces_of_one_unsorted_file()
    {
        AnalysisResult result = Run("magma_04");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Match.Matched, Is.EqualTo(163 + 490));
            Assert.That(result.Match.Nat, Is.True);
            Assert.That(result.Match.OnlyN3 + result.Match.OnlyN6, Is.Zero);
            Assert.That(result.Match.Uplink.Lost, Is.Zero);
        }
    }

    [Test]
    public void Oai_matches_what_was_not_merged_by_offload()
    {
        AnalysisResult result = Run("oai");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Match.Matched, Is.EqualTo(136));
            Assert.That(result.Match.Nat, Is.True);
            Assert.That(result.Match.Unmatched["offload"], Is.EqualTo(80));
        }
    }

    [TestCase("1-baseline")]
    [TestCase("4-n3-fragmented")]
    [TestCase("5-gtpu-edge-cases")]
    public void Open5gs_crossings_equal_the_reference(string name)
    {
        AnalysisResult result = Run(name);
        foreach (JsonProperty expected in SharedCaptures.Pair(name).GetProperty("crossing").EnumerateObject())
        {
            bool up = expected.Name.StartsWith("UL", StringComparison.Ordinal);
            SliceSummary slice = result.Slices[expected.Name[^1..]];
            DirectionSummary direction = up ? slice.Uplink : slice.Downlink;
            using (Assert.EnterMultipleScope())
            {
                Assert.That(
                    direction.Matched, Is.EqualTo(expected.Value.GetProperty("matched").GetInt64()), expected.Name);
                Assert.That(Unexplained(name, expected.Name) + direction.Lost,
                    Is.EqualTo(expected.Value.GetProperty("lost").GetInt64()), $"{expected.Name} lost");
                Compare(direction.DelayNs!, expected.Value.GetProperty("transit_us"), expected.Name);
                foreach (JsonProperty qfi in expected.Value.GetProperty("by_qfi").EnumerateObject())
                {
                    DirectionSummary ofQfi = (up ? slice.UplinkByQfi : slice.DownlinkByQfi)[int.Parse(qfi.Name)];
                    Assert.That(ofQfi.Matched, Is.EqualTo(qfi.Value.GetProperty("matched").GetInt64()), qfi.Name);
                    Near(ofQfi.DelayNs!.P50, qfi.Value.GetProperty("p50_us").GetDouble(),
                        $"{expected.Name} qfi {qfi.Name}");
                }
            }
        }
    }

    // The reference knows matched and lost only, and slices by tunnel. Of the 32 uplink packets of slice A's
    // tunnels that left nowhere, two turned round inside the UPF, two came after both N6 captures had ended, and two
    // carry a forged source of slice B, to which this product counts them.
    private static int Unexplained(string name, string crossing) => (name, crossing) switch
    {
        ("5-gtpu-edge-cases", "UL_A") => 6,
        ("5-gtpu-edge-cases", "UL_B") => -2,
        _ => 0,
    };

    private static void Compare(DelaySummary delay, JsonElement expected, string what)
    {
        Assert.That(delay.Min / 1000.0, Is.EqualTo(expected.GetProperty("min").GetDouble()).Within(0.051), what);
        Assert.That(delay.Mean / 1000.0, Is.EqualTo(expected.GetProperty("mean").GetDouble()).Within(0.0051), what);
        Assert.That(delay.Max / 1000.0, Is.EqualTo(expected.GetProperty("max").GetDouble()).Within(0.051), what);
        Near(delay.P50, expected.GetProperty("p50").GetDouble(), what);
        Near(delay.P90, expected.GetProperty("p90").GetDouble(), what);
        Near(delay.P99, expected.GetProperty("p99").GetDouble(), what);
    }

    // Three digits, and the reference's own rounding; it interpolates between ranks, this product does not.
    private static void Near(long ns, double us, string what) =>
        Assert.That(ns / 1000.0, Is.EqualTo(us).Within(0.1 + us * 0.01), what);
}
