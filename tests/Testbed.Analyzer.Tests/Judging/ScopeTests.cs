using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Judging;

/// <summary>What a requirement must have figures of, and what it applies to.</summary>
public sealed class ScopeTests
{
    [TestCase(Direction.Uplink, Direction.Downlink, Verdict.Pass)]
    [TestCase(Direction.Uplink, Direction.Uplink, Verdict.Inconclusive)]
    [TestCase(Direction.Downlink, Direction.Downlink, Verdict.Inconclusive)]
    public void Rates_of_one_direction_say_nothing_of_the_other(Direction first, Direction second, Verdict expected)
    {
        KpiResult[] rates =
        [
            .. new[] { first, second }.SelectMany(direction => new[]
            {
                Bench.Exact("enforced-rate-ratio", 1) with { Direction = direction },
                Bench.Exact("kept-rate-ratio", 1) with { Direction = direction },
                Bench.Exact("offered-rate-ratio", 1.5m) with { Direction = direction },
            }),
        ];
        Assert.That(Bench.Judge("SLC-005", rates).Verdict, Is.EqualTo(expected));
    }

    [TestCase("", Verdict.NotApplicable)]
    [TestCase(", mec013: \"https://10.100.63.10/location/v2\"", Verdict.Inconclusive)]
    public void A_location_service_that_is_not_claimed_does_not_apply(string location, Verdict expected)
    {
        Claim claim = Bench.Claim(text => text.Replace("endpoints:", "edge: [{name: mec1, address: 10.100.63.10, "
            + $"app: edge.example.mec{location}}}]\nendpoints:\n"
            + "  - {role: edge, kit: kit-mec, address: 10.100.63.10}", StringComparison.Ordinal));
        Assert.That(Bench.Judge("EDG-005", Bench.Good(), claim).Verdict, Is.EqualTo(expected));
        Assert.That(Bench.Judge("EXP-008", Bench.Good(), claim).Verdict, Is.EqualTo(Verdict.NotApplicable));
        Assert.That(Bench.Judge("SLC-008", Bench.Good(), claim).Verdict, Is.EqualTo(Verdict.NotApplicable));
    }
}
