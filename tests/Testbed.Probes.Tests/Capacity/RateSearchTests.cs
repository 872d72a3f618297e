using Testbed.Probes.Capacity;

namespace Testbed.Probes.Tests.Capacity;

public sealed class RateSearchTests
{
    private static StatusReport Clean(double kbps) => new(1, 1_000, 0, 0, 100, (uint)kbps);
    private static StatusReport Lossy(double kbps) => new(1, 1_000, 500, 0, 100, (uint)kbps);
    private static StatusReport Delayed(uint ms) => new(1, 1_000, 0, 0, ms * 1_000, 0);

    [TestCase(20_000, 150_000, 10)]
    [TestCase(20_000, 1_000_000, 20)]
    [TestCase(5_000, 5_000, 1)]
    public void Without_trouble_the_limit_is_reached_within_a_second_and_never_passed(int start, int max, int statuses)
    {
        RateSearch search = new(start, max);
        for (int i = 0; i < 100; i++)
        {
            search.Update(Clean(search.RateKbps));
            Assert.That(search.RateKbps, Is.LessThanOrEqualTo(max));
            if (i + 1 >= statuses) Assert.That(search.RateKbps, Is.EqualTo(max));
        }
        Assert.That(search.OfferedKbpsMax, Is.EqualTo(max));
    }

    [Test]
    public void Packets_that_overtook_each_other_do_not_hold_the_search_up()
    {
        RateSearch search = new(20_000, 150_000);
        for (int i = 0; i < 20; i++) search.Update(Clean(search.RateKbps) with { Reordered = 400 });
        Assert.That(search.RateKbps, Is.EqualTo(150_000));
    }

    [TestCase(5_000, 20_000)]
    [TestCase(105_000, 200_000)]
    [TestCase(700_000, 1_000_000)]
    public void Behind_a_policer_the_rate_stays_near_what_comes_through(double policedKbps, int max)
    {
        RateSearch search = new(20_000, max);
        for (int i = 0; i < 200; i++)
        {
            double offered = search.RateKbps, through = Math.Min(offered, policedKbps);
            uint packets = (uint)(through / 8 * 50 / 1_400), lost = (uint)((offered - through) / 8 * 50 / 1_400);
            search.Update(new(1, packets, lost, 0, 0, (uint)through));
            if (i > 20) Assert.That(search.RateKbps, Is.InRange(policedKbps * 0.8, policedKbps * 1.3), $"status {i}");
        }
    }

    [Test]
    public void Delay_between_the_thresholds_holds_and_above_them_lowers_the_rate()
    {
        RateSearch search = new(20_000, 100_000);
        search.Update(Delayed(60));
        Assert.That(search.RateKbps, Is.EqualTo(20_000));
        search.Update(Delayed(91));
        Assert.That(search.RateKbps, Is.LessThan(20_000));
    }

    [Test]
    public void Lasting_trouble_takes_a_large_step_down_but_not_below_half_of_what_came_through()
    {
        RateSearch search = new(100_000, 100_000);
        double[] rates = new double[3];
        for (int i = 0; i < 3; i++)
        {
            search.Update(Lossy(99_000));
            rates[i] = search.RateKbps;
        }
        Assert.That(rates, Is.EqualTo(new[] { 99_100, 99_000, 96_000 }));
    }

    [Test]
    public void The_rate_never_falls_to_nothing()
    {
        RateSearch search = new(20_000, 20_000);
        for (int i = 0; i < 500; i++) search.Update(Lossy(0));
        Assert.That(search.RateKbps, Is.EqualTo(500));
    }
}
