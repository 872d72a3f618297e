using Testbed.Wire.Packets;

namespace Testbed.Wire.Files;

/// <summary>
/// What a file says that its interface received and lost since the capture began; null where it is silent.
/// </summary>
/// <param name="Interface">Index in the source's list of interfaces.</param>
public sealed record CaptureStatistics(
    int Interface, long? TimestampNs, ulong? Received, ulong? DroppedByInterface, ulong? DroppedByOs);

/// <summary>A captured frame in its source's buffer, valid until the next read.</summary>
public readonly ref struct CapturedFrame(
    ReadOnlySpan<byte> bytes, int originalLength, long timestampNs, int interfaceIndex)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;
    public int OriginalLength { get; } = originalLength;
    /// <summary>Nanoseconds since the Unix epoch; 0 in a block without a time.</summary>
    public long TimestampNs { get; } = timestampNs;
    public int Interface { get; } = interfaceIndex;
}

/// <summary>
/// A capture file as a source of frames. It never throws on damaged content: <see cref="Ending"/> says how it ended.
/// Reading errors of the disk pass through as <see cref="IOException"/>.
/// </summary>
public abstract class CaptureFileSource : IPacketSource
{
    /// <summary>Most bytes of one frame; libpcap's MAXIMUM_SNAPLEN.</summary>
    public const int FrameLengthMax = 256 * 1024;
    /// <summary>Most bytes of one pcapng block; Wireshark's bound as well.</summary>
    public const int BlockLengthMax = 16 * 1024 * 1024;
    /// <summary>Most interfaces of one file, over all sections.</summary>
    public const int InterfacesMax = 65_536;
    private readonly List<CaptureInterface> _interfaces = [];

    private protected CaptureFileSource(ReadAhead input) => Input = input;

    private protected ReadAhead Input { get; }
    public IReadOnlyList<CaptureInterface> Interfaces => _interfaces;
    public CaptureEnding Ending
    {
        get;
        // Compressed data that break off may do so right behind a whole block.
        private protected set => field = value.Kind is not CaptureEndingKind.CorruptBlock && Input.Damage is { } damage
            ? new(CaptureEndingKind.TruncatedBlock, value.Offset, damage) : value;
    }
    /// <summary>Frames handed out so far.</summary>
    public long FrameCount { get; private protected set; }
    /// <summary>Frames without a time stamp (pcapng simple packet blocks), handed out with time 0.</summary>
    public long UntimedCount { get; private protected set; }
    /// <summary>Latest statistics of each interface that has any; a classic pcap file has none.</summary>
    public virtual IReadOnlyCollection<CaptureStatistics> Statistics => [];
    /// <summary>Bytes of the file consumed so far.</summary>
    public long Position => Input.Offset;

    private protected int AddInterface(string name, LinkType linkType, long snapLength)
    {
        int snap = snapLength is <= 0 or > int.MaxValue ? 0 : (int)snapLength;
        _interfaces.Add(new(_interfaces.Count, name, linkType, snap));
        return _interfaces.Count - 1;
    }

    /// <summary>
    /// Shows the next frame without leaving it; false at the end, when <see cref="Ending"/> is set. The span is in
    /// the source's own buffer and is valid until <see cref="Leave"/> or the next read.
    /// </summary>
    private protected abstract bool TryPeek(out CapturedFrame frame);

    /// <summary>Leaves the frame that was peeked at.</summary>
    private protected abstract void Leave();

    /// <summary>
    /// Reads the next frame without copying it; false at the end. The span is valid until the next read.
    /// </summary>
    public bool TryRead(out CapturedFrame frame)
    {
        if (Ending.Kind is not CaptureEndingKind.NotYet || !TryPeek(out frame))
        {
            frame = default;
            return false;
        }
        FrameCount++;
        Leave();
        return true;
    }

    /// <summary>
    /// Reads up to <c>slots.Length</c> frames at once without copying them; 0 at the end. One virtual call a vector
    /// instead of two a frame: for consumers to whom a nanosecond a frame matters.
    /// </summary>
    /// <param name="slab">What the slots' offsets count from, valid until the next read.</param>
    public int ReadVector(Span<PacketSlot> slots, out ReadOnlySpan<byte> slab)
    {
        slab = default;
        if (slots.IsEmpty || Ending.Kind is not CaptureEndingKind.NotYet) return 0;
        int count = Scan(slots, out slab);
        if (count > 0) return count;
        // Whatever stopped the scan, a refill or a block of another kind, takes the long way.
        if (!TryPeek(out CapturedFrame frame)) return 0;
        slab = frame.Bytes;
        slots[0] = new(0, frame.Bytes.Length, frame.OriginalLength, frame.TimestampNs, frame.Interface, ++FrameCount);
        Leave();
        return 1;
    }

    /// <summary>
    /// Takes frames that lie whole in the buffer, as long as they are of the plain kind; any other thing it leaves to
    /// <see cref="TryPeek"/>. Counts them in <see cref="FrameCount"/>.
    /// </summary>
    private protected virtual int Scan(Span<PacketSlot> slots, out ReadOnlySpan<byte> slab)
    {
        slab = default;
        return 0;
    }

    public bool Fill(PacketBatch batch)
    {
        if (Ending.Kind is not CaptureEndingKind.NotYet) return false;
        while (!batch.IsFull)
        {
            if (!TryPeek(out CapturedFrame frame)) return false;
            if (!batch.TryAdd(
                frame.Bytes, frame.OriginalLength, frame.TimestampNs, frame.Interface, FrameCount + 1))
                return true;
            FrameCount++;
            Leave();
        }
        return true;
    }

    public void Dispose()
    {
        Input.Dispose();
        GC.SuppressFinalize(this);
    }
}
