using Testbed.Benchmarks.Traffic;

namespace Testbed.Analyzer.Tests.Generated;

/// <summary>Holds a result against the truth that the generator kept.</summary>
internal static class LedgerAssert
{
    public static void Counts(AnalysisResult result, TrafficLedger truth)
    {
        Profile(result, truth);
        Assert.Multiple(() =>
        {
            Assert.That(result.N3.Packets, Is.EqualTo(truth.N3.Packets), "frames on N3");
            Assert.That(result.N6.Packets, Is.EqualTo(truth.N6.Packets), "frames on N6");
            Assert.That(result.N3.Bytes, Is.EqualTo(truth.N3.Bytes), "bytes on N3");
        });
    }

    public static void Profile(AnalysisResult result, TrafficLedger truth) => Assert.Multiple(() =>
    {
        Assert.That(result.GtpU.Gpdu, Is.EqualTo(truth.Gtpu.Gpdu), "G-PDUs");
        Assert.That(result.GtpU.Tunnels, Is.EqualTo(truth.Gtpu.Tunnels), "tunnels");
        Assert.That(result.GtpU.Ues, Is.EqualTo(truth.Gtpu.Ues), "UEs");
        Assert.That(result.GtpU.Qfis, Is.EquivalentTo(truth.Gtpu.Qfis), "QFIs");
    });

    /// <summary>Matched and lost, and no reason but the ledger's.</summary>
    public static void Crossings(AnalysisResult result, TrafficLedger truth) => Assert.Multiple(() =>
    {
        Assert.That(result.Match.Uplink.Matched, Is.EqualTo(truth.Uplink.Matched), "uplink matched");
        Assert.That(result.Match.Downlink.Matched, Is.EqualTo(truth.Downlink.Matched), "downlink matched");
        Assert.That(result.Match.Uplink.Lost, Is.EqualTo(truth.Uplink.Lost), "uplink lost");
        Assert.That(result.Match.Downlink.Lost, Is.EqualTo(truth.Downlink.Lost), "downlink lost");
        Assert.That(result.Match.Unmatched.Keys, Is.SubsetOf((string[])["lost"]), "reasons");
    });

    public static void Delays(AnalysisResult result, TrafficLedger truth)
    {
        Delay(result.Match.Uplink.DelayNs, truth.Uplink.DelayNs!, "uplink");
        Delay(result.Match.Downlink.DelayNs, truth.Downlink.DelayNs!, "downlink");
    }

    private static void Delay(DelaySummary? measured, DelayLedger truth, string what) => Assert.Multiple(() =>
    {
        Assert.That(measured, Is.Not.Null, what);
        Assert.That(measured!.Min, Is.EqualTo(truth.Min), $"{what} minimum");
        Assert.That(measured.Mean, Is.EqualTo(truth.Mean), $"{what} mean");
        Assert.That(measured.Max, Is.EqualTo(truth.Max), $"{what} maximum");
        Assert.That(measured.P50, Is.EqualTo((double)truth.P50).Within(0.1).Percent, $"{what} median");
        Assert.That(measured.P90, Is.EqualTo((double)truth.P90).Within(0.1).Percent, $"{what} p90");
        Assert.That(measured.P99, Is.EqualTo((double)truth.P99).Within(0.1).Percent, $"{what} p99");
        Assert.That(measured.P999, Is.EqualTo((double)truth.P999).Within(0.1).Percent, $"{what} p99.9");
    });
}
