using Testbed.Analyzer.Judging;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Judging;

public class FiguresTests
{
    [Test]
    public void A_cause_is_one_sentence_with_value_interval_uncertainty_and_limit()
    {
        RequirementResult result = Bench.Judge("SCN-LAT-001", Bench.With("round-trip-delay-p99", kpi => kpi with
        {
            Value = 16.2m, Low = 15.8m, High = 17.1m, Uncertainty = [new("clock-bound", 0.03m)],
        }));
        Assert.That(result.Cause.En, Is.EqualTo(
            "Round-trip delay p99 (embb): 16.2 ms (interval 15.8–17.1 ms, U = 0.06 ms, k = 2, 20000 samples); "
            + "the limit is at most 15 ms; it is missed."));
        Assert.That(result.Cause.Zh, Is.EqualTo(
            "往返时延 p99（embb）为 16.2 ms（区间 15.8–17.1 ms，U = 0.06 ms（k = 2），样本 20000 个），"
            + "限值为不超过 15 ms；不满足限值。"));
    }

    [Test]
    public void A_cause_names_no_upper_end_that_nobody_knows()
    {
        RequirementResult result = Bench.Judge("SCN-BW-001", Bench.With("downlink-capacity", kpi => kpi with
        {
            Value = 190, Low = 180, High = 1_000_000, HighIsOpen = true,
        }));
        Assert.That(result.Cause.En, Does.Contain("interval from 180 Mbit/s up, open above")
            .And.Not.Contain("1000000"));
        Assert.That(result.Cause.Zh, Does.Contain("区间自 180 Mbit/s 起，上端不定"));
    }

    [TestCase("0.9999912", "0.9999912")]
    [TestCase("12.3456789", "12.3457")]
    [TestCase("0.000123456789", "0.000123457")]
    [TestCase("1234567.8", "1234568")]
    [TestCase("0", "0")]
    [TestCase("20.00", "20")]
    public void Figures_show_six_significant_digits(string value, string shown) =>
        Assert.That(Figures.Show(decimal.Parse(value)), Is.EqualTo(shown));
}
