using Testbed.Wire.Files;
using ZstdSharp;

namespace Testbed.Analyzer.Captures;

/// <summary>Opens capture files of every format and compression that an analysis takes.</summary>
public static class CaptureFiles
{
    private static readonly PackedFormat Zstd =
        new("zstd", new byte[] { 0x28, 0xB5, 0x2F, 0xFD }, file => new ZstdContent(file));

    /// <inheritdoc cref="CaptureFile.Open(string, ReadOnlySpan{PackedFormat})"/>
    public static CaptureFileSource Open(string path) => CaptureFile.Open(path, Zstd);

    /// <inheritdoc cref="CaptureFile.Open(Stream, string, ReadOnlySpan{PackedFormat})"/>
    public static CaptureFileSource Open(Stream stream, string name = "capture") =>
        CaptureFile.Open(stream, name, Zstd);
}

/// <summary>
/// The content of a zstd file (RFC 8878). Not in Wire, which uses nothing but the framework: .NET 10 has no zstd.
/// </summary>
internal sealed class ZstdContent(Stream file) : ForwardStream(Open(file))
{
    /// <remarks>What the zstd tool itself allows without being asked for more: 2^27 bytes, 128 MiB.</remarks>
    private const int WindowLogMax = 27;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Inner.Read(buffer);
        }
        catch (ZstdException damage)
        {
            throw new InvalidDataException(damage.Message, damage);
        }
    }

    private static DecompressionStream Open(Stream file)
    {
        DecompressionStream content = new(file, leaveOpen: false);
        content.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, WindowLogMax);
        return content;
    }
}
