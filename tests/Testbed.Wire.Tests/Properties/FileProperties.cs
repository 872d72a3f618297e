using FsCheck;
using FsCheck.Fluent;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Tests.Properties;

public sealed class FileProperties
{
    private static Arbitrary<byte[][]> Frames() =>
        Arb.From(Gen.ArrayOf(Properties.Bytes(70).Generator).Select(frames => frames.Take(20).ToArray()));

    [Test]
    public void Every_frame_that_is_written_reads_back() =>
        Properties.Hold(Frames(), frames =>
        {
            byte[] file = Write(frames);
            using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
            for (int i = 0; i < frames.Length; i++)
                if (!source.TryRead(out CapturedFrame frame) || !frame.Bytes.SequenceEqual(frames[i])
                    || frame.TimestampNs != 1_700_000_000_000_000_000 + i) return false;
            return !source.TryRead(out _) && source.Ending.Kind is CaptureEndingKind.Complete;
        });

    [Test]
    public void A_cut_file_gives_its_whole_frames_and_says_that_it_is_cut() =>
        Properties.Hold(Frames(), frames =>
        {
            byte[] file = Write(frames), head = Write([]);
            for (int kept = head.Length; kept <= file.Length; kept += 7)
            {
                using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file[..kept]));
                int count = 0;
                while (source.TryRead(out CapturedFrame frame))
                    if (!frame.Bytes.SequenceEqual(frames[count++])) return false;
                if (kept < file.Length && count == frames.Length && frames.Length > 0) return false;
            }
            return true;
        });

    [Test]
    public void Any_byte_string_is_a_capture_or_is_refused([Values("", "0a0d0d0a", "d4c3b2a1", "1f8b08", "28b52ffd")]
        string start) =>
        Properties.Hold(Properties.Bytes(150), bytes =>
        {
            try
            {
                using CaptureFileSource source =
                    CaptureFile.Open(new MemoryStream([.. Convert.FromHexString(start), .. bytes]));
                while (source.TryRead(out CapturedFrame frame))
                    if (frame.Bytes.Length > 150) return false;
                return source.Ending.Kind is not CaptureEndingKind.NotYet;
            }
            catch (CaptureFileException refused)
            {
                return refused.Expected.Length > 0;
            }
        });

    private static byte[] Write(byte[][] frames)
    {
        using MemoryStream stream = new();
        using (PcapNgWriter writer = new(stream))
        {
            writer.AddInterface("tap", LinkType.Ethernet);
            for (int i = 0; i < frames.Length; i++)
                writer.WriteFrame(0, 1_700_000_000_000_000_000 + i, frames[i].Length, frames[i]);
            writer.Flush();
        }
        return stream.ToArray();
    }
}
