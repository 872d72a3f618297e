using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Tests.Behaviour;

public sealed class LossPoliciesTests
{
    private sealed class StoppedClock : TimeProvider
    {
        public TimeSpan Now { get; set; }
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override long GetTimestamp() => Now.Ticks;
    }

    private static PassingPacket Packet(int length = 100, uint ue = 1) => new(SliceAccess.Embb, length, ue);

    [Test]
    public void An_outage_comes_at_the_start_of_every_period()
    {
        StoppedClock clock = new();
        PeriodicOutage outage = new(TimeSpan.FromMilliseconds(60), TimeSpan.FromSeconds(2), clock);
        List<int> lostAt = [];
        for (int ms = 0; ms < 5_000; ms += 10)
        {
            clock.Now = TimeSpan.FromMilliseconds(ms);
            if (outage.Loses(Packet())) lostAt.Add(ms);
        }
        Assert.That(lostAt, Is.EqualTo(new[] { 0, 2_000, 4_000 }.SelectMany(
            start => Enumerable.Range(0, 6).Select(i => start + 10 * i))));
    }

    [Test]
    public void Large_packets_pass_what_loses_small_ones()
    {
        LossOfSmallPackets loss = new(256, new RandomLoss(1, 1));
        Assert.That(loss.Loses(Packet(256)));
        Assert.That(loss.Loses(Packet(257)), Is.False);
    }

    [Test]
    public void A_forgotten_UE_loses_all_after_its_first_packets_and_others_lose_none()
    {
        ForgottenAfter loss = new(3, ue => ue == 5);
        Assert.That(Enumerable.Range(0, 6).Select(_ => loss.Loses(Packet(ue: 5))),
            Is.EqualTo(new[] { false, false, false, true, true, true }));
        Assert.That(Enumerable.Range(0, 6).Select(_ => loss.Loses(Packet(ue: 6))), Has.None.True);
    }
}
