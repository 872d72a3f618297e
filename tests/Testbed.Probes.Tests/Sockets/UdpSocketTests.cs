using System.Net;
using Testbed.Probes.Sockets;
using Testbed.Probes.Stamp;

namespace Testbed.Probes.Tests.Sockets;

public sealed class UdpSocketTests
{
    private static UdpSocket Open(IPAddress? address = null) => new(address ?? IPAddress.Loopback, 0);

    private static long InOneSecond => Clocks.MonotonicNs() + 1_000_000_000;

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public void A_datagram_brings_its_source_its_TTL_and_the_kernels_stamp(string address)
    {
        using UdpSocket a = Open(IPAddress.Parse(address)), b = Open(IPAddress.Parse(address));
        using Wake wake = new();
        byte[] buffer = new byte[100];
        long before = Clocks.RealtimeNs();
        Assert.That(a.Send("hello"u8, b.Local), Is.Zero);
        Assert.That(b.Wait(InOneSecond, wake));
        Assert.That(b.TryReceive(buffer, out Received received));
        Assert.That(received.Source, Is.EqualTo(a.Local));
        Assert.That(received.Length, Is.EqualTo(5));
        Assert.That(received.Ttl, Is.EqualTo(64));
        Assert.That(received.KernelStamped);
        Assert.That(received.RealtimeNs, Is.InRange(before, Clocks.RealtimeNs()));
        Assert.That(b.TryReceive(buffer, out _), Is.False);
    }

    [Test]
    public void A_datagram_longer_than_the_buffer_tells_its_whole_length()
    {
        using UdpSocket a = Open(), b = Open();
        using Wake wake = new();
        a.Send(new byte[50], b.Local);
        b.Wait(InOneSecond, wake);
        Assert.That(b.TryReceive(new byte[10], out Received received));
        Assert.That(received.Length, Is.EqualTo(50));
    }

    [Test]
    public void A_batch_arrives_whole_and_in_order()
    {
        using UdpSocket a = Open(), b = Open();
        using Wake wake = new();
        PacketRing sending = new(40, 200), receiving = new(64, 200);
        for (int i = 0; i < 40; i++) sending.Slot(i).Fill((byte)i);
        Assert.That(sending.Send(a, 40, 150, b.Local), Is.EqualTo(40));
        b.Wait(InOneSecond, wake);
        Assert.That(receiving.Receive(b), Is.EqualTo(40));
        for (int i = 0; i < 40; i++)
        {
            Assert.That(receiving.Payload(i).ToArray(), Is.EqualTo(Enumerable.Repeat((byte)i, 150)));
            Received received = receiving.Describe(b, i);
            Assert.That((received.Source, received.KernelStamped), Is.EqualTo((a.Local, true)));
        }
        Assert.That(receiving.Receive(b), Is.Zero);
    }

    [Test]
    public void What_a_full_buffer_drops_is_counted()
    {
        using UdpSocket a = Open();
        using UdpSocket b = new(IPAddress.Loopback, 0, new(BufferBytes: 4_096));
        byte[] payload = new byte[1_000];
        for (int i = 0; i < 100; i++) a.Send(payload, b.Local);
        int arrived = 0;
        while (b.TryReceive(payload, out _)) arrived++;
        a.Send(payload, b.Local); // The counter comes with the next datagram.
        Assert.That(b.TryReceive(payload, out _));
        Assert.That(b.Overflows, Is.EqualTo(100 - arrived).And.Positive);
    }

    [Test]
    public async Task A_wake_ends_a_wait()
    {
        using UdpSocket socket = Open();
        using CancellationTokenSource stop = new();
        using Wake wake = new(stop.Token);
        Task<bool> waiting = ProbeThread.RunAsync(
            "wait", () => socket.Wait(Clocks.MonotonicNs() + 60_000_000_000, wake));
        await stop.CancelAsync();
        Assert.That(await waiting.WaitAsync(TimeSpan.FromSeconds(10)), Is.False);
        Assert.That(wake.IsSignalled);
    }

    [Test]
    public void A_refused_socket_names_call_and_error()
    {
        using UdpSocket taken = Open();
        SocketFault? inUse = Assert.Throws<SocketFault>(() => new UdpSocket(IPAddress.Loopback, taken.Local.Port));
        Assert.That((inUse!.Call, inUse.Errno), Is.EqualTo(("bind", SocketFault.Eaddrinuse)));
        Assert.That(inUse.Text.En, Does.Contain("EADDRINUSE"));
        SocketFault? foreign = Assert.Throws<SocketFault>(() => new UdpSocket(IPAddress.Parse("192.0.2.9"), 0));
        Assert.That(foreign!.Errno, Is.EqualTo(SocketFault.Eaddrnotavail));
        using UdpSocket free = new(IPAddress.Parse("192.0.2.9"), 0, new(FreeBind: true));
        Assert.That(free.Local.Address, Is.EqualTo(IPAddress.Parse("192.0.2.9")));
    }

    [Test]
    public void Sending_and_receiving_allocate_nothing()
    {
        using UdpSocket a = Open(), b = Open();
        PacketRing sending = new(8, 100), receiving = new(8, 100);
        byte[] buffer = new byte[100];
        int got = Cycle(10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        got += Cycle(1_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(got, Is.EqualTo(1_010 * 9));

        int Cycle(int count)
        {
            int arrived = 0;
            for (int i = 0; i < count; i++)
            {
                a.Send(buffer, b.Local);
                if (b.TryReceive(buffer, out _)) arrived++;
                sending.Send(a, 8, 100, b.Local);
                arrived += receiving.Receive(b);
            }
            return arrived;
        }
    }

    [Test]
    public void The_clocks_agree_with_themselves()
    {
        ClockReading first = Clocks.ReadBoth();
        Clocks.SleepUntil(first.MonotonicNs + 20_000_000);
        ClockReading second = Clocks.ReadBoth();
        Assert.That(second.MonotonicNs - first.MonotonicNs, Is.GreaterThanOrEqualTo(20_000_000));
        Assert.That(Math.Abs(second.OffsetNs - first.OffsetNs),
            Is.LessThan(SessionLedger.ClockStepNs + first.WidthNs + second.WidthNs));
    }
}
