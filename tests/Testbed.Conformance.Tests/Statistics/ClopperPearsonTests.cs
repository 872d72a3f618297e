using Testbed.Conformance.Statistics;

namespace Testbed.Conformance.Tests.Statistics;

public class ClopperPearsonTests
{
    // The plan's table: packets needed at one-sided 95 % with 0, 1 and 2 failures.
    [TestCase("0.999", 2_995, 4_742, 6_294)]
    [TestCase("0.9999", 29_956, 47_437, 62_956)]
    [TestCase("0.99999", 299_572, 474_385, 629_578)]
    public void Trials_needed_are_those_of_the_exact_binomial(string ratio, long none, long one, long two)
    {
        decimal value = decimal.Parse(ratio);
        Assert.That(
            new[] { 0, 1, 2 }.Select(failures => ClopperPearson.TrialsNeeded(value, failures)),
            Is.EqualTo(new[] { none, one, two }));
    }

    [Test]
    public void Six_nines_take_2_995_731_clean_packets() =>
        Assert.That(ClopperPearson.TrialsNeeded(0.999999m), Is.EqualTo(2_995_731));

    [TestCase("0.999", 0)]
    [TestCase("0.9999", 2)]
    [TestCase("0.999999", 1)]
    public void One_packet_fewer_than_needed_no_longer_shows_the_ratio(string ratio, int failures)
    {
        decimal value = decimal.Parse(ratio);
        long needed = ClopperPearson.TrialsNeeded(value, failures);
        Assert.That(ClopperPearson.LowerBound(needed - failures, needed), Is.GreaterThanOrEqualTo((double)value));
        Assert.That(ClopperPearson.LowerBound(needed - 1 - failures, needed - 1), Is.LessThan((double)value));
    }

    // Reference values: mpmath at 40 digits.
    [TestCase(0, 10, 0, 0.25886555089305228)]
    [TestCase(1, 10, 0.0051161968918237011, 0.39416330243650478)]
    [TestCase(5, 10, 0.22244110100812908, 0.77755889899187092)]
    [TestCase(9, 10, 0.60583669756349522, 0.9948838031081763)]
    [TestCase(3, 2_995, 0.00027307275687051911, 0.0025868130770687936)]
    [TestCase(29_990, 30_000, 0.99943465830017208, 0.99981914236780763)]
    [TestCase(1, 1_000_000, 5.1293293072049531e-8, 4.7438556382068105e-6)]
    [TestCase(12, 10_000_000, 6.9242139246666859e-7, 1.944256209478133e-6)]
    [TestCase(3, 100_000_000, 8.1769145199777134e-9, 7.7536563436416288e-8)]
    [TestCase(2_000, 100_000_000, 1.9270134896134365e-5, 2.075141811382365e-5)]
    public void Bounds_agree_with_a_forty_digit_reference(long successes, long trials, double low, double high)
    {
        Bounds bounds = ClopperPearson.OneSided(successes, trials);
        Assert.That(bounds.Low, Is.EqualTo(low).Within(1e-6).Percent);
        Assert.That(bounds.High, Is.EqualTo(high).Within(1e-6).Percent);
    }

    [Test]
    public void Bounds_of_a_ratio_and_of_its_complement_mirror_each_other()
    {
        Bounds lost = ClopperPearson.OneSided(7, 12_345);
        Bounds delivered = ClopperPearson.OneSided(12_338, 12_345);
        Assert.That(1 - delivered.High, Is.EqualTo(lost.Low).Within(1e-15));
        Assert.That(1 - delivered.Low, Is.EqualTo(lost.High).Within(1e-15));
    }

    [Test]
    public void Nothing_tried_says_nothing()
    {
        Assert.That(ClopperPearson.OneSided(0, 0), Is.EqualTo(new Bounds(0, 1)));
    }

    [Test]
    public void All_and_none_reach_the_ends_exactly()
    {
        Assert.That(ClopperPearson.UpperBound(100, 100), Is.EqualTo(1));
        Assert.That(ClopperPearson.LowerBound(0, 100), Is.Zero);
    }

    [Test]
    public void Half_of_a_hundred_million_converges()
    {
        Bounds bounds = ClopperPearson.TwoSided(50_000_000, 100_000_000);
        Assert.That(bounds.Low, Is.EqualTo(0.5 - 1.959964 * 5e-5).Within(1e-8));
        Assert.That(bounds.High, Is.EqualTo(0.5 + 1.959964 * 5e-5).Within(1e-8));
    }

    [Test]
    public void The_stated_coverage_is_kept_at_every_ratio([Values(0.01, 0.2, 0.5, 0.97)] double ratio)
    {
        // Exact coverage: add the probabilities of all outcomes whose lower bound is not above the truth.
        double covered = 0, probability = Math.Pow(1 - ratio, 50);
        for (int k = 0; k <= 50; k++)
        {
            if (ClopperPearson.LowerBound(k, 50) <= ratio) covered += probability;
            probability *= (50.0 - k) / (k + 1) * ratio / (1 - ratio);
        }
        Assert.That(covered, Is.GreaterThanOrEqualTo(0.95));
    }

    [TestCase(-1, 10, 0.95)]
    [TestCase(11, 10, 0.95)]
    [TestCase(1, 10, 0.0)]
    [TestCase(1, 10, 1.0)]
    [TestCase(1, 10, double.NaN)]
    public void Counts_that_cannot_be_are_refused(long successes, long trials, double confidence) =>
        Assert.That(
            () => ClopperPearson.LowerBound(successes, trials, confidence),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
}
