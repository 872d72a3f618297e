namespace Testbed.Wire.Files;

/// <summary>
/// A stream read in large pieces into one buffer that is reused. It grows only up to the largest block that is asked
/// for, and only as far as the file has bytes: a length field alone cannot make it allocate.
/// </summary>
internal sealed class ReadAhead(Stream stream, string name) : IDisposable
{
    /// <summary>Large enough that calls cost nothing, small enough to stay in the second cache.</summary>
    private const int LengthInitial = 1 << 18;
    private const int LengthMin = 1 << 12;
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(LengthFor(stream));
    private int _start;
    private int _end;
    private bool _atEnd;

    public string Name { get; } = name;
    /// <summary>Offset in the file of the next byte to be taken.</summary>
    public long Offset { get; private set; }
    /// <summary>What is wrong with the compressed data that end here; null when nothing is.</summary>
    public string? Damage => (stream as DecompressingStream)?.Damage;
    public ReadOnlySpan<byte> Available => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Makes <paramref name="count"/> bytes available; false when the file ends before.</summary>
    public bool Ensure(int count) => _end - _start >= count || Refill(count);

    public void Advance(int count)
    {
        _start += count;
        Offset += count;
    }

    private bool Refill(int count)
    {
        while (_end - _start < count)
        {
            if (_atEnd) return false;
            if (_start > 0)
            {
                Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
                _end -= _start;
                _start = 0;
            }
            if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            _atEnd = read == 0;
        }
        return true;
    }

    // Small files are many, in tests above all, and need no large buffer.
    private static int LengthFor(Stream stream) =>
        stream.CanSeek ? (int)Math.Clamp(stream.Length, LengthMin, LengthInitial) : LengthInitial;

    public void Dispose() => stream.Dispose();
}
