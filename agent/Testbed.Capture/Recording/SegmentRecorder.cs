using Testbed.Wire.Packets;

namespace Testbed.Capture.Recording;

/// <summary>
/// Writes batches as pcapng segments <c>{prefix}-0000.pcapng</c>, <c>-0001</c>, …; each is a file on its own, ends with
/// an interface statistics block and is sealed in its chain. One thread at a time.
/// </summary>
/// <param name="prefix">Of file names, e.g. <c>n3-n3u</c>.</param>
/// <param name="description">Of the interface, for people who open a segment.</param>
/// <param name="counters">What the capture has kept and lost so far; asked at each segment's end.</param>
public sealed class SegmentRecorder(
    string prefix, string description, CaptureInterface capturedOn, ISegmentStore store,
    Func<CaptureCounters> counters, SegmentLimits limits, TimeProvider time) : IDisposable
{
    private CaptureCounters _atLastSeal;
    private Segment? _segment;
    private int _nextSeq;
    private long _firstNs, _lastNs;
    private long _packets;

    /// <summary>Takes the frames of a batch, and time that has passed when it is empty.</summary>
    /// <exception cref="IOException">The store did not take it; nothing more can be recorded.</exception>
    public void Write(PacketBatch batch)
    {
        ReadOnlySpan<byte> slab = batch.Slab;
        foreach (ref readonly PacketSlot slot in batch.Slots)
        {
            if (_segment is { } full && full.IsFullBefore(slot, limits)) Seal(full);
            Segment segment = _segment ??= Open();
            segment.Write(slab.Slice(slot.Offset, slot.CapturedLength), slot);
            _firstNs = _packets == 0 ? slot.TimestampNs : Math.Min(_firstNs, slot.TimestampNs);
            _lastNs = _packets == 0 ? slot.TimestampNs : Math.Max(_lastNs, slot.TimestampNs);
            _packets++;
        }
        // A quiet tap's last frames must not wait for the next one. An empty segment promises nothing and may wait.
        if (_segment is { Packets: > 0 } old && time.GetElapsedTime(old.OpenedAt) >= limits.Age) Seal(old);
    }

    /// <summary>Seals what is open. A capture without a frame still leaves a segment, to show it was there.</summary>
    public void Close()
    {
        if (_segment is null && _nextSeq == 0) _segment = Open();
        if (_segment is { } last) Seal(last);
    }

    public RecordingSummary Summary(CaptureCounters atEnd, CaptureException? failure) =>
        new(atEnd, _nextSeq, _firstNs, _lastNs, failure);

    /// <summary>Lets go of a segment that could not be sealed; it is no evidence.</summary>
    public void Dispose()
    {
        try
        {
            _segment?.Dispose();
        }
        catch (IOException)
        {
            // Whoever wrote has been told already.
        }
    }

    private Segment Open()
    {
        string fileName = $"{prefix}-{_nextSeq:0000}.pcapng";
        Stream file = store.Create(fileName);
        if (store.NeedsDigests) file = new DigestingStream(file);
        return new(fileName, file, capturedOn, description, time.GetTimestamp());
    }

    private void Seal(Segment segment)
    {
        CaptureCounters now = counters();
        string sha256 = segment.Finish(now, time.GetUtcNow());
        store.Seal(new(segment.FileName, _nextSeq, sha256, segment.Bytes, segment.Packets,
            now.OsDropped - _atLastSeal.OsDropped, now.InterfaceDropped - _atLastSeal.InterfaceDropped,
            segment.FirstNs, segment.LastNs));
        segment.Dispose();
        _segment = null;
        _atLastSeal = now;
        _nextSeq++;
    }
}
