using Testbed.Benchmarks.Traffic;
using Testbed.Benchmarks.Traffic.Twists;

namespace Testbed.Analyzer.Tests.Generated;

/// <summary>A small pair of captures from the benchmarks' generator, with its truth, gone after the test.</summary>
internal sealed class GeneratedPair : IDisposable
{
    public const ulong Seed = 7;
    public static readonly TrafficOptions Small = new()
    {
        Packets = 20_000, Tunnels = 400, RatePps = 10_000, LossRatio = 0.005, Seed = Seed,
    };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("testbed-generated-");

    public GeneratedPair(params IReadOnlyList<ITwist> twists) : this(Small with { Twists = twists })
    {
    }

    public GeneratedPair(TrafficOptions options) => Ledger = TrafficGenerator.Run(options, _folder.FullName);

    public TrafficLedger Ledger { get; }

    public string N3 => Path.Combine(_folder.FullName, Ledger.N3Files[0]);
    public string N6 => Path.Combine(_folder.FullName, Ledger.N6Files[0]);

    public AnalysisResult Analyze(AnalysisOptions? options = null) => TrafficAnalysis.Run(new()
    {
        N3 = [TapInput.FromFile(N3)], N6 = [TapInput.FromFile(N6)], Options = options ?? new(),
    });

    public void Dispose() => _folder.Delete(recursive: true);
}
