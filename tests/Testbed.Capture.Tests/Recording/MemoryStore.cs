using Testbed.Capture.Recording;

namespace Testbed.Capture.Tests.Recording;

/// <summary>Keeps segments in memory, or on a disk that fills up.</summary>
internal sealed class MemoryStore(long roomBytes = long.MaxValue) : ISegmentStore
{
    private readonly Dictionary<string, MemoryStream> _files = [];
    private long _room = roomBytes;

    public List<SegmentFacts> Sealed { get; } = [];

    public byte[] Bytes(string fileName) => _files[fileName].ToArray();

    public Stream Create(string fileName)
    {
        MemoryStream file = new();
        _files.Add(fileName, file);
        return new Disk(this, file);
    }

    public void Seal(SegmentFacts facts) => Sealed.Add(facts);

    private sealed class Disk(MemoryStore store, MemoryStream file) : Stream
    {
        private const int DiskFull = 28;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => file.Length;
        public override long Position { get => file.Position; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count)
        {
            store._room -= count;
            if (store._room < 0) throw new IOException("No space left on device", DiskFull);
            file.Write(buffer, offset, count);
        }

        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>A clock that stands until it is told.</summary>
internal sealed class StandingClock : TimeProvider
{
    private long _ticks;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => _ticks;
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50).AddTicks(_ticks);
    public void Advance(TimeSpan by) => _ticks += by.Ticks;
}
