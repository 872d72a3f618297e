using ZstdSharp;

namespace Testbed.Wire.Files;

/// <summary>
/// The content of a gzip (RFC 1952) or zstd (RFC 8878) file, decompressed piece by piece as it is read: the whole is
/// never in memory, however much it expands to. Damaged or cut off, it ends where the damage is, and
/// <see cref="Damage"/> says so.
/// </summary>
internal sealed class DecompressingStream : ForwardStream
{
    /// <remarks>What the zstd tool itself allows without being asked for more: 2^27 bytes, 128 MiB.</remarks>
    private const int WindowLogMax = 27;
    private readonly string _format;

    private DecompressingStream(Stream inner, string format) : base(inner) => _format = format;

    /// <summary>In English, for experts; null while nothing is wrong.</summary>
    public string? Damage { get; private set; }

    /// <summary>
    /// Gives a stream of what the file holds: itself, or decompressed as its first bytes tell. The stream given is
    /// disposed of with the one returned.
    /// </summary>
    public static Stream Unpack(Stream stream)
    {
        Span<byte> head = stackalloc byte[4];
        int count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        head = head[..count];
        Stream whole;
        if (stream.CanSeek)
        {
            stream.Seek(-count, SeekOrigin.Current);
            whole = stream;
        }
        else whole = new PrefixedStream(head, stream);
        if (head.StartsWith<byte>([0x1F, 0x8B]))
            return new DecompressingStream(new GzipContent(whole), "gzip");
        if (!head.SequenceEqual<byte>([0x28, 0xB5, 0x2F, 0xFD])) return whole;
        DecompressionStream zstd = new(whole, leaveOpen: false);
        zstd.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, WindowLogMax);
        return new DecompressingStream(zstd, "zstd");
    }

    public override int Read(Span<byte> buffer)
    {
        if (Damage is not null) return 0;
        try
        {
            return Inner.Read(buffer);
        }
        catch (Exception damage) when (damage is InvalidDataException or ZstdException or EndOfStreamException)
        {
            Damage = $"the {_format} data are damaged or cut off ({damage.Message.TrimEnd('.')})";
            return 0;
        }
    }
}
