using Testbed.Benchmarks.Traffic.Twists;

namespace Testbed.Analyzer.Tests.Generated;

public class GeneratedPairTests
{
    [TestCase(0)]
    [TestCase(0.3)]
    public void A_plain_pair_gives_back_its_ledger(double ipv6Share)
    {
        using GeneratedPair pair = new(GeneratedPair.Small with { Ipv6Share = ipv6Share });
        AnalysisResult result = pair.Analyze();
        LedgerAssert.Counts(result, pair.Ledger);
        LedgerAssert.Crossings(result, pair.Ledger);
        LedgerAssert.Delays(result, pair.Ledger);
        Assert.That(result.Match.Nat, Is.False);
        Assert.That(result.Match.Ambiguous, Is.Zero);
    }

    [Test]
    public void Classic_pcap_files_give_back_their_ledger()
    {
        using GeneratedPair pair = new(GeneratedPair.Small with { ClassicPcap = true });
        AnalysisResult result = pair.Analyze();
        LedgerAssert.Counts(result, pair.Ledger);
        LedgerAssert.Delays(result, pair.Ledger);
    }

    [Test]
    public void Translated_addresses_are_reported_and_cost_no_pair()
    {
        using GeneratedPair pair = new(new AddressTranslation());
        AnalysisResult result = pair.Analyze();
        LedgerAssert.Counts(result, pair.Ledger);
        LedgerAssert.Crossings(result, pair.Ledger);
        LedgerAssert.Delays(result, pair.Ledger);
        Assert.That(result.Match.Nat);
        Assert.That(English(result), Has.Some.Contains("is translated to 192.0.2."));
    }

    [Test]
    public void Fragments_on_one_side_are_put_together()
    {
        using GeneratedPair pair = new(new OuterFragments(1_400));
        AnalysisResult result = pair.Analyze();
        Assert.That(pair.Ledger.N3.Packets, Is.GreaterThan(pair.Ledger.Gtpu.Gpdu + 2_000), "frames beyond G-PDUs");
        LedgerAssert.Counts(result, pair.Ledger);
        LedgerAssert.Crossings(result, pair.Ledger);
        LedgerAssert.Delays(result, pair.Ledger);
    }

    [Test]
    public void Files_that_are_not_in_time_order_give_back_their_ledger()
    {
        using GeneratedPair pair = new(new Unsorted(GeneratedPair.Seed));
        AnalysisResult result = pair.Analyze();
        LedgerAssert.Counts(result, pair.Ledger);
        LedgerAssert.Crossings(result, pair.Ledger);
        LedgerAssert.Delays(result, pair.Ledger);
    }

    [Test]
    public void Both_taps_in_one_file_are_told_apart()
    {
        using GeneratedPair pair = new(GeneratedPair.Small with { OneFile = true });
        AnalysisResult result = pair.Analyze();
        LedgerAssert.Profile(result, pair.Ledger);
        LedgerAssert.Crossings(result, pair.Ledger);
        LedgerAssert.Delays(result, pair.Ledger);
    }

    private static IEnumerable<string> English(AnalysisResult result) => result.Findings.Select(finding => finding.En);
}
