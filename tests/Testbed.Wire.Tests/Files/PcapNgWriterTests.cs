using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Tests.Files;

public sealed class PcapNgWriterTests
{
    private const long Time = 1_700_000_000_123_456_789;

    private static byte[] Write(Action<PcapNgWriter> write)
    {
        using MemoryStream stream = new();
        using (PcapNgWriter writer = new(stream, leaveOpen: true)) write(writer);
        return stream.ToArray();
    }

    [Test]
    public void What_is_written_reads_back_with_names_times_and_lengths()
    {
        byte[] file = Write(writer =>
        {
            int first = writer.AddInterface("n3u", LinkType.Ethernet, 128);
            int second = writer.AddInterface("任意", LinkType.LinuxSll2);
            for (int length = 0; length < 9; length++)
                writer.WriteFrame(length % 2 == 0 ? first : second, Time + length, 1500, new byte[length]);
            writer.WriteStatistics(first, Time, 5, 1, 2);
            writer.WriteStatistics(second, Time, 4, null, 0);
        });

        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
        for (int length = 0; length < 9; length++)
        {
            Assert.That(source.TryRead(out CapturedFrame frame));
            Assert.That(frame.Bytes.Length, Is.EqualTo(length));
            Assert.That(frame.OriginalLength, Is.EqualTo(1500));
            Assert.That(frame.TimestampNs, Is.EqualTo(Time + length));
            Assert.That(frame.Interface, Is.EqualTo(length % 2));
        }
        Assert.That(source.TryRead(out _), Is.False);
        Assert.That(source.Ending, Is.EqualTo(new CaptureEnding(CaptureEndingKind.Complete, file.Length)));
        Assert.That(source.Interfaces, Is.EqualTo(new CaptureInterface[]
        {
            new(0, "n3u", LinkType.Ethernet, 128), new(1, "任意", LinkType.LinuxSll2, 0),
        }));
        Assert.That(source.Statistics, Is.EquivalentTo(new CaptureStatistics[]
        {
            new(0, Time, 5, 1, 2), new(1, Time, 4, null, 0),
        }));
    }

    [Test]
    public void A_file_without_packets_is_a_file()
    {
        byte[] file = Write(_ => { });
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
        Assert.That(source.TryRead(out _), Is.False);
        Assert.That(source.Ending.Kind, Is.EqualTo(CaptureEndingKind.Complete));
    }

    [Test]
    public void Length_counts_what_is_still_in_the_buffer()
    {
        using MemoryStream stream = new();
        using PcapNgWriter writer = new(stream);
        int index = writer.AddInterface("n6", LinkType.Ethernet);
        for (int i = 0; i < 1000; i++) writer.WriteFrame(index, Time, 1400, new byte[1400]);
        long length = writer.Length;
        writer.Flush();
        Assert.That(stream.Length, Is.EqualTo(length));
        Assert.That(writer.PacketCount, Is.EqualTo(1000));
    }

    [Test]
    public void An_interface_that_was_not_described_is_refused()
    {
        using PcapNgWriter writer = new(new MemoryStream());
        writer.AddInterface("n3", LinkType.Ethernet);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteFrame(1, Time, 0, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteFrame(-1, Time, 0, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteFrame(0, -1, 0, []));
    }

    [Test]
    public void The_largest_frame_fits_and_a_larger_one_is_refused()
    {
        byte[] frame = new byte[CaptureFileSource.FrameLengthMax];
        byte[] file = Write(writer =>
        {
            int index = writer.AddInterface("n3", LinkType.Ethernet);
            writer.WriteFrame(index, Time, frame.Length, frame);
            Assert.Throws<ArgumentOutOfRangeException>(
                () => writer.WriteFrame(index, Time, 0, new byte[frame.Length + 1]));
        });
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
        Assert.That(source.TryRead(out CapturedFrame read));
        Assert.That(read.Bytes.Length, Is.EqualTo(frame.Length));
    }

    [Test]
    public void Writing_a_frame_allocates_nothing()
    {
        using PcapNgWriter writer = new(Stream.Null);
        int index = writer.AddInterface("n3", LinkType.Ethernet);
        byte[] frame = new byte[200];
        writer.WriteFrame(index, Time, 200, frame);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++) writer.WriteFrame(index, Time + i, 200, frame);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
