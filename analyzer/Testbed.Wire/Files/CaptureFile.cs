using System.Buffers.Binary;

namespace Testbed.Wire.Files;

/// <summary>
/// Opens capture files: pcap, pcapng and ERF, plain or compressed with gzip, told apart by their first bytes. Other
/// compressions come from the caller.
/// </summary>
public static class CaptureFile
{
    /// <summary>Opens a capture file.</summary>
    /// <param name="formats">Compressions beside gzip.</param>
    /// <exception cref="CaptureFileException">The file's header is no capture's.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static CaptureFileSource Open(string path, params ReadOnlySpan<PackedFormat> formats) => Open(
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan), path,
        formats);

    /// <summary>Opens a stream, a pipe too: it is read forwards only. The source disposes of it.</summary>
    /// <param name="name">What messages call the file.</param>
    public static CaptureFileSource Open(
        Stream stream, string name = "capture", params ReadOnlySpan<PackedFormat> formats)
    {
        ReadAhead input = new(DecompressingStream.Unpack(stream, [PackedFormat.Gzip, .. formats]), name);
        try
        {
            if (!input.Ensure(4))
                throw new CaptureFileException(
                    name, 0, "a pcap, pcapng or ERF header",
                    input.Damage ?? $"a file of {input.Available.Length} bytes");
            uint magic = BinaryPrimitives.ReadUInt32BigEndian(input.Available);
            if (magic == PcapNgBlock.SectionHeader) return PcapNgSource.Open(input);
            // ERF has no magic number, so whatever has one comes first.
            return PcapSource.IsOne(input) ? PcapSource.Open(input)
                : ErfSource.TryOpen(input) as CaptureFileSource ?? throw PcapSource.NoCapture(input);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
