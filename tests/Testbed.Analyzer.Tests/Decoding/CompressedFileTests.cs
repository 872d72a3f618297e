using System.IO.Compression;
using Testbed.Analyzer.Captures;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;
using Testbed.Wire.Tests;

namespace Testbed.Analyzer.Tests.Decoding;

public sealed class CompressedFileTests
{
    private const int FrameCount = 2000;

    private static byte[] Capture()
    {
        using MemoryStream stream = new();
        using (PcapNgWriter writer = new(stream))
        {
            writer.AddInterface("n3", LinkType.Ethernet, 0);
            byte[] frame = new byte[100];
            Random random = new(1);
            for (int i = 0; i < FrameCount; i++)
            {
                random.NextBytes(frame);
                writer.WriteFrame(0, 1_700_000_000_000_000_000 + i, frame.Length, frame);
            }
            writer.Flush();
        }
        return stream.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Zstd(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (ZstdSharp.CompressionStream zstd = new(packed)) zstd.Write(bytes);
        return packed.ToArray();
    }

    private static IEnumerable<TestCaseData> Formats()
    {
        yield return new TestCaseData((Func<byte[], byte[]>)Gzip).SetArgDisplayNames("gzip");
        yield return new TestCaseData((Func<byte[], byte[]>)Zstd).SetArgDisplayNames("zstd");
    }

    [TestCaseSource(nameof(Formats))]
    public void A_compressed_capture_reads_as_the_plain_one(Func<byte[], byte[]> pack)
    {
        byte[] plain = Capture();
        using CaptureFileSource expected = CaptureFiles.Open(new MemoryStream(plain));
        using CaptureFileSource source = CaptureFiles.Open(new MemoryStream(pack(plain)));
        while (expected.TryRead(out CapturedFrame frame))
        {
            Assert.That(source.TryRead(out CapturedFrame same));
            Assert.That(same.TimestampNs, Is.EqualTo(frame.TimestampNs));
            Assert.That(same.Bytes.SequenceEqual(frame.Bytes));
        }
        Assert.That(source.TryRead(out _), Is.False);
        Assert.That(source.Ending.Kind, Is.EqualTo(CaptureEndingKind.Complete));
    }

    [TestCaseSource(nameof(Formats))]
    public void Members_that_follow_each_other_read_as_one_capture(Func<byte[], byte[]> pack)
    {
        byte[] plain = Capture();
        byte[] packed = [.. pack(plain[..5000]), .. pack(plain[5000..])];
        Assert.That(Read(packed, out CaptureEnding ending), Is.EqualTo(FrameCount));
        Assert.That(ending.Kind, Is.EqualTo(CaptureEndingKind.Complete));
    }

    [TestCaseSource(nameof(Formats))]
    public void What_breaks_off_keeps_what_came_before_and_is_never_called_complete(Func<byte[], byte[]> pack)
    {
        byte[] packed = pack(Capture());
        // At the very end of gzip stand an end mark and a checksum: without them all frames are there still.
        for (int kept = packed.Length - 100; kept > packed.Length / 2; kept -= packed.Length / 40)
        {
            long count = Read(packed[..kept], out CaptureEnding ending);
            Assert.That(ending.Kind, Is.EqualTo(CaptureEndingKind.TruncatedBlock), $"{kept} of {packed.Length}");
            Assert.That(ending.Reason, Does.Contain("damaged or cut off"));
            Assert.That(count, Is.LessThanOrEqualTo(FrameCount));
        }
        Assert.That(Read(packed[..(packed.Length * 3 / 4)], out _), Is.GreaterThan(FrameCount / 2));
    }

    [TestCaseSource(nameof(Formats))]
    public void No_mutant_throws_anything_but_a_capture_file_exception(Func<byte[], byte[]> pack)
    {
        byte[] packed = pack(Capture()[..4000]);
        Random random = new(11);
        for (int i = 0; i < 300; i++)
        {
            try
            {
                Read(Bytes.Mutate(packed, random), out _);
            }
            catch (CaptureFileException exception)
            {
                Assert.That(exception.Message, Does.Contain("expected"));
            }
        }
    }

    [TestCaseSource(nameof(Formats))]
    public void What_expands_to_much_is_never_in_memory_at_once(Func<byte[], byte[]> pack)
    {
        // A pcap file header and then 256 MiB of zeros: records without bytes.
        byte[] bomb = new byte[256 << 20];
        Bytes.Hex("d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000").CopyTo(bomb, 0);
        byte[] packed = pack(bomb);
        long size = bomb.Length;
        bomb = [];
        long before = GC.GetAllocatedBytesForCurrentThread();
        long count = Read(packed, out CaptureEnding ending);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16 << 20));
        Assert.That(count, Is.EqualTo((size - 24) / 16));
        Assert.That(ending.Kind, Is.EqualTo(CaptureEndingKind.TruncatedBlock).Or.EqualTo(CaptureEndingKind.Complete));
    }

    [Test]
    public void A_pipe_that_cannot_seek_reads_too()
    {
        byte[] plain = Capture();
        foreach (byte[] bytes in new[] { plain, Gzip(plain), Zstd(plain) })
        {
            using CaptureFileSource source = CaptureFiles.Open(new Forwards(bytes));
            long count = 0;
            while (source.TryRead(out _)) count++;
            Assert.That(count, Is.EqualTo(FrameCount));
        }
    }

    private static long Read(byte[] file, out CaptureEnding ending)
    {
        using CaptureFileSource source = CaptureFiles.Open(new MemoryStream(file));
        long count = 0;
        while (source.TryRead(out _)) count++;
        ending = source.Ending;
        return count;
    }

    private sealed class Forwards(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        // One byte at first: what a slow writer may give.
        public override int Read(Span<byte> buffer) => base.Read(Position < 3 ? buffer[..1] : buffer);

        public override long Seek(long offset, SeekOrigin loc) => throw new NotSupportedException();
    }
}
