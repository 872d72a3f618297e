using BenchmarkDotNet.Attributes;
using Testbed.Wire;
using Testbed.Wire.GtpU;

namespace Testbed.Benchmarks.Micro;

/// <summary>What one GTP-U header costs: bare, with a PDU session container, and refused.</summary>
[MemoryDiagnoser]
public class GtpUBenchmarks
{
    private readonly byte[] _bare = new byte[64];
    private readonly byte[] _withContainer = new byte[64];
    private readonly byte[] _control = [0x48, 0x20, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0];

    [GlobalSetup]
    public void Write()
    {
        GtpUHeader.Write(_bare, GtpUMessageType.GPdu, 0x1234_5678, 56);
        GtpUHeader.WriteGPdu(_withContainer, 0x1234_5678, PduSessionInformation.Uplink(9), 48);
    }

    [Benchmark(Baseline = true)]
    public uint Bare() => GtpUHeader.Read(_bare, out GtpUHeader header) is DecodeStatus.Ok ? header.Teid : 0;

    [Benchmark]
    public bool WithContainer()
        => GtpUHeader.Read(_withContainer, out GtpUHeader header) is DecodeStatus.Ok && header.HasPduSessionContainer;

    [Benchmark]
    public DecodeStatus ControlPlaneOnThePort() => GtpUHeader.Read(_control, out _);
}
