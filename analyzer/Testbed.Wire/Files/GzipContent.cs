using System.IO.Compression;

namespace Testbed.Wire.Files;

/// <summary>
/// The content of a gzip file, all members of it. The framework's own stream ends without a word where a file was cut
/// off; so a member of ours is put behind the file's last one, and only who reads that has read all.
/// </summary>
internal sealed class GzipContent(Stream file)
    : ForwardStream(new GZipStream(new SealedStream(file), CompressionMode.Decompress))
{
    private static readonly byte[] Seal = Convert.FromHexString("5D1C7E0B9A42F3866B21D0C4E87F3A95");
    private static readonly byte[] SealMember = Pack(Seal);
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _atEnd;
    private InvalidDataException? _damage;

    /// <exception cref="InvalidDataException">The data are damaged; shows when all before was read.</exception>
    /// <exception cref="EndOfStreamException">The last member has no end.</exception>
    public override int Read(Span<byte> buffer)
    {
        // The newest bytes are kept back: they may be the seal.
        while (!_atEnd && _end - _start <= Seal.Length) Refill();
        ReadOnlySpan<byte> ready = _buffer.AsSpan(_start, _end - _start);
        if (!_atEnd || ready.EndsWith(Seal)) ready = ready[..^Seal.Length];
        else if (ready.IsEmpty) throw _damage ?? (Exception)new EndOfStreamException("the last member has no end");
        ready = ready[..Math.Min(ready.Length, buffer.Length)];
        ready.CopyTo(buffer);
        _start += ready.Length;
        return ready.Length;
    }

    private void Refill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        try
        {
            int read = Inner.Read(_buffer.AsSpan(_end));
            _end += read;
            _atEnd = read == 0;
        }
        catch (InvalidDataException damage)
        {
            (_damage, _atEnd) = (damage, true);
        }
    }

    private static byte[] Pack(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.NoCompression)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private sealed class SealedStream(Stream file) : ForwardStream(file)
    {
        private int _sealed = -1;

        public override int Read(Span<byte> buffer)
        {
            if (_sealed < 0)
            {
                int read = Inner.Read(buffer);
                if (read > 0 || buffer.IsEmpty) return read;
                _sealed = 0;
            }
            int count = Math.Min(buffer.Length, SealMember.Length - _sealed);
            SealMember.AsSpan(_sealed, count).CopyTo(buffer);
            _sealed += count;
            return count;
        }
    }
}
