using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Capture.Recording;

/// <summary>One pcapng file being written, digested as it is written where its stream does that.</summary>
internal sealed class Segment : IDisposable
{
    // An enhanced packet block's head and tail, and at most three bytes of padding (draft-ietf-opsawg-pcapng §4.3).
    private const int FrameOverhead = 35;
    // Kept free for the statistics block at the end: 3 counters, an end of options, and what every block has (§4.6).
    private const int StatisticsLength = 64;

    private readonly Stream _file;
    // Never disposed of: that would flush once more, into a file that may have failed.
    private readonly PcapNgWriter _writer;

    public Segment(string fileName, Stream file, CaptureInterface capturedOn, string description, long openedAt)
    {
        FileName = fileName;
        OpenedAt = openedAt;
        _file = file;
        _writer = new(_file, leaveOpen: true);
        _writer.AddInterface(capturedOn.Name, capturedOn.LinkType, capturedOn.SnapLength, description);
    }

    public string FileName { get; }
    /// <summary>By the recorder's <see cref="TimeProvider"/>, monotonic.</summary>
    public long OpenedAt { get; }
    public long Bytes => _writer.Length;
    public long Packets => _writer.PacketCount;
    public long FirstNs { get; private set; }
    public long LastNs { get; private set; }

    public bool IsFullBefore(in PacketSlot slot, SegmentLimits limits) => Packets > 0
        && (Bytes + FrameOverhead + slot.CapturedLength + StatisticsLength > limits.Bytes
            || slot.TimestampNs - FirstNs >= limits.Age.Ticks * TimeSpan.NanosecondsPerTick);

    public void Write(ReadOnlySpan<byte> frame, in PacketSlot slot)
    {
        FirstNs = Packets == 0 ? slot.TimestampNs : Math.Min(FirstNs, slot.TimestampNs);
        LastNs = Packets == 0 ? slot.TimestampNs : Math.Max(LastNs, slot.TimestampNs);
        _writer.WriteFrame(0, slot.TimestampNs, slot.OriginalLength, frame);
    }

    /// <summary>
    /// Writes the statistics and closes the file: on the disc when this returns. Gives its SHA-256 if it was taken.
    /// </summary>
    public string Finish(in CaptureCounters counters, DateTimeOffset nowUtc)
    {
        long nowNs = (nowUtc - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        _writer.WriteStatistics(0, Math.Max(nowNs, LastNs), (ulong)counters.Received,
            counters.InterfaceCountersKnown ? (ulong)counters.InterfaceDropped : null, (ulong)counters.OsDropped);
        _writer.Flush();
        string sha256 = (_file as DigestingStream)?.DigestHex() ?? "";
        _file.Dispose();
        return sha256;
    }

    /// <summary>Lets go of the file; what <see cref="Finish"/> did not bring to the disc is no evidence.</summary>
    public void Dispose() => _file.Dispose();
}
