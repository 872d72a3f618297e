using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Tests.Captures;

public sealed class EveryFrameTests
{
    /// <summary>Mutants a frame in the larger files; small files get more.</summary>
    private const int MutantsTotal = 200_000;

    [Test]
    public void Every_frame_of_every_capture_passes_through_all_decoders()
    {
        SharedCaptures.Require();
        long count = 0;
        foreach (string path in SharedCaptures.All())
        {
            try
            {
                using CaptureFileSource source = CaptureFile.Open(path);
                while (source.TryRead(out CapturedFrame frame))
                {
                    LinkType linkType = source.Interfaces[frame.Interface].LinkType;
                    EveryDecoder.Frame(linkType, frame.Bytes, frame.OriginalLength);
                    count++;
                }
            }
            catch (CaptureFileException)
            {
                // Some of the malformed files are no captures at all.
            }
        }
        Assert.That(count, Is.GreaterThan(140_000));
    }

    [Test]
    public void Mutants_of_real_frames_pass_through_all_decoders()
    {
        SharedCaptures.Require();
        Random random = new(20220220);
        int done = 0;
        foreach (string path in SharedCaptures.All().Where(p => !p.Contains("malformed", StringComparison.Ordinal)))
        {
            using CaptureFileSource source = CaptureFile.Open(path);
            int framesLeft = 400;
            while (source.TryRead(out CapturedFrame frame) && framesLeft-- > 0)
            {
                LinkType linkType = source.Interfaces[frame.Interface].LinkType;
                for (int i = 0; i < 12 && done < MutantsTotal; i++, done++)
                {
                    byte[] mutant = Bytes.Mutate(frame.Bytes, random);
                    EveryDecoder.Frame(linkType, mutant, frame.OriginalLength);
                }
            }
        }
        Assert.That(done, Is.GreaterThan(50_000));
    }

    [Test]
    public void Mutants_of_real_files_end_or_are_refused()
    {
        SharedCaptures.Require();
        Random random = new(7);
        foreach (string path in SharedCaptures.All().Where(p => new FileInfo(p).Length < 20_000))
        {
            byte[] file = File.ReadAllBytes(path);
            for (int i = 0; i < 20; i++)
            {
                byte[] mutant = Bytes.Mutate(file, random);
                try
                {
                    using CaptureFileSource source = CaptureFile.Open(new MemoryStream(mutant));
                    while (source.TryRead(out CapturedFrame frame))
                        Assert.That(frame.Bytes.Length, Is.LessThanOrEqualTo(mutant.Length));
                    Assert.That(source.Ending.Kind, Is.Not.EqualTo(CaptureEndingKind.NotYet));
                }
                catch (CaptureFileException exception)
                {
                    Assert.That(exception.Message, Does.Contain("expected"));
                }
            }
        }
    }
}
