using Testbed.Lab.Forwarding;

namespace Testbed.Lab.Tests.Forwarding;

public sealed class RateLimiterTests
{
    private const long Millisecond = 1_000_000;
    private const int PacketBytes = 1000; // 1 ms at 8 Mbit/s.

    private static RateLimiter EightMbps() => new(8_000_000, burstNs: 10 * Millisecond, queueNs: 5 * Millisecond);

    [Test]
    public void A_burst_passes_at_once_then_waits_then_is_dropped()
    {
        RateLimiter limiter = EightMbps();
        long[] delays = [.. Enumerable.Range(0, 20).Select(_ => limiter.Admit(PacketBytes, nowNs: 0))];
        Assert.Multiple(() =>
        {
            Assert.That(delays[..11], Is.All.Zero);
            Assert.That(delays[11..16], Is.EqualTo(Enumerable.Range(1, 5).Select(ms => ms * Millisecond)));
            Assert.That(delays[16..], Is.All.EqualTo(RateLimiter.Drop));
        });
    }

    [Test]
    public void Over_a_second_the_rate_is_the_limit_whatever_is_offered()
    {
        RateLimiter limiter = EightMbps();
        int passed = 0;
        for (long nowNs = 0; nowNs < 1000 * Millisecond; nowNs += Millisecond / 4)
            if (limiter.Admit(PacketBytes, nowNs) != RateLimiter.Drop) passed++;
        // 1,000 packets of the rate, 10 of the burst, 5 in the queue, 1 that starts the last interval.
        Assert.That(passed, Is.InRange(1000, 1016));
    }

    [Test]
    public void A_sender_below_the_limit_never_waits()
    {
        RateLimiter limiter = EightMbps();
        for (long nowNs = 0; nowNs < 1000 * Millisecond; nowNs += 2 * Millisecond)
            Assert.That(limiter.Admit(PacketBytes, nowNs), Is.Zero);
    }

    [Test]
    public void A_dropped_packet_does_not_use_up_rate()
    {
        RateLimiter limiter = EightMbps();
        for (int i = 0; i < 1000; i++) limiter.Admit(PacketBytes, nowNs: 0);
        Assert.That(limiter.Admit(PacketBytes, nowNs: 16 * Millisecond), Is.Zero);
    }
}
