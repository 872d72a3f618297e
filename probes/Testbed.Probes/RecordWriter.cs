using System.Text;

namespace Testbed.Probes;

/// <summary>
/// Writes rows of a CSV record into one buffer that goes to the stream when full: no allocation per row.
/// </summary>
internal sealed class RecordWriter : IDisposable
{
    private const int BufferLength = 64 * 1024;
    /// <remarks>Longer than any row: 12 numbers of 20 digits and their commas.</remarks>
    private const int RowLengthMax = 512;

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _length;
    private bool _rowOpen;

    public RecordWriter(Stream stream, string header)
    {
        _stream = stream;
        _length = Encoding.ASCII.GetBytes(header + "\n", _buffer);
    }

    public RecordWriter Add(long value)
    {
        Separate();
        value.TryFormat(_buffer.AsSpan(_length), out int written);
        _length += written;
        return this;
    }

    /// <param name="ascii">A word without commas or quotes, at most 64 bytes.</param>
    public RecordWriter Add(ReadOnlySpan<byte> ascii)
    {
        Separate();
        ascii.CopyTo(_buffer.AsSpan(_length));
        _length += ascii.Length;
        return this;
    }

    public RecordWriter AddNothing()
    {
        Separate();
        return this;
    }

    public void EndRow()
    {
        _buffer[_length++] = (byte)'\n';
        _rowOpen = false;
        if (_length > BufferLength - RowLengthMax) WriteOut();
    }

    public void Dispose()
    {
        WriteOut();
        _stream.Dispose();
    }

    private void Separate()
    {
        if (_rowOpen) _buffer[_length++] = (byte)',';
        _rowOpen = true;
    }

    private void WriteOut()
    {
        _stream.Write(_buffer.AsSpan(0, _length));
        _length = 0;
    }
}
