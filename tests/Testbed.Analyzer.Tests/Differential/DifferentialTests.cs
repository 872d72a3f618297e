using Testbed.Analyzer.Tests.Support;

namespace Testbed.Analyzer.Tests.Differential;

/// <summary>
/// The decoder against tshark on every capture with known answers and on mutants of their frames. Two decoders that
/// were written apart from each other seldom make the same mistake.
/// </summary>
[Category("Differential")]
public sealed class DifferentialTests
{
    private const int MutantsPerFile = 1500;
    private const int FilesInParallel = 2;

    [Test]
    public async Task Our_decoder_and_tshark_read_the_same_fields()
    {
        string folder = SharedCaptures.Require();
        if (!Tshark.IsInstalled()) Assert.Ignore("tshark is not installed");
        using CaptureFolder work = new();
        string[] files = [.. Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".pcap" or ".pcapng" or ".cap").Order(StringComparer.Ordinal)];
        Comparison comparison = new();
        // The malformed files are small and many, and a start of tshark takes a quarter of a second: one file for all.
        ILookup<bool, string> isMalformed =
            files.ToLookup(path => path.Contains("malformed", StringComparison.Ordinal));
        List<string> captures = [.. isMalformed[false]];
        captures.Add(FrameBundle.Write(work.Path("malformed.pcapng"), isMalformed[true], mutantsPerFile: 0, seed: 0));
        string mutants = Report.Path("differential-mutants.pcapng");
        captures.Add(FrameBundle.Write(mutants, isMalformed[false], MutantsPerFile, seed: 38415));
        await Parallel.ForEachAsync(
            captures, new ParallelOptions { MaxDegreeOfParallelism = FilesInParallel }, async (path, _) =>
            {
                Dictionary<long, SeenFrame> theirs = await Tshark.ReadAsync(path);
                (Dictionary<long, SeenFrame> ours, Dictionary<long, string> reasons) = OurDecoder.Read(path);
                lock (comparison) comparison.Add(Path.GetFileName(path), ours, reasons, theirs);
            });
        TestContext.Out.Write(comparison);
        File.WriteAllText(Report.Path("differential.txt"), comparison.ToString());
        Assert.That(comparison.Unexplained, Is.Zero, comparison.ToString);
        Assert.That(comparison.Frames, Is.GreaterThan(70_000));
        Assert.That(comparison.Fields, Is.GreaterThan(400_000));
    }
}
