using Testbed.Conformance.Statistics;

namespace Testbed.Conformance.Tests.Statistics;

public class OrderStatisticsTests
{
    [TestCase("0.99", 299)]
    [TestCase("0.999", 2_995)]
    [TestCase("0.99999", 299_572)]
    public void An_upper_bound_needs_enough_samples(string quantile, long needed)
    {
        decimal value = decimal.Parse(quantile);
        Assert.That(OrderStatistics.SamplesNeeded(value), Is.EqualTo(needed));
        Assert.That(OrderStatistics.UpperRank(needed, (double)value), Is.EqualTo(needed));
        Assert.That(OrderStatistics.UpperRank(needed - 1, (double)value), Is.Null);
    }

    // Reference: binomial sums at 40 digits.
    [TestCase(299, 0.99, 293, 299)]
    [TestCase(1_000, 0.99, 985, 996)]
    [TestCase(10_000, 0.99, 9_883, 9_917)]
    [TestCase(10_000, 0.999, 9_985, 9_996)]
    public void Ranks_are_those_of_the_binomial(long samples, double quantile, long low, long high)
    {
        Assert.That(OrderStatistics.LowerRank(samples, quantile), Is.EqualTo(low));
        Assert.That(OrderStatistics.UpperRank(samples, quantile), Is.EqualTo(high));
    }

    [TestCase(100, 0.99, 99)]
    [TestCase(300, 0.99, 297)]
    [TestCase(1, 0.5, 1)]
    [TestCase(10_000, 0.999, 9_990)]
    [TestCase(101, 0.99, 100)]
    public void The_sample_quantile_is_the_smallest_value_that_enough_samples_do_not_exceed(
        long samples, double quantile, long rank) =>
        Assert.That(OrderStatistics.Rank(samples, quantile), Is.EqualTo(rank));

    [Test]
    public void Too_few_samples_leave_the_upper_end_open()
    {
        double[] sorted = [.. Enumerable.Range(1, 298).Select(i => (double)i)];
        Bounds bounds = OrderStatistics.OneSided(sorted, 0.99);
        Assert.That(bounds.High, Is.EqualTo(double.PositiveInfinity));
        Assert.That(bounds.Low, Is.LessThan(298));
    }

    [Test]
    public void The_interval_holds_the_true_quantile_as_often_as_it_says()
    {
        var random = new Random(20220815);
        int held = 0;
        for (int trial = 0; trial < 400; trial++)
        {
            double[] sorted = [.. Enumerable.Range(0, 600).Select(_ => random.NextDouble()).Order()];
            if (OrderStatistics.OneSided(sorted, 0.99).High >= 0.99) held++;
        }
        Assert.That(held, Is.GreaterThanOrEqualTo(370)); // Expected ≥ 380, standard deviation 4.4.
    }

    [Test]
    public void No_samples_are_refused() =>
        Assert.That(() => OrderStatistics.Rank(0, 0.5), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
