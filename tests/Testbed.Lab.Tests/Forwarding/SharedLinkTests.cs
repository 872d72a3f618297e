using Testbed.Lab.Forwarding;

namespace Testbed.Lab.Tests.Forwarding;

public sealed class SharedLinkTests
{
    private const long QueueNs = 40_000_000;
    private const int Bytes = 1000;
    /// <summary>1,000 bytes take 1 ms.</summary>
    private const long Bps = 8_000_000;

    [Test]
    public void An_idle_link_lets_a_packet_go_at_once() =>
        Assert.That(new SharedLink(Bps, QueueNs, hasClasses: true).Admit(Bytes, false, 0), Is.Zero);

    [Test]
    public void Packets_queue_up_to_the_longest_wait_and_then_drop()
    {
        SharedLink link = new(Bps, QueueNs, hasClasses: true);
        long[] waits = [.. Enumerable.Range(0, 50).Select(_ => link.Admit(Bytes, false, 0))];
        Assert.That(waits.Take(41), Is.EqualTo(Enumerable.Range(0, 41).Select(i => i * 1_000_000L)));
        Assert.That(waits.Skip(41), Is.All.EqualTo(SharedLink.Drop));
    }

    [TestCase(true, 0)]
    [TestCase(false, 41_000_000 - 1_000_000)]
    public void The_upper_class_goes_before_a_full_queue_where_there_are_classes(bool hasClasses, long waitNs)
    {
        SharedLink link = new(Bps, QueueNs, hasClasses);
        for (int i = 0; i < 40; i++) link.Admit(Bytes, false, 0);
        Assert.That(link.Admit(Bytes, true, 0), Is.EqualTo(waitNs));
    }

    [Test]
    public void What_goes_first_is_time_that_the_others_wait()
    {
        SharedLink link = new(Bps, QueueNs, hasClasses: true);
        for (int i = 0; i < 10; i++) link.Admit(Bytes, true, 0);
        Assert.That(link.Admit(Bytes, false, 0), Is.EqualTo(10_000_000));
    }

    [Test]
    public void In_the_long_run_no_more_than_the_capacity_passes()
    {
        SharedLink link = new(Bps, QueueNs, hasClasses: true);
        long passed = 0;
        for (long now = 0; now < 2_000_000_000; now += 500_000)
            if (link.Admit(Bytes, now % 2_000_000 == 0, now) != SharedLink.Drop) passed++;
        Assert.That(passed, Is.EqualTo(2_000).Within(41));
    }
}
