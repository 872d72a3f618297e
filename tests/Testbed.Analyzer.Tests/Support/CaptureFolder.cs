using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Tests.Support;

/// <summary>Writes made-up captures to a folder that is gone after the test.</summary>
internal sealed class CaptureFolder : IDisposable
{
    /// <summary>Start of all made-up captures: well after 1970 and easy to read.</summary>
    public const long StartNs = 1_700_000_000_000_000_000;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("testbed-analyzer-");

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>Writes IP packets in Ethernet frames, times in microseconds after the start.</summary>
    public TapInput Write(string name, IEnumerable<(long Us, byte[] Packet)> packets, params string[] slices) =>
        Write(name, packets.Select(packet => (packet.Us, packet.Packet, 0)), 0, slices);

    public TapInput Write(
        string name, IEnumerable<(long Us, byte[] Packet, int Interface)> packets, int snapLength,
        params string[] slices)
    {
        using FileStream stream = File.Create(Path(name));
        using PcapNgWriter writer = new(stream);
        for (int i = 0; i < 4; i++) writer.AddInterface($"if{i}", LinkType.Ethernet, snapLength);
        foreach ((long us, byte[] packet, int at) in packets)
        {
            byte[] frame = Packets.Ethernet(packet);
            ReadOnlySpan<byte> kept = snapLength > 0 && frame.Length > snapLength ? frame.AsSpan(0, snapLength) : frame;
            writer.WriteFrame(at, StartNs + us * 1000, frame.Length, kept);
        }
        writer.Flush();
        return new(name, [Path(name)], slices);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
