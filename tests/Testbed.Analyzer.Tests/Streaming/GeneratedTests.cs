using Testbed.Analyzer.Tests.Generated;
using Testbed.Benchmarks.Traffic.Twists;

namespace Testbed.Analyzer.Tests.Streaming;

/// <summary>Made-up networks, streamed and kept: the same figures, and those of the ledger.</summary>
public class GeneratedTests
{
    private static AnalysisRequest Request(GeneratedPair pair) => new()
    {
        N3 = [TapInput.FromFile(pair.N3)], N6 = [TapInput.FromFile(pair.N6)],
    };

    [TestCase(1UL, 0.0)]
    [TestCase(2UL, 0.3)]
    [TestCase(3UL, 1.0)]
    public void A_plain_pair_is_streamed_with_the_same_result(ulong seed, double ipv6Share)
    {
        using GeneratedPair pair = new(GeneratedPair.Small with { Seed = seed, Ipv6Share = ipv6Share });
        Assert.That(SameResult.Assert(Request(pair)));
        LedgerAssert.Crossings(SameResult.Streamed(Request(pair), out _)!, pair.Ledger);
    }

    [Test]
    public void A_translating_UPF_is_streamed_with_the_same_result()
    {
        using GeneratedPair pair = new(new AddressTranslation());
        Assert.That(SameResult.Assert(Request(pair)));
    }

    [Test]
    public void Fragments_on_N3_are_streamed_with_the_same_result()
    {
        using GeneratedPair pair = new(new OuterFragments(1_400));
        Assert.That(SameResult.Assert(Request(pair)));
    }

    [TestCase(128)]
    [TestCase(160)]
    public void Different_snap_lengths_are_read_again_and_streamed(int snapLength)
    {
        using GeneratedPair pair = new(GeneratedPair.Small with { SnapLength = snapLength });
        Assert.That(SameResult.Assert(Request(pair)));
    }

    [Test]
    public void N3_alone_is_streamed_with_the_same_result()
    {
        using GeneratedPair pair = new(GeneratedPair.Small with { Ipv6Share = 0.2 });
        Assert.That(SameResult.Assert(new() { N3 = [TapInput.FromFile(pair.N3)] }));
    }

    [Test]
    public void What_the_tap_missed_gives_the_same_result()
    {
        using GeneratedPair pair = new(new TapLoss(0.05, GeneratedPair.Seed));
        Assert.That(SameResult.Assert(Request(pair)));
    }

    [Test]
    public void Packets_of_equal_content_are_kept()
    {
        using GeneratedPair pair = new(new EqualKeys(0.1, GeneratedPair.Seed));
        Assert.That(pair.Analyze().KeptBecause!.En, Does.Contain("share all that tells packets apart"));
    }

    [Test]
    public void What_cannot_be_streamed_is_kept_and_says_why()
    {
        using GeneratedPair pair = new(new Unsorted(GeneratedPair.Seed));
        AnalysisResult result = pair.Analyze();
        Assert.That(result.KeptBecause!.En, Does.Contain("not in the order of time"));
        LedgerAssert.Crossings(result, pair.Ledger);
    }
}
