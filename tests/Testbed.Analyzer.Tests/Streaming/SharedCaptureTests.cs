using System.Text.Json;
using Testbed.Analyzer.Tests.Support;
using Testbed.Wire.Files;

namespace Testbed.Analyzer.Tests.Streaming;

/// <summary>Where captures can be streamed, the result is that of keeping all packets.</summary>
public sealed class SharedCaptureTests
{
    private static IEnumerable<string> Files() => SharedCaptures.Folder is null
        ? ["(none)"]
        : Directory.EnumerateFiles(SharedCaptures.Require(), "*.pcap*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(SharedCaptures.Require(), path)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Pairs() => SharedCaptures.Folder is null
        ? ["(none)"]
        : SharedCaptures.Expected("pairs").EnumerateArray().Select(pair => pair.GetProperty("name").GetString()!);

    [TestCaseSource(nameof(Files))]
    public void A_file_as_N3_gives_the_same_result_either_way(string name) => Compare(new()
    {
        N3 = [SharedCaptures.Tap(name)],
    });

    [TestCaseSource(nameof(Files))]
    public void A_file_as_N6_of_another_gives_the_same_result_either_way(string name) => Compare(new()
    {
        N3 = [SharedCaptures.Tap("open5gs/1-baseline/n3.pcap")], N6 = [SharedCaptures.Tap(name)],
    });

    [TestCaseSource(nameof(Pairs))]
    public void A_pair_gives_the_same_result_either_way(string name)
    {
        JsonElement pair = SharedCaptures.Pair(name), n6 = pair.GetProperty("n6");
        string[] files = n6.ValueKind is JsonValueKind.Array
            ? [.. n6.EnumerateArray().Select(file => file.GetString()!)] : [n6.GetString()!];
        AnalysisRequest request = new()
        {
            N3 = [SharedCaptures.Tap(pair.GetProperty("n3").GetString()!)],
            N6 = [.. files.Select((file, i) => files.Length == 2
                ? SharedCaptures.Tap(file, i == 0 ? "A" : "B") : SharedCaptures.Tap(file))],
        };
        Compare(request);
        Compare(request with { Claim = TestClaims.TwoSlices });
        string n4 = Path.Combine(Path.GetDirectoryName(pair.GetProperty("n3").GetString()!)!, "n4-pfcp.pcap");
        if (File.Exists(SharedCaptures.Path(n4)))
            Compare(request with { Claim = TestClaims.TwoSlices, N4 = [SharedCaptures.Tap(n4)] });
    }

    private static void Compare(AnalysisRequest request)
    {
        try
        {
            SameResult.Assert(request);
        }
        catch (CaptureFileException)
        {
            // What cannot be read as a stream cannot be read otherwise either.
            Assert.That(() => SameResult.Kept(request), Throws.InstanceOf<CaptureFileException>());
        }
    }
}
