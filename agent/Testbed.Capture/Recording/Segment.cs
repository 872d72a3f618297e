using System.Security.Cryptography;
using Testbed.Wire.Packets;

namespace Testbed.Capture.Recording;

/// <summary>One pcapng file being written. Digests what it writes as it writes it.</summary>
internal sealed class Segment
{
    private const int BufferBytes = 320 << 10;

    private readonly Stream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer;
    private readonly long _startNs;
    private int _used;

    public Segment(
        string fileName, Stream file, CaptureInterface capturedOn, string description, byte[] buffer,
        long openedAt, DateTimeOffset openedUtc)
    {
        FileName = fileName;
        OpenedAt = openedAt;
        _file = file;
        _buffer = buffer;
        _startNs = UnixNs(openedUtc);
        PcapNgBlocks blocks = new(_buffer);
        blocks.Section("testbed");
        blocks.Interface((int)capturedOn.LinkType, capturedOn.SnapLength, capturedOn.Name, description);
        Took(blocks.Length);
    }

    public string FileName { get; }
    /// <summary>By the recorder's <see cref="TimeProvider"/>, monotonic.</summary>
    public long OpenedAt { get; }
    public long Bytes { get; private set; }
    public long Packets { get; private set; }
    public long FirstNs { get; private set; }
    public long LastNs { get; private set; }

    /// <summary>Room for the largest frame, so that one buffer serves all segments of a recorder.</summary>
    public static byte[] NewBuffer() => GC.AllocateUninitializedArray<byte>(BufferBytes);

    public bool IsFullBefore(in PacketSlot slot, SegmentLimits limits) => Packets > 0
        && (Bytes + PcapNgBlocks.PacketOverhead + slot.CapturedLength > limits.Bytes
            || slot.TimestampNs - FirstNs >= limits.Age.Ticks * TimeSpan.NanosecondsPerTick);

    public void Write(ReadOnlySpan<byte> frame, in PacketSlot slot)
    {
        EnsureRoom(PcapNgBlocks.PacketOverhead + frame.Length + 3);
        PcapNgBlocks blocks = new(_buffer.AsSpan(_used));
        blocks.Packet(frame, slot.OriginalLength, slot.TimestampNs);
        Took(blocks.Length);
        FirstNs = Packets == 0 ? slot.TimestampNs : Math.Min(FirstNs, slot.TimestampNs);
        LastNs = Packets == 0 ? slot.TimestampNs : Math.Max(LastNs, slot.TimestampNs);
        Packets++;
    }

    /// <summary>Writes the statistics and closes the file: on the disc when this returns. Gives its SHA-256.</summary>
    public string Finish(in CaptureCounters counters, DateTimeOffset nowUtc)
    {
        EnsureRoom(PcapNgBlocks.OtherBlockMax);
        PcapNgBlocks blocks = new(_buffer.AsSpan(_used));
        blocks.Statistics(counters, _startNs, Math.Max(UnixNs(nowUtc), LastNs));
        Took(blocks.Length);
        Flush();
        _file.Dispose();
        using (_hash) return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    private void EnsureRoom(int bytes)
    {
        if (_buffer.Length - _used < bytes) Flush();
    }

    private void Took(int bytes)
    {
        _used += bytes;
        Bytes += bytes;
    }

    private void Flush()
    {
        ReadOnlySpan<byte> filled = _buffer.AsSpan(0, _used);
        _hash.AppendData(filled);
        _file.Write(filled);
        _used = 0;
    }

    private static long UnixNs(DateTimeOffset utc) => (utc - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
