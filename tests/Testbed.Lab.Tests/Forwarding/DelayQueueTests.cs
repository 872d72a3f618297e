using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;

namespace Testbed.Lab.Tests.Forwarding;

public sealed class DelayQueueTests
{
    private static readonly SendPort Port = SendPort.ToPeer(-1, new(0x0A640301, 2152));

    private static unsafe byte[] TakeAll(DelayQueue queue, long nowNs)
    {
        List<byte> taken = [];
        while (queue.TryTake(nowNs, out DelayQueue.Entry entry))
        {
            taken.Add(queue.BytesOf(entry.Slot)[0]);
            queue.Release(entry.Slot);
        }
        return [.. taken];
    }

    [Test]
    public void Packets_leave_by_due_time_and_equal_times_in_order_of_arrival()
    {
        using DelayQueue queue = new(8);
        queue.TryAdd([1], Port, dueNs: 30);
        queue.TryAdd([2], Port, dueNs: 10);
        queue.TryAdd([3], Port, dueNs: 30);
        queue.TryAdd([4], Port, dueNs: 20);
        Assert.That(TakeAll(queue, nowNs: 30), Is.EqualTo(new byte[] { 2, 4, 1, 3 }));
    }

    [Test]
    public void Nothing_leaves_before_its_time()
    {
        using DelayQueue queue = new(2);
        queue.TryAdd([1], Port, dueNs: 11);
        Assert.Multiple(() =>
        {
            Assert.That(TakeAll(queue, nowNs: 10), Is.Empty);
            Assert.That(queue.NextDueNs, Is.EqualTo(11));
            Assert.That(TakeAll(queue, nowNs: 11), Has.Length.EqualTo(1));
            Assert.That(queue.NextDueNs, Is.EqualTo(long.MaxValue));
        });
    }

    [Test]
    public void A_full_queue_refuses_and_takes_again_once_a_slot_is_released()
    {
        using DelayQueue queue = new(2);
        Assert.That(queue.TryAdd([1], Port, 0) && queue.TryAdd([2], Port, 0), Is.True);
        Assert.That(queue.TryAdd([3], Port, 0), Is.False);
        queue.TryTake(0, out DelayQueue.Entry entry);
        Assert.That(queue.TryAdd([3], Port, 0), Is.False, "the bytes are still being sent");
        queue.Release(entry.Slot);
        Assert.That(queue.TryAdd([3], Port, 0), Is.True);
    }

    [Test]
    public void A_packet_longer_than_a_slot_is_refused_and_takes_no_room()
    {
        using DelayQueue queue = new(1);
        Assert.That(queue.TryAdd(new byte[DelayQueue.PacketBytesMax + 1], Port, 0), Is.False);
        Assert.That(queue.TryAdd(new byte[DelayQueue.PacketBytesMax], Port, 0), Is.True);
    }

    [Test]
    public void Delaying_packets_allocates_nothing()
    {
        using DelayQueue queue = new(64);
        byte[] packet = new byte[1400];
        Pass(queue, packet, 64);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Pass(queue, packet, 10_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void Pass(DelayQueue queue, byte[] packet, int times)
    {
        for (int i = 0; i < times; i++)
        {
            queue.TryAdd(packet, Port, i);
            if (queue.Count == 64)
                while (queue.TryTake(long.MaxValue, out DelayQueue.Entry entry)) queue.Release(entry.Slot);
        }
    }
}
