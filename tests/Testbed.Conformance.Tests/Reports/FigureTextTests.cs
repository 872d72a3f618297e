using Testbed.Conformance.Reports;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Tests.Reports;

public class FigureTextTests
{
    [TestCase("12.348211", "12.3482")]
    [TestCase("0.0000001234567", "0.000000123457")]
    [TestCase("1234567.891", "1,234,568")]
    [TestCase("9007199254740991", "9,007,199,254,740,991")]
    [TestCase("-0.00001", "-0.00001")]
    [TestCase("0", "0")]
    [TestCase("99999.96", "100,000")]
    public void A_figure_is_rounded_for_the_eye(string value, string shown) => Assert.That(
        FigureText.Number(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)), Is.EqualTo(shown));

    [Test]
    public void A_value_beyond_its_limit_is_never_printed_as_the_limit()
    {
        AppliedLimit limit = new(20, "ms", LimitRule.AtMost, LocalText.Same("claim"));
        Assert.That(FigureText.Against(20.00000001m, limit, "ms"), Is.EqualTo("20.00000001 ms"));
        Assert.That(FigureText.Against(20m, limit, "ms"), Is.EqualTo("20 ms"));
        Assert.That(FigureText.Against(12.348211m, limit, "ms"), Is.EqualTo("12.348 ms"));
    }

    [TestCase("13", false, "[11.25, 13]")]
    [TestCase("11.25", false, "11.25")]
    [TestCase("1000000", true, "[11.25, ∞)")]
    public void An_interval_shows_no_end_that_nobody_knows(string high, bool isOpen, string shown) => Assert.That(
        FigureText.Interval(new()
        {
            Id = "x", Value = 11.25m, Low = 11.25m, Unit = "1", Samples = 1, Source = "s", HighIsOpen = isOpen,
            High = decimal.Parse(high, System.Globalization.CultureInfo.InvariantCulture),
        }), Is.EqualTo(shown));

    [Test]
    public void The_rule_stands_before_the_limit()
    {
        Assert.That(FigureText.Limit(new(0.9999m, "1", LimitRule.AtLeast, LocalText.Same(""))), Is.EqualTo("≥ 0.9999"));
        Assert.That(
            FigureText.Limit(new(1000000, "1/km2", LimitRule.AtMost, LocalText.Same(""))),
            Is.EqualTo("≤ 1,000,000 km⁻²"));
    }
}
