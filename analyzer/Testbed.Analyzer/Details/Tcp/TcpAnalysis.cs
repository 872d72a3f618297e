using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Details.Traffic;

namespace Testbed.Analyzer.Details.Tcp;

/// <summary>Goes through every TCP conversation of the point, one after the other.</summary>
internal sealed class TcpAnalysis
{
    /// <summary>A conversation with what it came to.</summary>
    private readonly record struct Ranking(int Conversation, TcpFlowFigures Figures, string FirstEvidence);

    private readonly AnalysisContext _context;
    private readonly FlowCells _cells;
    private readonly SegmentIndex _index;
    private readonly TcpTotals _totals = new();
    private readonly PriorityQueue<Ranking, (long, int)> _most = new();
    private readonly Dictionary<Conversation, TcpFlowFigures?> _wanted = [];
    private readonly int _top;
    private long _retransmitting;

    /// <param name="wanted">Conversations of which the figures are asked for.</param>
    public TcpAnalysis(FlowCells cells, int top, IEnumerable<Conversation> wanted)
    {
        (_context, _cells, _top) = (cells.Context, cells, top);
        _index = new(cells);
        foreach (Conversation ends in wanted) _wanted[ends] = null;
        TcpConversation conversation = new(_context.Taps, _totals);
        for (int i = 0; i < _index.Count; i++) Analyze(conversation, i);
    }

    /// <summary>Null where the conversation is not TCP's or was not asked for.</summary>
    public TcpFlowFigures? Of(Conversation conversation) => _wanted.GetValueOrDefault(conversation);

    public TcpDetails Details()
    {
        List<Ranking> shown = [];
        while (_most.TryDequeue(out Ranking ranking, out _)) shown.Add(ranking);
        shown.Reverse();
        return new()
        {
            Flows = _index.Count,
            Segments = _totals.Segments,
            Copies = _totals.Copies,
            Fragments = _index.Fragments,
            OpenedByUe = _totals.OpenedBy(PacketDirection.Uplink).ToDetail(),
            OpenedByNetwork = _totals.OpenedBy(PacketDirection.Downlink).ToDetail(),
            OpenedByUnknown = _totals.OpenedBy(PacketDirection.Unknown).ToDetail(),
            Uplink = _totals.Of(PacketDirection.Uplink).ToDetail(),
            Downlink = _totals.Of(PacketDirection.Downlink).ToDetail(),
            UnknownDirection = _totals.Of(PacketDirection.Unknown).ToDetail(),
            Retransmitting = new([.. shown.Select(Detail)], _retransmitting),
        };
    }

    private TcpFlowDetail Detail(Ranking ranking)
    {
        Conversation ends = _index[ranking.Conversation];
        return new(
            ends.Near.ToString(), ends.NearPort, ends.Far.ToString(), ends.FarPort, ends.IsDirectionKnown,
            ranking.Figures, ranking.FirstEvidence);
    }

    private void Analyze(TcpConversation conversation, int place)
    {
        ReadOnlySpan<SegmentPlace> segments = _index.Of(place);
        conversation.Begin();
        for (int i = 0; i < segments.Length; i++)
        {
            int cell = _cells.CellOfRecord[segments[i].Tap][segments[i].Record];
            conversation.Add(segments, i, _index.IsFromNear[cell] ? 0 : 1);
        }
        TcpFlowFigures figures = conversation.Figures;
        if (_wanted.ContainsKey(_index[place])) _wanted[_index[place]] = figures;
        long retransmissions = figures.UplinkRetransmissions + figures.DownlinkRetransmissions;
        if (retransmissions == 0) return;
        _retransmitting++;
        // The last of equals goes first, so that the list does not depend on how many there are.
        _most.Enqueue(new(place, figures, Evidence(conversation.FirstRetransmission)), (retransmissions, -place));
        if (_most.Count > _top) _most.Dequeue();
    }

    private string Evidence(SegmentPlace place) =>
        _context.Taps[place.Tap].Evidence(_context.Taps[place.Tap].Records[place.Record]);
}
