using BenchmarkDotNet.Attributes;
using Testbed.Analyzer;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Meters.Crossings;

namespace Testbed.Benchmarks.Micro;

/// <summary>
/// The analyzer's stages over a small pair, per packet of both sides; one shard, so that runs are alike.
/// </summary>
[MemoryDiagnoser]
public class AnalysisBenchmarks : IDisposable
{
    private const int Packets = 2 * MicroTraffic.Packets;
    private const int Samples = 10_000;
    private readonly DelayHistogram _histogram = new();
    private MicroTraffic? _traffic;
    private AnalysisRequest _request = new();
    private AnalysisContext? _context;

    [GlobalSetup]
    public void Generate()
    {
        _traffic = new();
        _request = new()
        {
            N3 = [TapInput.FromFile(_traffic.N3)], N6 = [TapInput.FromFile(_traffic.N6)],
            Options = new() { Shards = 1 },
        };
        _context = TrafficAnalysis.Prepare(_request, null, CancellationToken.None);
        Histogram();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _traffic?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public long Match()
    {
        Matcher matcher = new(_context!.Taps, _request.Options, CancellationToken.None);
        matcher.Run();
        return matcher.Outcomes.Length;
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public long Meters() => new ResultBuilder(_context!).Build(() => TimeSpan.Zero).Match.Matched;

    [Benchmark(OperationsPerInvoke = Packets)]
    public long Whole() => TrafficAnalysis.Run(_request).Match.Matched;

    [Benchmark(OperationsPerInvoke = Samples)]
    public long Histogram()
    {
        for (int i = 0; i < Samples; i++) _histogram.Add(i * 9_973L);
        return _histogram.Count;
    }
}
