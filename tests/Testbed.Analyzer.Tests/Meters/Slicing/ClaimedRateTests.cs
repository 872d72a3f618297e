using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters.Slicing;

/// <summary>SLC-005: each rate of the claim is loaded in each direction, or said not to have been.</summary>
public sealed class ClaimedRateTests
{
    private SliceRun _run = null!;

    [SetUp]
    public void Open() => _run = new();

    [TearDown]
    public void Close() => _run.Dispose();

    /// <summary>What is claimed, by slice, and what was loaded of it: all of slice A's.</summary>
    private static IEnumerable<TestCaseData> Claimed()
    {
        QosFlow[] best = [new(9, 9, null, null)], guaranteed = [.. best, new(1, 1, 1m, 2m) { Filter = Filter }];
        yield return Case("all", best, null, null, []);
        yield return Case("uplink of B", best, 5m, null, ["uplink AMBR of 5 Mbit/s that slice B"]);
        yield return Case("downlink of B", best, null, 7m, ["downlink AMBR of 7 Mbit/s that slice B"]);
        yield return Case("a flow of A", guaranteed, null, null,
        [
            "uplink QFI 1 MFBR of 2 Mbit/s that slice A", "uplink QFI 1 GFBR of 1 Mbit/s that slice A",
            "downlink QFI 1 MFBR of 2 Mbit/s that slice A", "downlink QFI 1 GFBR of 1 Mbit/s that slice A",
        ]);
        yield return Case("a flow on demand", [.. best, new(1, 1, 1m, 2m) { QosReference = "gold" }], null, null, []);

        static TestCaseData Case(string name, QosFlow[] flowsOfA, decimal? upOfB, decimal? downOfB, string[] missing) =>
            new TestCaseData(flowsOfA, upOfB, downOfB, missing).SetArgDisplayNames(name);
    }

    /// <summary>
    /// A flow's MFBR load in the overload's phase or elsewhere; the AMBR that was offered 1.5 or 0.75 times.
    /// </summary>
    [TestCase("overload", 1, true)]
    [TestCase("overload", 2, false)]
    [TestCase("slice-limits", 1, false)]
    public void An_MFBR_that_is_kept_shows_a_GFBR_only_beside_an_overload(string phase, int ambrFactor, bool isShown)
    {
        Slice[] slices = [.. TestClaims.TwoSlices.Slices];
        _run.Crossing.Claim = TestClaims.TwoSlices with
        {
            Slices =
            [
                slices[0] with { Flows = [new(9, 9, null, null), new(1, 1, 1m, 2m) { Filter = Filter }] }, slices[1],
            ],
        };
        _run.Load(ambrFactor * SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree, part: "mfbr", qfi: 1, portOffset: 1, seenQfi: 1, phase: phase);
        string[] open = [.. _run.Analyze().Where(kpi => kpi.Id == "kept-rate-ratio" && kpi.NotUsable is not null
            && kpi.Direction is Direction.Uplink).Select(kpi => kpi.NotUsable!.En)];
        Assert.That(open, Has.Length.EqualTo(isShown ? 0 : 1));
        if (!isShown) Assert.That(open[0], Does.Contain("GFBR").And.Contain("beside an overload"));
    }

    private const string Filter = "permit out 17 from any 5000-5099 to assigned";

    [TestCaseSource(nameof(Claimed))]
    public void A_rate_that_is_claimed_and_was_not_loaded_is_not_judged_by_another(
        QosFlow[] flowsOfA, decimal? upOfB, decimal? downOfB, string[] missing)
    {
        Slice[] slices = [.. TestClaims.TwoSlices.Slices];
        _run.Crossing.Claim = TestClaims.TwoSlices with
        {
            Slices =
            [
                slices[0] with { Flows = flowsOfA, AmbrUlMbps = SliceRun.Limit, AmbrDlMbps = SliceRun.Limit },
                slices[1] with { AmbrUlMbps = upOfB, AmbrDlMbps = downOfB },
            ],
        };
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree, direction: "downlink", portOffset: 1);
        KpiResult[] open = [.. _run.Analyze().Where(kpi => kpi.Id is "enforced-rate-ratio" or "kept-rate-ratio"
            && kpi.NotUsableVerdict is Verdict.Inconclusive)];
        Assert.That(open, Has.Length.EqualTo(missing.Length));
        foreach ((KpiResult kpi, string what) in open.Zip(missing))
            Assert.That(kpi.NotUsable!.En, Does.Contain(what));
    }
}
