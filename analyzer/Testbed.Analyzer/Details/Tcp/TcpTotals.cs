using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Details.Tcp;

/// <summary>Sums over all conversations.</summary>
internal sealed class TcpTotals
{
    private readonly OpeningCount[] _openings = [new(), new(), new()];
    private readonly SegmentCount[] _directions = [new(), new(), new()];

    /// <summary>Segments, copies left out.</summary>
    public long Segments { get; set; }
    public long Copies { get; set; }

    public SegmentCount Of(PacketDirection direction) => _directions[(int)direction];

    public OpeningCount OpenedBy(PacketDirection direction) => _openings[(int)direction];
}

/// <summary>Openings by one side.</summary>
internal sealed class OpeningCount
{
    public long Opened { get; set; }
    public long Answered { get; set; }
    public long Ambiguous { get; set; }
    public List<long> ServerSideNs { get; } = [];
    public List<long> ClientSideNs { get; } = [];

    public TcpHandshakes ToDetail() => new(
        Opened, Answered, Ambiguous, ExactDelays.Summary(ServerSideNs), ExactDelays.Summary(ClientSideNs));
}

/// <summary>Segments of one direction.</summary>
internal sealed class SegmentCount
{
    private readonly long[] _byFate = new long[Enum.GetValues<SegmentFate>().Max(fate => (int)fate) + 1];
    private long _dataSegments;
    private long _dataBytes;
    private long _seenBeforeBytes;

    public long SynAgain { get; set; }

    public void Add(SegmentFate fate, int payloadLength, int bytesSeenBefore)
    {
        _byFate[(int)fate]++;
        if (fate is SegmentFate.SeenBefore) _seenBeforeBytes += bytesSeenBefore;
        if (payloadLength == 0) return;
        _dataSegments++;
        _dataBytes += payloadLength;
    }

    public TcpDirection ToDetail() => new()
    {
        DataSegments = _dataSegments,
        DataBytes = _dataBytes,
        SeenBefore = _byFate[(int)SegmentFate.SeenBefore],
        SeenBeforeBytes = _seenBeforeBytes,
        LostBeforeTap = _byFate[(int)SegmentFate.LostBeforeTap],
        SynAgain = SynAgain,
        OutOfOrder = _byFate[(int)SegmentFate.OutOfOrder],
        KeepAlives = _byFate[(int)SegmentFate.KeepAlive],
        Undecided = _byFate[(int)SegmentFate.Undecided],
    };
}
