using System.Security.Cryptography;
using Testbed.Capture.Recording;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Capture.Tests.Recording;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class SegmentRecorderTests
{
    private const long StartNs = 1_700_000_000_123_456_789;
    private static readonly CaptureInterface Tap = new(0, "n3u", LinkType.Ethernet, 256);

    private readonly StandingClock _clock = new();
    private CaptureCounters _counters = new(0, 0, 0, 0, true);

    private SegmentRecorder Recorder(ISegmentStore store, SegmentLimits? limits = null) =>
        new("n3-n3u", "kit-a n3", Tap, store, () => _counters, limits ?? new(), _clock);

    private static PacketBatch Frames(int count, long firstNs, long stepNs, int bytes = 60, long firstNumber = 1)
    {
        PacketBatch batch = new(count, count * bytes);
        for (int i = 0; i < count; i++)
            batch.TryAdd(new byte[bytes], bytes + 1000, firstNs + i * stepNs, 0, firstNumber + i);
        return batch;
    }

    [Test]
    public void A_segment_holds_what_it_was_given()
    {
        MemoryStore store = new();
        SegmentRecorder recorder = Recorder(store);
        recorder.Write(Frames(3, StartNs, 1_001));
        _counters = new(3, 5, 2, 7, true);
        recorder.Close();
        using CaptureFileSource file = CaptureFile.Open(new MemoryStream(store.Bytes("n3-n3u-0000.pcapng")));
        PacketBatch batch = new(10, 4_000);
        while (file.Fill(batch)) { }
        CaptureStatistics statistics = file.Statistics.Single();
        Assert.Multiple(() =>
        {
            Assert.That(file.Ending.Kind, Is.EqualTo(CaptureEndingKind.Complete));
            Assert.That(file.Interfaces[0], Is.EqualTo(Tap));
            Assert.That(batch.Slots.ToArray().Select(slot => slot.TimestampNs),
                Is.EqualTo((long[])[StartNs, StartNs + 1_001, StartNs + 2_002]));
            Assert.That(batch.Slots[2].OriginalLength, Is.EqualTo(1_060));
            Assert.That((statistics.Received, statistics.DroppedByOs, statistics.DroppedByInterface),
                Is.EqualTo(((ulong?)5, (ulong?)2, (ulong?)7)));
        });
    }

    [Test]
    public void Facts_agree_with_the_file()
    {
        MemoryStore store = new();
        SegmentRecorder recorder = Recorder(store);
        recorder.Write(Frames(3, StartNs, -5));
        recorder.Close();
        byte[] file = store.Bytes("n3-n3u-0000.pcapng");
        Assert.That(store.Sealed.Single(), Is.EqualTo(new SegmentFacts("n3-n3u-0000.pcapng", 0,
            Convert.ToHexStringLower(SHA256.HashData(file)), file.Length, 3, 0, 0, StartNs - 10, StartNs)));
    }

    [Test]
    public void A_segment_ends_before_it_passes_its_size()
    {
        MemoryStore store = new();
        SegmentRecorder recorder = Recorder(store, new() { Bytes = 10_000 });
        recorder.Write(Frames(1_000, StartNs, 10, bytes: 100));
        recorder.Close();
        Assert.That(store.Sealed, Has.Count.GreaterThan(10));
        Assert.That(store.Sealed.Select(facts => facts.Seq), Is.EqualTo(Enumerable.Range(0, store.Sealed.Count)));
        Assert.That(store.Sealed.Sum(facts => facts.Packets), Is.EqualTo(1_000));
        Assert.That(store.Sealed.Max(facts => facts.Bytes), Is.InRange(9_800, 10_000));
    }

    [Test]
    public void A_frame_larger_than_a_segment_still_gets_one()
    {
        MemoryStore store = new();
        SegmentRecorder recorder = Recorder(store, new() { Bytes = 50 });
        recorder.Write(Frames(2, StartNs, 10, bytes: 100));
        recorder.Close();
        Assert.That(store.Sealed.Select(facts => facts.Packets), Is.EqualTo((long[])[1, 1]));
    }

    [Test]
    public void A_segment_spans_less_than_ten_seconds_of_stamps()
    {
        MemoryStore store = new();
        SegmentRecorder recorder = Recorder(store);
        recorder.Write(Frames(31, StartNs, 1_000_000_000));
        recorder.Close();
        Assert.That(store.Sealed.Select(facts => facts.Packets), Is.EqualTo((long[])[10, 10, 10, 1]));
    }

    [Test]
    public void A_quiet_taps_last_frames_are_sealed_when_ten_seconds_have_passed()
    {
        MemoryStore store = new();
        SegmentRecorder recorder = Recorder(store);
        recorder.Write(Frames(1, StartNs, 1));
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        recorder.Write(new PacketBatch(1, 1));
        Assert.That(store.Sealed, Is.Empty);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        recorder.Write(new PacketBatch(1, 1));
        Assert.That(store.Sealed, Has.Count.EqualTo(1));
    }

    [Test]
    public void Drops_are_told_for_each_segment_and_add_up()
    {
        MemoryStore store = new();
        SegmentRecorder recorder = Recorder(store);
        recorder.Write(Frames(1, StartNs, 1));
        _counters = new(1, 6, 5, 3, true);
        recorder.Write(Frames(1, StartNs + 10_000_000_000, 1));
        _counters = new(2, 9, 7, 3, true);
        recorder.Close();
        Assert.That(store.Sealed.Select(facts => (facts.OsDrops, facts.InterfaceDrops)),
            Is.EqualTo(((long, long)[])[(5, 3), (2, 0)]));
    }

    [Test]
    public void A_capture_without_a_frame_leaves_one_empty_segment()
    {
        MemoryStore store = new();
        SegmentRecorder recorder = Recorder(store);
        recorder.Write(new PacketBatch(1, 1));
        recorder.Close();
        SegmentFacts facts = store.Sealed.Single();
        Assert.That((facts.Packets, facts.FirstNs, facts.LastNs), Is.EqualTo((0L, 0L, 0L)));
        using CaptureFileSource file = CaptureFile.Open(new MemoryStream(store.Bytes(facts.FileName)));
        Assert.That(file.Fill(new PacketBatch(1, 1)), Is.False);
        Assert.That(file.Ending.Kind, Is.EqualTo(CaptureEndingKind.Complete));
    }

    [Test]
    public void Closing_after_a_seal_adds_no_empty_segment()
    {
        MemoryStore store = new();
        SegmentRecorder recorder = Recorder(store);
        recorder.Write(Frames(1, StartNs, 1));
        _clock.Advance(TimeSpan.FromSeconds(10));
        recorder.Write(new PacketBatch(1, 1));
        recorder.Close();
        Assert.That(store.Sealed, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_full_disk_leaves_the_sealed_segments_valid()
    {
        MemoryStore store = new(roomBytes: 700_000);
        SegmentRecorder recorder = Recorder(store, new() { Bytes = 300_000 });
        Assert.Throws<IOException>(() =>
        {
            for (int i = 0; i < 100; i++) recorder.Write(Frames(1_000, StartNs, 10, bytes: 200));
        });
        Assert.That(store.Sealed, Has.Count.EqualTo(2));
        foreach (SegmentFacts facts in store.Sealed)
        {
            byte[] file = store.Bytes(facts.FileName);
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(file)), Is.EqualTo(facts.Sha256));
        }
    }

    [Test]
    public void Recording_a_frame_allocates_nothing()
    {
        SegmentRecorder recorder = Recorder(new MemoryStore());
        PacketBatch batch = Frames(1_000, StartNs, 10, bytes: 64);
        recorder.Write(batch);
        long before = GC.GetAllocatedBytesForCurrentThread();
        recorder.Write(batch);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
