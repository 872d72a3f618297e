namespace Testbed.Wire.Files;

/// <summary>A compression that capture files may come in, told by its first bytes.</summary>
/// <param name="Name">What messages call it, e.g. <c>zstd</c>.</param>
/// <param name="Magic">The file's first bytes, at most four.</param>
/// <param name="Unpack">
/// Gives a forward-only stream of the content, which disposes of the one it reads and throws
/// <see cref="InvalidDataException"/> or <see cref="EndOfStreamException"/> where the data are damaged or cut off. It
/// bounds its own memory whatever the data ask for.
/// </param>
public sealed record PackedFormat(string Name, ReadOnlyMemory<byte> Magic, Func<Stream, Stream> Unpack)
{
    internal static PackedFormat Gzip { get; } = new("gzip", new byte[] { 0x1F, 0x8B }, file => new GzipContent(file));
}
