using Testbed.Analyzer.Meters.Crossings;

namespace Testbed.Analyzer.Tests.Meters;

public sealed class DelayHistogramTests
{
    [Test]
    public void Quantiles_keep_three_digits_and_ends_and_mean_are_exact()
    {
        Random random = new(1);
        long[] values = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 9))];
        DelayHistogram histogram = new();
        foreach (long value in values) histogram.Add(value);
        Array.Sort(values);
        Assert.That(histogram.Min, Is.EqualTo(values[0]));
        Assert.That(histogram.Max, Is.EqualTo(values[^1]));
        Assert.That(histogram.Mean, Is.EqualTo((long)values.Sum() / values.Length));
        foreach (double quantile in (double[])[0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999])
        {
            long exact = values[(int)Math.Ceiling(quantile * values.Length) - 1];
            Assert.That((double)histogram.Quantile(quantile), Is.EqualTo((double)exact).Within(exact * 0.0005 + 0.5),
                $"{quantile}");
        }
    }

    [Test]
    public void Many_at_once_are_what_they_are_one_by_one()
    {
        long[] values = [-7, 0, 1, 4_095, 4_096, 80_000_000, long.MaxValue / 4, 12];
        DelayHistogram single = new(), many = new();
        foreach (long value in values) single.Add(value);
        many.Add(values.AsSpan(0, 3));
        many.Add([]);
        many.Add(values.AsSpan(3));
        Assert.That(many.ToSummary(), Is.EqualTo(single.ToSummary()));
        Assert.That(many.Quantile(0.4), Is.EqualTo(single.Quantile(0.4)));
    }

    [Test]
    public void One_value_is_every_quantile_of_itself()
    {
        DelayHistogram histogram = new();
        histogram.Add(123_456_789);
        Assert.That(histogram.Quantile(0.01), Is.EqualTo(123_456_789));
        Assert.That(histogram.Quantile(0.999), Is.EqualTo(123_456_789));
    }

    [Test]
    public void A_cleared_histogram_is_empty()
    {
        DelayHistogram histogram = new();
        histogram.Add(5);
        histogram.Clear();
        Assert.That(histogram.ToSummary(), Is.Null);
    }
}
