using Testbed.Analyzer.Meters.Slicing;

namespace Testbed.Analyzer.Tests.Meters.Slicing;

/// <summary>What a kit that stood still does to each end of a witness's delays.</summary>
public sealed class WitnessSamplesTests
{
    private const long Ms = 1_000_000;

    private static WitnessSamples Of(params (int Packets, long RttMs, long HeldMs)[] parts)
    {
        WitnessSamples samples = new();
        foreach ((int packets, long rttMs, long heldMs) in parts)
            for (uint i = 0; i < packets; i++)
                samples.Add(new(i, 1, 2, 2, 1 + rttMs * Ms, "answered", false, heldMs * Ms));
        return samples;
    }

    // The longer a delay, the surer a kit stood still for a moment of it: that must not excuse the whole.
    [Test]
    public void A_long_delay_keeps_what_a_short_stall_cannot_have_caused()
    {
        WitnessSamples samples = Of((950, 5, 0), (50, 300, 60));
        Assert.That(samples.AtLeastBounds(0.99, 0.95).Low, Is.EqualTo(240.0 * Ms));
        Assert.That(samples.Bounds(0.99, 0.95).High, Is.EqualTo(300.0 * Ms));
    }

    // Beside them an overload would look smaller than it is.
    [Test]
    public void Delays_that_a_kit_held_up_are_not_among_the_clear_ones()
    {
        WitnessSamples samples = Of((950, 5, 0), (50, 20, 20));
        Assert.That(samples.ClearBounds(0.99, 0.95).Low, Is.EqualTo(5.0 * Ms));
        Assert.That(samples.Bounds(0.99, 0.95).Low, Is.EqualTo(20.0 * Ms));
        Assert.That(samples.AtLeastBounds(0.99, 0.95).Low, Is.EqualTo(5.0 * Ms));
    }

    [Test]
    public void A_lost_packet_is_endless_and_proves_nothing_where_it_was_sent_late()
    {
        WitnessSamples samples = Of((900, 5, 0));
        for (uint i = 0; i < 100; i++) samples.Add(new(i, 1, 0, 0, 0, "lost", true, 0));
        Assert.That(samples.Bounds(0.99, 0.95).Low, Is.EqualTo(double.PositiveInfinity));
        Assert.That(samples.AtLeastBounds(0.99, 0.95).Low, Is.EqualTo(5.0 * Ms));
        Assert.That((samples.Lost, samples.LostUndisturbed, samples.UndisturbedCount), Is.EqualTo((100, 0, 900)));
    }
}
