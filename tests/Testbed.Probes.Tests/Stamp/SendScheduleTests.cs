using Testbed.Probes.Stamp;

namespace Testbed.Probes.Tests.Stamp;

public sealed class SendScheduleTests
{
    [Test]
    public void Packets_keep_their_order_and_the_rate()
    {
        SendSchedule schedule = new(Loopback.Nonce, 1, ratePps: 1_000);
        long previous = -1;
        for (int i = 0; i < 10_000; i++)
        {
            long due = schedule.DueNs(i);
            Assert.That(due, Is.GreaterThan(previous).And.InRange(i * 1_000_000L, i * 1_000_000L + 500_000));
            previous = due;
        }
    }

    [Test]
    public void Each_run_and_each_session_has_times_of_its_own()
    {
        long[] times = Times(Loopback.Nonce, 1);
        Assert.That(Times(Loopback.Nonce, 1), Is.EqualTo(times), "repeatable within a run");
        Assert.That(Times(Loopback.OtherNonce, 1).Zip(times, (a, b) => a == b), Has.None.True);
        Assert.That(Times(Loopback.Nonce, 2).Zip(times, (a, b) => a == b), Has.None.True);

        static long[] Times(byte[] nonce, int session)
        {
            SendSchedule schedule = new(nonce, session, 100);
            return [.. Enumerable.Range(0, 100).Select(i => schedule.DueNs(i))];
        }
    }
}
