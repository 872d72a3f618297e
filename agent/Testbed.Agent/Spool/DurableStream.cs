using Testbed.Evidence.Files;

namespace Testbed.Agent.Spool;

/// <summary>
/// A file to be written once, from start to end. Small writes are gathered; <see cref="Flush"/> hands them to the
/// kernel; <see cref="Seal"/> and <see cref="Stream.Dispose()"/> return only when the disc has them.
/// </summary>
internal sealed class DurableStream(DurableFile file) : Stream
{
    private readonly byte[] _buffer = new byte[64 << 10];
    private int _used;
    private bool _closed;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => !_closed;
    public override long Length => file.LengthBytes + _used;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException("This file is only appended to.");
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (bytes.Length > _buffer.Length - _used) Flush();
        if (bytes.Length >= _buffer.Length)
        {
            file.Append(bytes);
            return;
        }
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        if (_used == 0) return;
        file.Append(_buffer.AsSpan(0, _used));
        _used = 0;
    }

    /// <exception cref="EvidenceWriteException">The disc did not take it.</exception>
    public void Seal()
    {
        Flush();
        file.Sync();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_closed)
        {
            _closed = true;
            try
            {
                Seal();
            }
            finally
            {
                file.Dispose();
            }
        }
        base.Dispose(disposing);
    }
}
