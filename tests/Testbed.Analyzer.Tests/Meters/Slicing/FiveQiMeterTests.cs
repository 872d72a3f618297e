using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters.Slicing;

/// <summary>SLC-006: the 5QI of each claimed QFI as N2 sets it up.</summary>
public sealed class FiveQiMeterTests
{
    private SliceRun _run = null!;
    private N2 _n2 = null!;

    [SetUp]
    public void Open()
    {
        _run = new();
        _n2 = new(_run.Crossing.Folder);
        Slice[] slices = [.. TestClaims.TwoSlices.Slices];
        _run.Crossing.Claim = TestClaims.TwoSlices with
        {
            Slices =
            [
                slices[0] with
                {
                    Flows = [new(9, 9, null, null), new(5, 3, 1, 2) { QosReference = "gold" }],
                },
                slices[1] with { Flows = [new(8, 82, null, null)] },
            ],
        };
        _run.Load(SliceRun.Limit, SliceRun.TwoOfThree);
    }

    [TearDown]
    public void Close() => _run.Dispose();

    private Dictionary<string, KpiResult> Results()
    {
        _run.Analyze();
        return TrafficAnalysis.Run(_run.Crossing.Request() with { N2 = [_n2.Write()] }).Kpis
            .Where(kpi => kpi.Id == "five-qi-mismatch-ratio").ToDictionary(kpi => kpi.Scope);
    }

    [Test]
    public void Each_slice_of_which_N2_shows_the_claimed_5QI_keeps_it()
    {
        _n2.Session(0, 1, 101, new(1, 1), qfi: 9, fiveQi: 9);
        _n2.Session(100, 2, 102, new(1, 2), qfi: 8, fiveQi: 82, ranUe: 2);
        Dictionary<string, KpiResult> results = Results();
        Assert.That(results.Keys, Is.EquivalentTo(new[] { "A", "B" }));
        foreach (KpiResult result in results.Values)
            Assert.That((result.Value, result.NotUsable), Is.EqualTo((0m, (Conformance.LocalText?)null)));
    }

    [Test]
    public void A_slice_of_which_N2_shows_no_5QI_is_open_and_named()
    {
        _n2.Session(0, 1, 101, new(1, 1), qfi: 9, fiveQi: 9);
        KpiResult open = Results()["B"];
        Assert.That(open.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(open.NotUsable!.En, Does.StartWith("N2 showed no 5QI of QFI 8 in slice B"));
        Assert.That(Results()["A"].NotUsable, Is.Null, "a flow on demand is not asked for");
    }

    [Test]
    public void A_flow_that_N2_did_not_show_is_told_beside_one_that_it_did()
    {
        Slice[] slices = [.. _run.Crossing.Claim!.Slices];
        _run.Crossing.Claim = _run.Crossing.Claim with
        {
            Slices = [slices[0] with { Flows = [.. slices[0].Flows, new(1, 80, 1, 2)] }, slices[1]],
        };
        _n2.Session(0, 1, 101, new(1, 1), qfi: 9, fiveQi: 9);
        KpiResult result = Results()["A"];
        Assert.That(result.NotUsable, Is.Null);
        Assert.That(result.Findings[0].En, Does.Contain("no 5QI of QFI 1 in slice A"));
    }

    [Test]
    public void Another_5QI_than_claimed_is_seen()
    {
        _n2.Session(0, 1, 101, new(1, 1), qfi: 9, fiveQi: 9);
        _n2.Session(100, 2, 102, new(1, 2), qfi: 8, fiveQi: 9, ranUe: 2);
        KpiResult wrong = Results()["B"];
        Assert.That((wrong.Value, wrong.NotUsable), Is.EqualTo((1m, (Conformance.LocalText?)null)));
        Assert.That(wrong.Findings[0].En, Is.EqualTo("QFI 8 is claimed with 5QI 82; N2 shows 9"));
    }

    [Test]
    public void A_slice_without_SD_is_another_than_one_of_the_same_type_that_has_one()
    {
        _n2.Session(0, 1, 101, new(1, null), qfi: 9, fiveQi: 5);
        Assert.That(Results()["A"].Value, Is.Zero);
    }
}
