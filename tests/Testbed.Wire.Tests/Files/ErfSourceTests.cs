using System.Buffers.Binary;
using Testbed.Wire.Files;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Tests.Files;

public sealed class ErfSourceTests
{
    private static readonly byte[] Frame = Bytes.Hex(
        "020000000001 020000000002 0800 45000014 00010000 40fd 0000 0a000001 0a000002");

    private static byte[] Record(uint seconds, byte type = 2, byte flags = 4, int pad = 0)
    {
        byte[] record = new byte[16 + 2 + Frame.Length + pad];
        BinaryPrimitives.WriteUInt32LittleEndian(record, 0x8000_0000);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), seconds);
        record[8] = type;
        record[9] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(10), (ushort)record.Length);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(14), (ushort)Frame.Length);
        Frame.CopyTo(record, 18);
        return record;
    }

    [Test]
    public void Records_without_a_file_header_read()
    {
        byte[] padding = [.. Record(0, type: 48)[..16], .. new byte[36]];
        byte[] file = [.. Record(1_700_000_000), .. padding, .. Record(1_700_000_001, flags: 5, pad: 4)];
        // The middle one is padding between records of which only the length counts.
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(52 + 4), 1_700_000_000);
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
        Assert.That(source.TryRead(out CapturedFrame frame));
        Assert.That(frame.TimestampNs, Is.EqualTo(1_700_000_000_500_000_000));
        Assert.That(source.Interfaces[frame.Interface].LinkType, Is.EqualTo(LinkType.Erf));
        Assert.That(LinkFrame.Read(LinkType.Erf, frame.Bytes, out LinkFrame link), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(link.Payload.Length, Is.EqualTo(20));
        Assert.That(frame.OriginalLength, Is.EqualTo(18 + Frame.Length));
        Assert.That(source.TryRead(out frame));
        Assert.That((frame.Interface, frame.Bytes.Length), Is.EqualTo((1, 18 + Frame.Length)));
        Assert.That(source.TryRead(out _), Is.False);
        Assert.That(source.Ending, Is.EqualTo(new CaptureEnding(CaptureEndingKind.Complete, file.Length)));
    }

    [Test]
    public void Every_prefix_reads_what_is_whole_or_is_refused()
    {
        byte[] file = [.. Enumerable.Range(0, 4).SelectMany(i => Record((uint)(1_700_000_000 + i)))];
        for (int length = 0; length < file.Length; length++)
        {
            int records = length / 52;
            try
            {
                using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file[..length]));
                int count = 0;
                while (source.TryRead(out _)) count++;
                Assert.That(count, Is.EqualTo(records));
                Assert.That(source.Ending.Kind, Is.EqualTo(
                    length % 52 == 0 ? CaptureEndingKind.Complete : CaptureEndingKind.TruncatedBlock));
            }
            catch (CaptureFileException)
            {
                Assert.That(records < 3 && (length % 52 != 0 || records == 0), $"{length} bytes");
            }
        }
    }

    [Test]
    public void Bytes_that_only_start_like_a_record_are_no_capture()
    {
        byte[] file = [.. Record(1_700_000_000), .. Record(17)];
        Assert.Throws<CaptureFileException>(() => CaptureFile.Open(new MemoryStream(file)));
    }

    [Test]
    public void A_record_of_impossible_length_ends_the_file_there()
    {
        byte[] bad = Record(1_700_000_003);
        (bad[10], bad[11]) = (0, 15);
        byte[] file = [.. Record(1_700_000_000), .. Record(1_700_000_001), .. Record(1_700_000_002), .. bad];
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
        int count = 0;
        while (source.TryRead(out _)) count++;
        Assert.That(count, Is.EqualTo(3));
        Assert.That(source.Ending.Kind, Is.EqualTo(CaptureEndingKind.CorruptBlock));
        Assert.That(source.Ending.Offset, Is.EqualTo(156));
    }
}
