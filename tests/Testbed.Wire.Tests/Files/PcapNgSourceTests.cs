using System.Text;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Tests.Files;

public sealed class PcapNgSourceTests
{
    /// <summary>
    /// Writes blocks of either byte order, so that the reader is tested by another hand than the writer's.
    /// </summary>
    private sealed class Blocks(bool isBigEndian)
    {
        private readonly List<byte> _file = [];

        public byte[] File => [.. _file];
        public byte[] U16(int value) => Order(BitConverter.GetBytes((ushort)value));
        public byte[] U32(long value) => Order(BitConverter.GetBytes((uint)value));
        public byte[] U64(ulong value) => Order(BitConverter.GetBytes(value));

        public byte[] Option(int code, byte[] value) =>
            [.. U16(code), .. U16(value.Length), .. value, .. new byte[-value.Length & 3]];

        public Blocks Add(uint type, params byte[][] parts)
        {
            byte[] body = [.. parts.SelectMany(part => part)];
            byte[] padded = [.. body, .. new byte[-body.Length & 3]];
            _file.AddRange([.. U32(type), .. U32(padded.Length + 12), .. padded, .. U32(padded.Length + 12)]);
            return this;
        }

        public Blocks Append(byte[] bytes)
        {
            _file.AddRange(bytes);
            return this;
        }

        public Blocks Section() => Add(0x0A0D0D0A, U32(0x1A2B3C4D), U16(1), U16(0), U64(ulong.MaxValue));

        public Blocks Interface(int linkType, int snap, params byte[][] options) =>
            Add(1, [U16(linkType), U16(0), U32(snap), .. options]);

        public Blocks Enhanced(int index, ulong time, byte[] frame, int original) =>
            Add(6, U32(index), U32((long)(time >> 32)), U32((uint)time), U32(frame.Length), U32(original), frame);

        private byte[] Order(byte[] bytes)
        {
            if (isBigEndian == BitConverter.IsLittleEndian) Array.Reverse(bytes);
            return bytes;
        }
    }

    private static CaptureFileSource Open(byte[] file) => CaptureFile.Open(new PcapSourceTests.TrickleStream(file));

    private static List<(int Interface, long Ns, int Length)> ReadAll(CaptureFileSource source)
    {
        List<(int, long, int)> frames = [];
        while (source.TryRead(out CapturedFrame frame))
            frames.Add((frame.Interface, frame.TimestampNs, frame.Bytes.Length));
        return frames;
    }

    [Test]
    public void Sections_of_either_byte_order_have_interfaces_of_their_own()
    {
        Blocks little = new(false);
        little.Section()
            .Interface(1, 0, little.Option(2, Encoding.UTF8.GetBytes("n3")), little.Option(9, [9]))
            .Interface(113, 96)
            .Enhanced(1, 5, [1, 2, 3], 3).Enhanced(0, 7, [], 60);
        Blocks big = new(true);
        big.Section().Interface(276, 0, big.Option(9, [9])).Enhanced(0, 11, [1], 1);

        using CaptureFileSource source = Open([.. little.File, .. big.File]);
        Assert.That(ReadAll(source), Is.EqualTo(new[] { (1, 5_000L, 3), (0, 7L, 0), (2, 11L, 1) }));
        Assert.That(source.Ending.Kind, Is.EqualTo(CaptureEndingKind.Complete));
        Assert.That(source.Interfaces, Is.EqualTo(new CaptureInterface[]
        {
            new(0, "n3", LinkType.Ethernet, 0), new(1, "", LinkType.LinuxSll, 96), new(2, "", LinkType.LinuxSll2, 0),
        }));
    }

    [TestCase(6, 0L, 1_700_000_000_000_001UL, 1_700_000_000_000_001_000L)]
    [TestCase(9, 0L, 1_700_000_000_000_000_001UL, 1_700_000_000_000_000_001L)]
    [TestCase(0, 0L, 1_700_000_000UL, 1_700_000_000_000_000_000L)]
    [TestCase(3, -1L, 1_700_000_000_001UL, 1_699_999_999_001_000_000L)]
    [TestCase(9, 1_700_000_000L, 5UL, 1_700_000_000_000_000_005L)]
    [TestCase(12, 0L, 1_700_000_000_999UL, 1_700_000_000L)]
    [TestCase(0x80 | 20, 0L, 1_572_864UL, 1_500_000_000L)]
    [TestCase(0x80 | 32, 0L, 0x6553_F100_8000_0000UL, 1_700_000_000_500_000_000L)]
    [TestCase(0x80 | 127, 0L, ulong.MaxValue, 0L)]
    [TestCase(19, 0L, 10_000_000_000_000_000_000UL, 1_000_000_000L)]
    [TestCase(127, 0L, ulong.MaxValue, 0L)]
    [TestCase(0, 0L, ulong.MaxValue, long.MaxValue)]
    [TestCase(0, long.MinValue, 0UL, long.MinValue)]
    [TestCase(6, long.MaxValue, ulong.MaxValue, long.MaxValue)]
    public void Any_time_resolution_and_offset_become_nanoseconds(int code, long offset, ulong units, long expectedNs)
    {
        Assert.That(new TimeResolution((byte)code, offset).ToNs(units), Is.EqualTo(expectedNs));
        Blocks blocks = new(true);
        blocks.Section()
            .Interface(1, 0, blocks.Option(9, [(byte)code]), blocks.Option(14, blocks.U64((ulong)offset)))
            .Enhanced(0, units, [], 0);
        using CaptureFileSource source = Open(blocks.File);
        Assert.That(ReadAll(source), Is.EqualTo(new[] { (0, expectedNs, 0) }));
    }

    [Test]
    public void Simple_and_old_packet_blocks_read()
    {
        Blocks blocks = new(false);
        blocks.Section().Interface(1, 4)
            .Add(3, blocks.U32(100), [1, 2, 3, 4])
            .Add(3, blocks.U32(2), [1, 2])
            .Add(2, blocks.U16(0), blocks.U16(9), blocks.U32(0), blocks.U32(8), blocks.U32(3), blocks.U32(60),
                [1, 2, 3]);
        using CaptureFileSource source = Open(blocks.File);
        Assert.That(ReadAll(source), Is.EqualTo(new[] { (0, 0L, 4), (0, 0L, 2), (0, 8_000L, 3) }));
        Assert.That(source.UntimedCount, Is.EqualTo(2));
        Assert.That(source.Ending.Kind, Is.EqualTo(CaptureEndingKind.Complete));
    }

    [Test]
    public void Other_blocks_are_stepped_over_and_the_last_statistics_count()
    {
        Blocks blocks = new(true);
        blocks.Section().Add(4, new byte[20]).Interface(1, 0, blocks.Option(9, [9]))
            .Add(0xBAD, new byte[40]).Enhanced(0, 1, [1], 1)
            .Add(5, blocks.U32(0), blocks.U32(0), blocks.U32(2), blocks.Option(4, blocks.U64(10)))
            .Add(5, blocks.U32(0), blocks.U32(0), blocks.U32(3), blocks.Option(4, blocks.U64(20)),
                blocks.Option(5, blocks.U64(1)), blocks.Option(7, blocks.U64(2)), blocks.Option(0, []))
            .Add(5, blocks.U32(7), blocks.U32(0), blocks.U32(3));
        using CaptureFileSource source = Open(blocks.File);
        Assert.That(ReadAll(source), Has.Count.EqualTo(1));
        Assert.That(source.Statistics, Is.EqualTo(new[] { new CaptureStatistics(0, 3, 20, 1, 2) }));
    }

    private static IEnumerable<TestCaseData> Damages()
    {
        Blocks b = new(false);
        yield return Case("A_packet_of_no_described_interface", x => x.Enhanced(1, 0, [], 0));
        yield return Case("A_frame_beyond_its_block",
            x => x.Add(6, b.U32(0), b.U64(0), b.U32(5), b.U32(5), [1, 2, 3, 4]));
        yield return Case("A_packet_block_without_fields", x => x.Add(6, b.U64(0)));
        yield return Case("A_simple_packet_beyond_its_block", x => x.Add(3, b.U32(9), [1, 2, 3, 4]));
        yield return Case("A_simple_packet_block_without_body", x => x.Add(3));
        yield return Case("An_interface_block_without_body", x => x.Add(1));
        yield return Case("A_block_length_below_the_least", x => x.Append([6, 0, 0, 0, 8, 0, 0, 0]));
        yield return Case("A_block_length_of_no_multiple_of_four", x => x.Append([6, 0, 0, 0, 0x22, 0, 0, 0]));
        yield return Case("A_block_length_over_the_limit", x => x.Append([6, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0xFF]));
        yield return Case("Lengths_that_disagree", x => x.Append([9, 0, 0, 0, 12, 0, 0, 0, 16, 0, 0, 0]));
        yield return Case("A_new_section_of_unknown_byte_order",
            x => x.Append([0x0A, 0x0D, 0x0D, 0x0A, 28, 0, 0, 0, 1, 2, 3, 4]));
        yield return Case("A_new_section_of_another_version",
            x => x.Add(0x0A0D0D0A, b.U32(0x1A2B3C4D), b.U16(2), b.U16(0), b.U64(0)));

        static TestCaseData Case(string name, Action<Blocks> add) =>
            new TestCaseData(add).SetName($"{name}_is_corrupt");
    }

    [TestCaseSource(nameof(Damages))]
    public void Damage_ends_the_source_at_its_offset(Delegate add)
    {
        Blocks blocks = new(false);
        blocks.Section().Interface(1, 0).Enhanced(0, 1, [1, 2], 2);
        long offset = blocks.File.Length;
        ((Action<Blocks>)add)(blocks);
        using CaptureFileSource source = Open(blocks.File);
        Assert.That(ReadAll(source), Has.Count.EqualTo(1), "What came before is kept.");
        Assert.That((source.Ending.Kind, source.Ending.Offset), Is.EqualTo((CaptureEndingKind.CorruptBlock, offset)));
        Assert.That(source.Ending.Reason, Is.Not.Empty);
    }

    [Test]
    public void Every_cut_after_the_first_section_header_ends_with_a_truncated_block_or_at_its_edge()
    {
        Blocks blocks = new(false);
        blocks.Section().Interface(1, 0, blocks.Option(2, [65]));
        HashSet<long> edges = [28, blocks.File.Length];
        for (int i = 0; i < 3; i++)
        {
            blocks.Enhanced(0, 1, [1, 2, 3], 3);
            edges.Add(blocks.File.Length);
        }
        byte[] file = blocks.File;
        for (int length = 28; length <= file.Length; length++)
        {
            using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file[..length]));
            ReadAll(source);
            Assert.That(source.Ending.Kind, Is.EqualTo(
                edges.Contains(length) ? CaptureEndingKind.Complete : CaptureEndingKind.TruncatedBlock), $"{length}");
            Assert.That(source.Ending.Offset, Is.EqualTo(edges.Where(edge => edge <= length).Max()));
        }
        for (int length = 0; length < 28; length++)
            Assert.Throws<CaptureFileException>(() => CaptureFile.Open(new MemoryStream(file[..length])), $"{length}");
    }

    [Test]
    public void A_length_field_alone_allocates_nothing()
    {
        Blocks blocks = new(false);
        byte[] file = blocks.Section().Append([6, 0, 0, 0, 0, 0, 0xFF, 0]).File;
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(source.TryRead(out _), Is.False);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4096));
        Assert.That(source.Ending.Kind, Is.EqualTo(CaptureEndingKind.TruncatedBlock));
    }

    [Test]
    public void More_interfaces_than_the_limit_are_corrupt()
    {
        Blocks blocks = new(false);
        blocks.Section();
        byte[] one = new Blocks(false).Interface(1, 0).File;
        byte[] file = [.. blocks.File,
            .. Enumerable.Repeat(one, CaptureFileSource.InterfacesMax + 1).SelectMany(part => part)];
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
        ReadAll(source);
        Assert.That(source.Interfaces, Has.Count.EqualTo(CaptureFileSource.InterfacesMax));
        Assert.That(source.Ending.Kind, Is.EqualTo(CaptureEndingKind.CorruptBlock));
    }
}
