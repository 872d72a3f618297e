using Testbed.Benchmarks.Traffic;
using Testbed.Wire.Files;

namespace Testbed.Benchmarks.Micro;

/// <summary>The pair of captures that micro benchmarks work on, in a folder of its own.</summary>
internal sealed class MicroTraffic : IDisposable
{
    public const int Packets = 100_000;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("testbed-micro-");

    public MicroTraffic() =>
        Ledger = TrafficGenerator.Run(new() { Packets = Packets, Tunnels = 10_000 }, _folder.FullName);

    public TrafficLedger Ledger { get; }
    public string N3 => Path.Combine(_folder.FullName, Ledger.N3Files[0]);
    public string N6 => Path.Combine(_folder.FullName, Ledger.N6Files[0]);

    /// <summary>The first frames of N3, each in an array of its own.</summary>
    public (byte[] Bytes, int OriginalLength, long TimestampNs)[] Frames(int count)
    {
        (byte[], int, long)[] frames = new (byte[], int, long)[count];
        using CaptureFileSource source = CaptureFile.Open(N3);
        for (int i = 0; i < count && source.TryRead(out CapturedFrame frame); i++)
            frames[i] = (frame.Bytes.ToArray(), frame.OriginalLength, frame.TimestampNs);
        return frames;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
