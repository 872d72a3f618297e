using System.Text.Json;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Tests.Captures;

public sealed class ReadingCapturesTests
{
    [Test]
    public void Every_capture_with_a_known_answer_holds_as_many_frames_as_expected()
    {
        string folder = SharedCaptures.Require();
        foreach (JsonProperty file in SharedCaptures.ExpectedFiles().EnumerateObject())
        {
            using CaptureFileSource source = CaptureFile.Open(Path.Combine(folder, file.Name));
            long count = Count(source);
            Assert.That(count, Is.EqualTo(file.Value.GetProperty("packets").GetInt64()), file.Name);
            Assert.That(source.Ending.Kind, Is.EqualTo(CaptureEndingKind.Complete), $"{file.Name}: {source.Ending}");
        }
    }

    [Test]
    public void No_malformed_capture_throws_anything_but_a_capture_file_exception()
    {
        SharedCaptures.Require();
        foreach (string path in SharedCaptures.All())
        {
            try
            {
                using CaptureFileSource source = CaptureFile.Open(path);
                long count = Count(source);
                TestContext.Out.WriteLine($"{Path.GetFileName(path)} {count} {source.Ending}");
            }
            catch (CaptureFileException exception)
            {
                TestContext.Out.WriteLine(exception.Message);
            }
        }
    }

    private static long Count(CaptureFileSource source)
    {
        using PacketBatch batch = new(256, 1 << 16);
        long count = 0, number = 0;
        bool more;
        do
        {
            batch.Clear();
            more = source.Fill(batch);
            foreach (PacketSlot slot in batch.Slots)
                Assert.That(slot.Number, Is.EqualTo(++number));
            count += batch.Count;
        }
        while (more);
        return count;
    }
}
