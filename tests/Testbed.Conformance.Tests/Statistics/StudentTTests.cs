using Testbed.Conformance.Statistics;

namespace Testbed.Conformance.Tests.Statistics;

public class StudentTTests
{
    // Reference values: mpmath at 40 digits.
    [TestCase(9, 0.95, 1.83311293265624)]
    [TestCase(9, 0.975, 2.26215716279821)]
    [TestCase(1, 0.975, 12.7062047361747)]
    [TestCase(4, 0.99, 3.7469473879792)]
    [TestCase(29, 0.95, 1.6991270265335)]
    [TestCase(29, 0.05, -1.6991270265335)]
    [TestCase(5, 0.5, 0)]
    public void Quantiles_agree_with_the_table(double freedom, double probability, double expected) =>
        Assert.That(StudentT.Quantile(freedom, probability), Is.EqualTo(expected).Within(1e-10));

    [Test]
    public void Ten_runs_give_a_mean_with_its_interval()
    {
        MeanInterval interval = StudentT.TwoSided([10, 11, 9, 10, 12, 8, 10, 11, 9, 10])!.Value;
        Assert.That(interval.Mean, Is.EqualTo(10).Within(1e-12));
        Assert.That(interval.Deviation, Is.EqualTo(Math.Sqrt(12.0 / 9)).Within(1e-12));
        double half = 2.26215716279821 * Math.Sqrt(12.0 / 9) / Math.Sqrt(10);
        Assert.That(interval.High - interval.Mean, Is.EqualTo(half).Within(1e-10));
        Assert.That(interval.Mean - interval.Low, Is.EqualTo(half).Within(1e-10));
    }

    [Test]
    public void One_run_has_no_interval() => Assert.That(StudentT.OneSided([10]), Is.Null);

    [Test]
    public void Equal_runs_have_an_interval_of_no_width()
    {
        MeanInterval interval = StudentT.OneSided([1e9 + 0.1, 1e9 + 0.1, 1e9 + 0.1])!.Value;
        Assert.That(interval.High, Is.EqualTo(interval.Low));
    }
}
