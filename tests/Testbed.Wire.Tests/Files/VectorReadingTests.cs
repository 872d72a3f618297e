using Testbed.Wire.Files;
using Testbed.Wire.Packets;
using Testbed.Wire.Tests.Captures;

namespace Testbed.Wire.Tests.Files;

/// <summary>Reading by the vector gives what reading frame by frame gives, also from damaged files.</summary>
public sealed class VectorReadingTests
{
    private static IEnumerable<string> Names() => SharedCaptures.Folder is null
        ? ["(none)"]
        : Directory.EnumerateFiles(SharedCaptures.Require(), "*.pcap*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(SharedCaptures.Require(), path)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Names))]
    public void A_shared_capture_and_mutants_of_it_read_the_same_either_way(string name)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(SharedCaptures.Require(), name));
        if (file.Length > 2_000_000) file = file[..2_000_000];
        Compare(file);
        Random random = new(5);
        for (int i = 0; i < 10; i++) Compare(Bytes.Mutate(file.AsSpan(0, Math.Min(file.Length, 4_000)), random));
    }

    [Test]
    public void Reading_vectors_allocates_nothing()
    {
        byte[] frame = new byte[150];
        using MemoryStream stream = new();
        using (PcapNgWriter writer = new(stream, leaveOpen: true))
        {
            int index = writer.AddInterface("n3", LinkType.Ethernet);
            for (int i = 0; i < 40_000; i++) writer.WriteFrame(index, i, frame.Length, frame);
        }
        stream.Position = 0;
        using CaptureFileSource source = CaptureFile.Open(stream);
        PacketSlot[] slots = new PacketSlot[64];
        long count = source.ReadVector(slots, out _), before = GC.GetAllocatedBytesForCurrentThread();
        for (int read; (read = source.ReadVector(slots, out _)) > 0;) count += read;
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(count, Is.EqualTo(40_000));
    }

    private static void Compare(byte[] file)
    {
        (List<(PacketSlot, string)> Frames, CaptureEnding Ending, long Untimed)? one, many;
        try
        {
            one = OneByOne(file);
            many = ByVector(file);
        }
        catch (CaptureFileException)
        {
            return;
        }
        Assert.That(many!.Value.Frames, Is.EqualTo(one!.Value.Frames));
        Assert.That((many.Value.Ending, many.Value.Untimed), Is.EqualTo((one.Value.Ending, one.Value.Untimed)));
    }

    private static (List<(PacketSlot, string)>, CaptureEnding, long) OneByOne(byte[] file)
    {
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
        List<(PacketSlot, string)> frames = [];
        while (source.TryRead(out CapturedFrame frame))
            frames.Add((new(
                0, frame.Bytes.Length, frame.OriginalLength, frame.TimestampNs, frame.Interface, source.FrameCount),
                Convert.ToBase64String(frame.Bytes)));
        return (frames, source.Ending, source.UntimedCount);
    }

    private static (List<(PacketSlot, string)>, CaptureEnding, long) ByVector(byte[] file)
    {
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
        List<(PacketSlot, string)> frames = [];
        PacketSlot[] slots = new PacketSlot[7];
        for (int read; (read = source.ReadVector(slots, out ReadOnlySpan<byte> slab)) > 0;)
            foreach (PacketSlot slot in slots.AsSpan(0, read))
                frames.Add((
                    slot with { Offset = 0 }, Convert.ToBase64String(slab.Slice(slot.Offset, slot.CapturedLength))));
        return (frames, source.Ending, source.UntimedCount);
    }
}
