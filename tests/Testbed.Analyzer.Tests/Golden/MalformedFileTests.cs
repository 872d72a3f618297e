using Testbed.Analyzer.Tests.Support;
using Testbed.Wire.Files;

namespace Testbed.Analyzer.Tests.Golden;

/// <summary>Files that crashed others: read as any tap, they give counts or say why not.</summary>
public sealed class MalformedFileTests
{
    private static IEnumerable<string> Names() => SharedCaptures.Folder is null
        ? ["(none)"]
        : Directory.EnumerateFiles(SharedCaptures.Path("malformed")).Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Names)), CancelAfter(20_000)]
    public void A_damaged_file_is_read_or_refused(string name, CancellationToken cancellation)
    {
        TapInput tap = SharedCaptures.Tap($"malformed/{name}");
        foreach (AnalysisRequest request in (AnalysisRequest[])
            [new() { N3 = [tap] }, new() { N3 = [tap], N6 = [tap] }, new() { N6 = [tap], N4 = [tap] }])
        {
            try
            {
                AnalysisResult result = TrafficAnalysis.Run(request, null, cancellation);
                Assert.That(
                    result.N3.Decoded + result.N3.NotDecoded.Values.Sum(), Is.EqualTo(result.N3.Packets));
                using MemoryStream json = new();
                AnalysisJson.Write(result, json);
                Assert.That(json.Length, Is.GreaterThan(0));
            }
            catch (CaptureFileException refused)
            {
                Assert.That(refused.Message, Does.Contain("expected"));
            }
        }
    }
}
