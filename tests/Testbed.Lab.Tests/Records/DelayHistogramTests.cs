using Testbed.Lab.Records;

namespace Testbed.Lab.Tests.Records;

public sealed class DelayHistogramTests
{
    [Test]
    public void Quantiles_are_within_a_bucket_of_the_truth()
    {
        DelayHistogram histogram = new();
        for (int us = 1; us <= 10_000; us++) histogram.Record(us * 1000L);
        Assert.Multiple(() =>
        {
            Assert.That(histogram.QuantileNs(0.5), Is.EqualTo(5_000_000).Within(3.2).Percent);
            Assert.That(histogram.QuantileNs(0.99), Is.EqualTo(9_900_000).Within(3.2).Percent);
            Assert.That(histogram.QuantileNs(1), Is.EqualTo(10_000_000));
            Assert.That(histogram.MinNs, Is.EqualTo(1000));
            Assert.That(histogram.MeanNs, Is.EqualTo(5_000_500));
        });
    }

    [Test]
    public void What_another_one_counted_counts_as_if_it_had_been_recorded()
    {
        DelayHistogram sum = new(), low = new(), high = new();
        for (int us = 1; us <= 10_000; us++) (us % 3 == 0 ? low : high).Record(us * 1000L);
        sum.Add(low);
        sum.Add(new());
        sum.Add(high);
        Assert.That(sum.QuantileNs(0.5), Is.EqualTo(5_000_000).Within(3.2).Percent);
        Assert.That((sum.Count, sum.MinNs, sum.MaxNs, sum.MeanNs), Is.EqualTo((10_000, 1000, 10_000_000, 5_000_500d)));
    }

    [TestCase(0)]
    [TestCase(31)]
    [TestCase(32)]
    [TestCase(63)]
    [TestCase(64)]
    [TestCase(long.MaxValue)]
    public void Every_value_has_a_bucket(long value)
    {
        DelayHistogram histogram = new();
        histogram.Record(value);
        Assert.That(histogram.QuantileNs(0.5), Is.EqualTo(value));
    }
}
