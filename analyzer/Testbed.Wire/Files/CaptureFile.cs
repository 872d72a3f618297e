using System.Buffers.Binary;

namespace Testbed.Wire.Files;

/// <summary>Opens capture files of either format, told apart by their first bytes.</summary>
public static class CaptureFile
{
    /// <summary>Opens a pcap or pcapng file.</summary>
    /// <exception cref="CaptureFileException">The file's header is no capture's.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static CaptureFileSource Open(string path) => Open(
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan), path);

    /// <summary>Opens a stream, a pipe too: it is read forwards only. The source disposes of it.</summary>
    /// <param name="name">What messages call the file.</param>
    public static CaptureFileSource Open(Stream stream, string name = "capture")
    {
        ReadAhead input = new(stream, name);
        try
        {
            if (!input.Ensure(4))
                throw new CaptureFileException(
                    name, 0, "a pcap or pcapng header", $"a file of {input.Available.Length} bytes");
            uint magic = BinaryPrimitives.ReadUInt32BigEndian(input.Available);
            return magic == PcapNgBlock.SectionHeader ? PcapNgSource.Open(input) : PcapSource.Open(input);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
