namespace Testbed.Wire.Files;

/// <summary>
/// The content of a compressed file, unpacked piece by piece as it is read: the whole is never in memory, however much
/// it expands to. Damaged or cut off, it ends where the damage is, and <see cref="Damage"/> says so.
/// </summary>
internal sealed class DecompressingStream : ForwardStream
{
    private const int MagicLengthMax = 4;
    private readonly string _format;

    private DecompressingStream(Stream inner, string format) : base(inner) => _format = format;

    /// <summary>In English, for experts; null while nothing is wrong.</summary>
    public string? Damage { get; private set; }

    /// <summary>
    /// Gives a stream of what the file holds: itself, or decompressed as its first bytes tell. The stream given is
    /// disposed of with the one returned.
    /// </summary>
    public static Stream Unpack(Stream stream, ReadOnlySpan<PackedFormat> formats)
    {
        Span<byte> head = stackalloc byte[MagicLengthMax];
        int count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        head = head[..count];
        Stream whole;
        if (stream.CanSeek)
        {
            stream.Seek(-count, SeekOrigin.Current);
            whole = stream;
        }
        else whole = new PrefixedStream(head, stream);
        foreach (PackedFormat format in formats)
            if (head.StartsWith(format.Magic.Span)) return new DecompressingStream(format.Unpack(whole), format.Name);
        return whole;
    }

    public override int Read(Span<byte> buffer)
    {
        if (Damage is not null) return 0;
        try
        {
            return Inner.Read(buffer);
        }
        catch (Exception damage) when (damage is InvalidDataException or EndOfStreamException)
        {
            Damage = $"the {_format} data are damaged or cut off ({damage.Message.TrimEnd('.')})";
            return 0;
        }
    }
}
