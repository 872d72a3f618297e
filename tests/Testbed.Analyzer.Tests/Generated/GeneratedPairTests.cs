using Testbed.Analyzer.Matching.Clocks;
using Testbed.Benchmarks.Traffic;
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
    public void Packets_that_only_addresses_tell_apart_are_told_apart_by_addresses()
    {
        using GeneratedPair pair = new(new EqualKeys(0.1, GeneratedPair.Seed));
        AnalysisResult result = pair.Analyze();
        Assert.That(pair.Ledger.EqualKeys, Is.GreaterThan(1_500));
        LedgerAssert.Counts(result, pair.Ledger);
        LedgerAssert.Crossings(result, pair.Ledger);
        Assert.Multiple(() =>
        {
            // After a loss the next equal packet of the same flow may stand in for the lost one: said, and rare.
            Assert.That(result.Match.Ambiguous, Is.InRange(1, 100));
            Assert.That(English(result), Has.Some.Contains("share all that tells packets apart"));
            Assert.That(result.Match.Uplink.DelayNs!.Max, Is.EqualTo(pair.Ledger.Uplink.DelayNs!.Max));
            Assert.That(result.Match.Downlink.DelayNs!.Max, Is.EqualTo(pair.Ledger.Downlink.DelayNs!.Max));
        });
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

    [TestCase(0.05)]
    [TestCase(0.3)]
    public void What_a_tap_missed_is_named_and_not_called_loss(double share)
    {
        using GeneratedPair pair = new(new TapLoss(share, GeneratedPair.Seed));
        TrafficLedger truth = pair.Ledger;
        AnalysisResult result = pair.Analyze();
        LedgerAssert.Counts(result, truth);
        // What N3 saw and N6 did not: missed, but for packets that never came to N3.
        long onlyN3 = truth.Uplink.Entered - truth.Uplink.Matched
            + truth.Downlink.MissedOnN6 - truth.Downlink.LostAndMissed;
        Assert.Multiple(() =>
        {
            Assert.That(result.Match.Uplink.Matched, Is.EqualTo(truth.Uplink.Matched));
            Assert.That(result.Match.Downlink.Matched, Is.EqualTo(truth.Downlink.Matched));
            Assert.That(result.Match.OnlyN3, Is.EqualTo(onlyN3));
            Assert.That(result.Match.UnmatchedN3["tapLoss"], Is.EqualTo(onlyN3));
            Assert.That(result.Match.Uplink.Lost, Is.Zero, "nobody can tell");
            Assert.That(result.Match.Downlink.Lost, Is.EqualTo(truth.Downlink.Lost - truth.Downlink.LostAndMissed));
            Assert.That(English(result), Has.Some.StartsWith($"the capture on N6 has gaps: {onlyN3} packets"));
        });
    }

    [Test]
    public void A_few_misses_of_a_tap_do_not_excuse_a_lossy_network()
    {
        using GeneratedPair pair = new(GeneratedPair.Small with
        {
            LossRatio = 0.05, Twists = [new TapLoss(0.001, GeneratedPair.Seed)],
        });
        AnalysisResult result = pair.Analyze();
        Assert.That(result.Match.Uplink.Lost, Is.InRange(
            pair.Ledger.Uplink.Lost * 9 / 10, pair.Ledger.Uplink.Lost));
    }

    [TestCase(37.0, 20.0)]
    [TestCase(-37.0, -20.0)]
    [TestCase(0.15, 0.0)]
    public void Clocks_that_disagree_are_estimated_within_their_bound(double offsetMs, double driftPpm)
    {
        using GeneratedPair pair = new(GeneratedPair.Small with
        {
            RatePps = 2_000, Twists = [new SkewedClock((long)(offsetMs * 1e6), driftPpm, 10_000_000_000)],
        });
        AnalysisResult result = pair.Analyze();
        LedgerAssert.Counts(result, pair.Ledger);
        LedgerAssert.Crossings(result, pair.Ledger);
        ClockEstimate clock = result.Match.Clock!;
        double trueNs = offsetMs * 1e6 + driftPpm / 1e6 * (clock.AtNs - PacketSource.StartNs);
        Assert.Multiple(() =>
        {
            Assert.That(clock.Disagree);
            Assert.That(clock.IsSteady);
            Assert.That(clock.OffsetNs, Is.EqualTo(trueNs).Within(clock.BoundNs));
            Assert.That(clock.BoundNs, Is.LessThan(100_000));
            Assert.That(clock.DriftPpm, Is.EqualTo(driftPpm).Within(clock.DriftBoundPpm));
            Assert.That(clock.DriftBoundPpm, Is.LessThan(15));
            Assert.That(English(result), Has.Some.Contains("one-way delays judge nothing"));
        });
    }

    [TestCase(5.0)]
    [TestCase(-3_600.0)]
    public void Clocks_that_nobody_set_make_no_loss(double offsetSeconds)
    {
        using GeneratedPair pair = new(new SkewedClock((long)(offsetSeconds * 1e9), 0, 2_000_000_000));
        AnalysisResult result = pair.Analyze();
        LedgerAssert.Counts(result, pair.Ledger);
        LedgerAssert.Crossings(result, pair.Ledger);
        ClockEstimate clock = result.Match.Clock!;
        Assert.Multiple(() =>
        {
            Assert.That(clock.Disagree);
            Assert.That((double)clock.OffsetNs, Is.EqualTo(offsetSeconds * 1e9).Within(clock.BoundNs));
            Assert.That(clock.BoundNs, Is.LessThan(100_000));
            Assert.That(English(result), Has.Some.Contains("one-way delays judge nothing")
                .And.Some.Contains("brought to N3's clock"));
        });
    }

    [Test]
    public void One_clock_is_not_suspected()
    {
        using GeneratedPair pair = new();
        AnalysisResult result = pair.Analyze();
        ClockEstimate clock = result.Match.Clock!;
        Assert.Multiple(() =>
        {
            Assert.That(clock.Disagree, Is.False);
            Assert.That(clock.OffsetNs, Is.Zero.Within(clock.BoundNs));
            Assert.That(clock.DriftPpm, Is.Zero.Within(clock.DriftBoundPpm));
            Assert.That(result.Findings, Is.Empty);
        });
    }

    [Test]
    public void All_twists_at_once_cost_no_pair()
    {
        using GeneratedPair pair = new(GeneratedPair.Small with
        {
            Ipv6Share = 0.2, Twists =
            [
                new EqualKeys(0.02, GeneratedPair.Seed), new AddressTranslation(), new OuterFragments(1_400),
                new SkewedClock(37_000_000, 20, 2_000_000_000), new Unsorted(GeneratedPair.Seed),
            ],
        });
        AnalysisResult result = pair.Analyze();
        LedgerAssert.Counts(result, pair.Ledger);
        Assert.Multiple(() =>
        {
            Assert.That(result.Match.Matched, Is.EqualTo(pair.Ledger.Matched));
            Assert.That(result.Match.Nat);
            Assert.That(result.Match.Clock!.Disagree);
            Assert.That(result.Match.Ambiguous, Is.Positive);
        });
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
