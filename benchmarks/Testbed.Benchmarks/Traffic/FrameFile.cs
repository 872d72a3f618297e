using Testbed.Wire.Files;

namespace Testbed.Benchmarks.Traffic;

/// <summary>The end of a tap: cuts frames to the snap length, counts them, and writes them to its file.</summary>
internal sealed class FrameFile(ICaptureWriter writer, int interfaceIndex, int snapLength) : IFrameSink
{
    public TapLedger Ledger { get; } = new();

    public void Accept(in Sighting sighting, ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> kept = frame.Length > snapLength ? frame[..snapLength] : frame;
        writer.Write(interfaceIndex, sighting.TimeNs, sighting.Length, kept);
        Ledger.Packets++;
        Ledger.Bytes += sighting.Length;
    }

    public void Finish() => writer.Flush();
}

/// <summary>A capture file being written, of either format.</summary>
internal interface ICaptureWriter : IDisposable
{
    void Write(int interfaceIndex, long timestampNs, int originalLength, ReadOnlySpan<byte> frame);

    void Flush();
}

/// <summary>The product's own pcapng writer, one interface a tap.</summary>
internal sealed class PcapNgFile : ICaptureWriter
{
    private readonly PcapNgWriter _writer;

    public PcapNgFile(string path, int snapLength, params ReadOnlySpan<string> interfaces)
    {
        _writer = new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0), "testbed-bench");
        foreach (string name in interfaces) _writer.AddInterface(name, Wire.Packets.LinkType.Ethernet, snapLength);
    }

    public void Write(int interfaceIndex, long timestampNs, int originalLength, ReadOnlySpan<byte> frame) =>
        _writer.WriteFrame(interfaceIndex, timestampNs, originalLength, frame);

    public void Flush() => _writer.Flush();

    public void Dispose() => _writer.Dispose();
}
