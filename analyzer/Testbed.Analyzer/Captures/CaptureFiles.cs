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
internal sealed class ZstdContent : Stream
{
    /// <remarks>What the zstd tool itself allows without being asked for more: 2^27 bytes, 128 MiB.</remarks>
    private const int WindowLogMax = 27;
    private readonly DecompressionStream _content;

    public ZstdContent(Stream file)
    {
        _content = new(file, leaveOpen: false);
        _content.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, WindowLogMax);
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _content.Read(buffer);
        }
        catch (ZstdException damage)
        {
            throw new InvalidDataException(damage.Message, damage);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _content.Dispose();
        base.Dispose(disposing);
    }
}
