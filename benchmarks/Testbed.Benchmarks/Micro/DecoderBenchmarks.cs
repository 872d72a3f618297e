using BenchmarkDotNet.Attributes;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Wire.Ip;
using Testbed.Wire.Packets;

namespace Testbed.Benchmarks.Micro;

/// <summary>From frame to record, and the digest alone; per packet, tables already grown.</summary>
[MemoryDiagnoser]
public class DecoderBenchmarks
{
    private const int Count = 4_096;
    private const int GtpUHeaders = 14 + 20 + 8 + 16;
    private readonly FrameDecoder _decoder = new(TapRole.N3, DecoderSettings.Default);
    private (byte[] Bytes, int OriginalLength, long TimestampNs)[] _frames = [];

    [GlobalSetup]
    public void Read()
    {
        using MicroTraffic traffic = new();
        _frames = traffic.Frames(Count);
        FrameToRecord();
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public long FrameToRecord()
    {
        long sum = 0;
        foreach ((byte[] bytes, int originalLength, long timestampNs) in _frames)
        {
            PacketSlot slot = new(0, bytes.Length, originalLength, timestampNs, 0, 1);
            if (_decoder.Decode(bytes, slot, LinkType.Ethernet, 0, out PacketRecord record)) sum += record.InnerLength;
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public ulong FingerprintOnly()
    {
        ulong sum = 0;
        foreach ((byte[] bytes, _, _) in _frames)
        {
            Wire.DecodeStatus status = IpPacket.Read(bytes.AsSpan(GtpUHeaders), out IpPacket inner);
            sum ^= Fingerprint.Compute(inner, status, DecoderSettings.DigestBytesDefault, out _);
        }
        return sum;
    }
}
