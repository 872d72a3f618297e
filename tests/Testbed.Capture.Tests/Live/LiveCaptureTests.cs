using System.Net;
using System.Net.Sockets;
using Testbed.Capture.Live;
using Testbed.Wire.Packets;

namespace Testbed.Capture.Tests.Live;

public class LiveCaptureTests
{
    private static readonly PacketBatchPool Pool = new(256, 64 << 10, 4);

    [Test]
    public void Every_datagram_sent_on_loopback_is_captured_once() => OwnNetwork.Run(() =>
    {
        const int Sent = 5_000;
        using LiveCapture capture = LiveCapture.Open(new() { Interface = "lo", Filter = "udp port 4789" });
        Send(Sent, new(IPAddress.Loopback, 4789));
        capture.Stop();
        (long frames, HashSet<long> fractions) = Drain(capture);
        CaptureCounters counters = capture.Counters;
        Assert.Multiple(() =>
        {
            Assert.That(frames, Is.EqualTo(Sent));
            Assert.That(counters.Captured, Is.EqualTo(Sent));
            Assert.That(counters.OsDropped, Is.Zero);
            Assert.That(counters.Received, Is.EqualTo(2 * Sent), "lo counts a frame going out and coming in");
            Assert.That(counters.InterfaceCountersKnown);
            Assert.That(fractions, Has.Count.GreaterThan(1), "stamps are all multiples of 1000 ns");
        });
    });

    [Test]
    public void Captured_and_dropped_add_up_to_what_was_sent() => OwnNetwork.Run(() =>
    {
        const int Sent = 40_000;
        OwnNetwork.AddPair();
        using LiveCapture capture = LiveCapture.Open(new()
        {
            Interface = "tapb", Filter = "udp port 4789", BufferBytes = 1 << 20,
        });
        Send(Sent, new(IPAddress.Parse("10.99.0.2"), 4789));
        capture.Stop();
        (long frames, _) = Drain(capture);
        CaptureCounters counters = capture.Counters;
        Assert.Multiple(() =>
        {
            Assert.That(counters.Captured, Is.EqualTo(frames));
            Assert.That(counters.OsDropped, Is.Positive, "a ring of 1 MiB cannot hold 40,000 frames");
            Assert.That(counters.Captured + counters.OsDropped, Is.EqualTo(Sent));
            Assert.That(counters.Received, Is.EqualTo(Sent));
        });
    });

    [Test]
    public void A_frame_longer_than_the_snap_length_keeps_its_original_length() => OwnNetwork.Run(() =>
    {
        using LiveCapture capture = LiveCapture.Open(new() { Interface = "lo", SnapLength = 64 });
        Send(1, new(IPAddress.Loopback, 4789), 1_000);
        capture.Stop();
        using PacketBatch batch = Pool.Rent();
        while (capture.Fill(batch)) { }
        PacketSlot slot = batch.Slots[0];
        Assert.That((slot.CapturedLength, slot.OriginalLength, slot.Number), Is.EqualTo((64, 1_042, 1L)));
    });

    [Test]
    public void Batches_with_little_room_lose_nothing() => OwnNetwork.Run(() =>
    {
        const int Sent = 100;
        using LiveCapture capture = LiveCapture.Open(new() { Interface = "lo", Filter = "udp", SnapLength = 2_048 });
        Send(Sent, new(IPAddress.Loopback, 4789), 1_000);
        capture.Stop();
        List<long> numbers = [];
        // Room for two frames and a half: each second frame finds the slab full.
        using PacketBatch batch = new(64, 2_600);
        bool more = true;
        while (more)
        {
            batch.Clear();
            more = capture.Fill(batch);
            foreach (PacketSlot slot in batch.Slots) numbers.Add(slot.Number);
        }
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(1, Sent).Select(n => (long)n)));
    });

    [Test]
    public void Reading_frames_allocates_nothing() => OwnNetwork.Run(() =>
    {
        using LiveCapture capture = LiveCapture.Open(new() { Interface = "lo" });
        using PacketBatch batch = Pool.Rent();
        Send(100, new(IPAddress.Loopback, 4789));
        capture.Fill(batch);
        Send(2_000, new(IPAddress.Loopback, 4789));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 8; i++)
        {
            batch.Clear();
            capture.Fill(batch);
        }
        // The counters are read at most once a second and that may fall in here; 8 batches hold some 2,000 frames.
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16_000));
    });

    [Test]
    public void An_interface_that_is_not_there_is_named_with_those_that_are() => OwnNetwork.Run(() =>
    {
        CaptureException e = Assert.Throws<CaptureException>(() => LiveCapture.Open(new() { Interface = "eth99" }));
        Assert.That(e.Fault, Is.EqualTo(CaptureFault.UnknownInterface));
        Assert.That(e.Message, Does.Contain("eth99").And.Contain("lo"));
    });

    [Test]
    public void A_filter_that_does_not_compile_is_quoted() => OwnNetwork.Run(() =>
    {
        CaptureException e = Assert.Throws<CaptureException>(
            () => LiveCapture.Open(new() { Interface = "lo", Filter = "udp prot 2152" }));
        Assert.That(e.Fault, Is.EqualTo(CaptureFault.BadFilter));
        Assert.That(e.ProblemEn, Does.Contain("udp prot 2152"));
        Assert.That(e.ProblemZh, Does.Contain("udp prot 2152"));
    });

    private static (long Frames, HashSet<long> Fractions) Drain(LiveCapture capture)
    {
        long frames = 0;
        HashSet<long> fractions = [];
        using PacketBatch batch = Pool.Rent();
        bool more = true;
        while (more)
        {
            batch.Clear();
            more = capture.Fill(batch);
            frames += batch.Count;
            foreach (PacketSlot slot in batch.Slots) fractions.Add(slot.TimestampNs % 1_000);
        }
        return (frames, fractions);
    }

    internal static void Send(int count, IPEndPoint to, int payloadBytes = 100)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        byte[] payload = new byte[payloadBytes];
        SocketAddress address = to.Serialize();
        for (int i = 0; i < count; i++) socket.SendTo(payload, SocketFlags.None, address);
    }
}
