using BenchmarkDotNet.Attributes;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Benchmarks.Micro;

/// <summary>Reading and writing pcapng, per frame; files come from the page cache and go nowhere.</summary>
[MemoryDiagnoser]
public class FileBenchmarks : IDisposable
{
    private const int Frames = 90_000;
    private MicroTraffic? _traffic;
    private (byte[] Bytes, int OriginalLength, long TimestampNs)[] _frames = [];

    [GlobalSetup]
    public void Generate()
    {
        _traffic = new();
        _frames = _traffic.Frames(Frames);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _traffic?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public long ReadPcapNg()
    {
        using CaptureFileSource source = CaptureFile.Open(_traffic!.N3);
        long bytes = 0;
        for (int i = 0; i < Frames && source.TryRead(out CapturedFrame frame); i++) bytes += frame.Bytes.Length;
        return bytes;
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public long WritePcapNg()
    {
        using PcapNgWriter writer = new(Stream.Null);
        writer.AddInterface("n3", LinkType.Ethernet, 256);
        foreach ((byte[] bytes, int originalLength, long timestampNs) in _frames)
            writer.WriteFrame(0, timestampNs, originalLength, bytes);
        return writer.Length;
    }
}
