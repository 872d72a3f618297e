using Testbed.Probes.Capacity;

namespace Testbed.Probes.Tests.Capacity;

public sealed class ArrivalMeterTests
{
    private const long Ms = 1_000_000, Wall = 1_700_000_000_000_000_000;

    private static void Arrive(ArrivalMeter meter, uint sequence, long atMs, uint echo = 0, long delayMs = 1) =>
        meter.Arrive(new(sequence, echo, Wall + (atMs - delayMs) * Ms, 0), atMs * Ms, Wall + atMs * Ms);

    [Test]
    public void Bytes_gaps_and_reordering_belong_to_the_second_they_came_in()
    {
        ArrivalMeter meter = new(seconds: 2, packetBytes: 1_000);
        (uint, long)[] arrivals = [(0, 5_000), (1, 5_100), (4, 5_200), (3, 5_300), (5, 6_100)];
        foreach ((uint sequence, long ms) in arrivals) Arrive(meter, sequence, ms);
        meter.Finish(7_000 * Ms);
        Assert.That(meter.Rows[0], Is.EqualTo(new SubInterval(
            Wall + 5_000 * Ms, Wall + 6_000 * Ms, 0, 4_000, Lost: 1, Reordered: 1, 0, 0)));
        Assert.That(meter.Rows[1].ReceivedBytes, Is.EqualTo(1_000));
        Assert.That(meter.Rows[1].Lost, Is.Zero);
    }

    [Test]
    public void Duplicates_carry_no_capacity()
    {
        ArrivalMeter meter = new(1, 1_000);
        foreach (uint sequence in (uint[])[0, 1, 1, 0, 5_000, 5_000, 1]) Arrive(meter, sequence, 10);
        meter.Finish(2_000 * Ms);
        Assert.That(meter.Duplicates, Is.EqualTo(4), "and what is too old to tell counts as one");
        Assert.That(meter.Rows[0].ReceivedBytes, Is.EqualTo(3_000));
        Assert.That(meter.Rows[0].Lost, Is.EqualTo(4_998));
    }

    [Test]
    public void Round_trips_come_from_echoed_statuses_and_only_once()
    {
        ArrivalMeter meter = new(1, 1_000);
        Arrive(meter, 0, 0);
        StatusReport status = meter.TakeStatus(50 * Ms, 0);
        Assert.That((status.Sequence, status.Received, status.Lost), Is.EqualTo((1, 1, 0)));
        Arrive(meter, 1, 57, echo: 1);
        Arrive(meter, 2, 90, echo: 1);
        Arrive(meter, 3, 95, echo: 9);
        meter.Finish(1_000 * Ms);
        Assert.That((meter.Rows[0].RttMinUs, meter.Rows[0].RttMaxUs), Is.EqualTo((7_000, 7_000)));
    }

    [Test]
    public void Delay_variation_is_above_the_smallest_delay_whatever_the_clocks_say()
    {
        ArrivalMeter meter = new(1, 1_000);
        Arrive(meter, 0, 10, delayMs: -5_000);
        Arrive(meter, 1, 20, delayMs: -4_960);
        Assert.That(meter.TakeStatus(50 * Ms, 0).DelayVariationUs, Is.EqualTo(20_000));
    }

    [Test]
    public void What_comes_after_the_trial_is_not_part_of_it()
    {
        ArrivalMeter meter = new(1, 1_000);
        Arrive(meter, 0, 0);
        Arrive(meter, 1, 1_000);
        Assert.That(meter.Rows[0].ReceivedBytes, Is.EqualTo(1_000));
    }
}
