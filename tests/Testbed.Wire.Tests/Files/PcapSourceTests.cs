using System.Buffers.Binary;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Tests.Files;

public sealed class PcapSourceTests
{
    /// <summary>Two frames, of 3 and 0 bytes, at 1,700,000,000 s and a fraction of 7.</summary>
    private static byte[] File(uint magic = 0xA1B2C3D4, bool isBigEndian = false, uint linkType = 1)
    {
        List<byte> file = [];
        Put(magic, 0x0004_0002, 0, 0, 65535, linkType);
        Put(1_700_000_000, 7, 3, 1500);
        file.AddRange([1, 2, 3]);
        Put(1_700_000_001, 7, 0, 60);
        if (isBigEndian) (file[4], file[5], file[6], file[7]) = (0, 2, 0, 4);
        return [.. file];

        void Put(params uint[] values)
        {
            foreach (uint value in values)
            {
                byte[] bytes = new byte[4];
                if (isBigEndian) BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
                else BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
                file.AddRange(bytes);
            }
        }
    }

    [TestCase(0xA1B2C3D4, false, 1_700_000_000_000_007_000)]
    [TestCase(0xA1B2C3D4, true, 1_700_000_000_000_007_000)]
    [TestCase(0xA1B23C4D, false, 1_700_000_000_000_000_007)]
    [TestCase(0xA1B23C4D, true, 1_700_000_000_000_000_007)]
    public void Each_magic_and_byte_order_reads(uint magic, bool isBigEndian, long timestampNs)
    {
        byte[] bytes = File(magic, isBigEndian);
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(bytes));
        Assert.That(source.TryRead(out CapturedFrame frame));
        Assert.That(frame.Bytes.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(frame.TimestampNs, Is.EqualTo(timestampNs));
        Assert.That(frame.OriginalLength, Is.EqualTo(1500));
        Assert.That(source.TryRead(out frame));
        Assert.That(frame.Bytes.IsEmpty);
        Assert.That(source.TryRead(out _), Is.False);
        Assert.That(source.Ending, Is.EqualTo(new CaptureEnding(CaptureEndingKind.Complete, bytes.Length)));
        Assert.That(source.Interfaces, Is.EqualTo(new[] { new CaptureInterface(0, "", LinkType.Ethernet, 65535) }));
        Assert.That(source.FrameCount, Is.EqualTo(2));
    }

    [Test]
    public void Flags_in_the_upper_half_of_the_link_type_are_not_part_of_it()
    {
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(File(linkType: 0x2400_0071)));
        Assert.That(source.Interfaces[0].LinkType, Is.EqualTo(LinkType.LinuxSll));
    }

    [Test]
    public void Every_cut_ends_the_source_at_the_last_whole_frame()
    {
        byte[] file = File();
        for (int length = 24; length < file.Length; length++)
        {
            using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file[..length]));
            int count = 0;
            while (source.TryRead(out _)) count++;
            (int frames, int start) = length < 43 ? (0, 24) : (1, 43);
            Assert.That(count, Is.EqualTo(frames), $"{length}");
            CaptureEndingKind kind = length == start ? CaptureEndingKind.Complete : CaptureEndingKind.TruncatedBlock;
            Assert.That((source.Ending.Kind, source.Ending.Offset), Is.EqualTo((kind, (long)start)), $"{length}");
        }
    }

    [Test]
    public void A_cut_file_header_is_no_capture()
    {
        byte[] file = File();
        for (int length = 0; length < 24; length++)
        {
            CaptureFileException exception = Assert.Throws<CaptureFileException>(
                () => CaptureFile.Open(new MemoryStream(file[..length]), "cut.pcap"))!;
            Assert.That(exception.Message, Does.StartWith("cut.pcap: byte 0: expected"));
        }
    }

    [TestCase("1f8b0800", "gzip")]
    [TestCase("504b0304", "504B0304")]
    [TestCase("34cdb2a1", "modified pcap", TestName = "A_modified_pcap_is_refused_with_what_to_do")]
    [TestCase("a1b2cd34", "modified pcap", TestName = "A_modified_pcap_of_the_other_byte_order_is_refused_too")]
    public void Another_format_is_named_in_the_refusal(string start, string found)
    {
        byte[] file = [.. Bytes.Hex(start), .. new byte[100]];
        CaptureFileException exception = Assert.Throws<CaptureFileException>(
            () => CaptureFile.Open(new MemoryStream(file)))!;
        Assert.That(exception.Found, Does.Contain(found));
        Assert.That(exception.Expected, Does.Contain("pcapng"));
    }

    [Test]
    public void Another_version_is_refused_at_its_offset()
    {
        byte[] file = File();
        file[4] = 3;
        CaptureFileException exception = Assert.Throws<CaptureFileException>(
            () => CaptureFile.Open(new MemoryStream(file)))!;
        Assert.That(exception.Offset, Is.EqualTo(4));
    }

    [Test]
    public void A_captured_length_over_the_limit_is_corrupt_and_allocates_nothing_for_it()
    {
        byte[] file = File();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(24 + 8), 0x7FFF_FFFF);
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
        Assert.That(source.TryRead(out _), Is.False);
        Assert.That((source.Ending.Kind, source.Ending.Offset), Is.EqualTo((CaptureEndingKind.CorruptBlock, 24L)));
        Assert.That(source.TryRead(out _), Is.False, "An ended source stays ended.");
    }

    [Test]
    public void A_full_batch_loses_no_frame()
    {
        byte[] one = File();
        List<byte> file = [.. one];
        for (int i = 0; i < 499; i++) file.AddRange(one[24..]);
        using CaptureFileSource source = CaptureFile.Open(new TrickleStream([.. file]));
        using PacketBatch batch = new(7, 16);
        long expected = 0;
        bool more = true;
        while (more)
        {
            batch.Clear();
            more = source.Fill(batch);
            foreach (PacketSlot slot in batch.Slots) Assert.That(slot.Number, Is.EqualTo(++expected));
        }
        Assert.That(expected, Is.EqualTo(1000));
        Assert.That(source.Fill(batch), Is.False);
    }

    [Test]
    public void A_source_disposes_of_its_stream()
    {
        MemoryStream stream = new(File());
        CaptureFile.Open(stream).Dispose();
        Assert.That(stream.CanRead, Is.False);
        MemoryStream refused = new(new byte[64]);
        Assert.Throws<CaptureFileException>(() => CaptureFile.Open(refused));
        Assert.That(refused.CanRead, Is.False);
    }

    /// <summary>Gives a few bytes at a time, as a pipe does.</summary>
    internal sealed class TrickleStream(byte[] bytes) : MemoryStream(bytes)
    {
        private int _turn;

        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Math.Min(count, 1 + _turn++ % 13));
    }
}
