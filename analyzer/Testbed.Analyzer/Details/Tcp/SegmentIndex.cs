using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Details.Traffic;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Details.Tcp;

/// <summary>One TCP segment's record.</summary>
internal readonly record struct SegmentPlace(int Tap, int Record);

/// <summary>The TCP segments of the point, by conversation and, within it, by time.</summary>
internal sealed class SegmentIndex
{
    private readonly List<Conversation> _conversations = [];
    private readonly Dictionary<Conversation, int> _places = [];
    private readonly SegmentPlace[] _segments;
    private readonly int[] _starts;

    public SegmentIndex(FlowCells cells)
    {
        int[] conversationOf = new int[cells.Count];
        IsFromNear = new bool[cells.Count];
        for (int cell = 0; cell < cells.Count; cell++) conversationOf[cell] = Find(cells, cell);
        _starts = new int[_conversations.Count + 1];
        foreach ((_, _, int conversation) in Segments(cells, conversationOf, inOrder: false))
            _starts[conversation + 1]++;
        for (int i = 0; i < _conversations.Count; i++) _starts[i + 1] += _starts[i];
        _segments = new SegmentPlace[_starts[^1]];
        int[] at = _starts[..^1];
        foreach ((int tap, int record, int conversation) in Segments(cells, conversationOf, inOrder: true))
            _segments[at[conversation]++] = new(tap, record);
        if (cells.CellOfRecord.Count(cellOf => cellOf.Length > 0) > 1) Merge(cells.Context.Taps);
    }

    public int Count => _conversations.Count;
    /// <summary>Segments in IP fragments, left out.</summary>
    public long Fragments { get; private set; }
    /// <summary>By cell: whether it goes from the conversation's first end.</summary>
    public bool[] IsFromNear { get; }
    public Conversation this[int conversation] => _conversations[conversation];

    public ReadOnlySpan<SegmentPlace> Of(int conversation) =>
        _segments.AsSpan(_starts[conversation], _starts[conversation + 1] - _starts[conversation]);

    private int Find(FlowCells cells, int cell)
    {
        if (cells[cell].Flow < 0) return -1;
        FlowKey flow = cells.FlowOf(cells[cell]);
        if (flow.Protocol != IpProtocol.Tcp || (flow.SourcePort == 0 && flow.DestinationPort == 0)) return -1;
        Conversation conversation = Conversation.Of(flow, cells[cell].Direction, out IsFromNear[cell]);
        if (_places.TryGetValue(conversation, out int place)) return place;
        _conversations.Add(conversation);
        return _places[conversation] = _conversations.Count - 1;
    }

    private IEnumerable<(int Tap, int Record, int Conversation)> Segments(
        FlowCells cells, int[] conversationOf, bool inOrder)
    {
        Fragments = 0;
        for (int tap = 0; tap < cells.CellOfRecord.Length; tap++)
        {
            int[] cellOf = cells.CellOfRecord[tap];
            if (cellOf.Length == 0) continue;
            RecordStore records = cells.Context.Taps[tap].Records;
            int[]? order = inOrder && !cells.Context.Taps[tap].IsSorted ? cells.Context.InTimeOrder(tap) : null;
            for (int i = 0; i < cellOf.Length; i++)
            {
                int at = order is null ? i : order[i];
                if (cellOf[at] < 0 || conversationOf[cellOf[at]] is not (>= 0 and int conversation)) continue;
                if ((records[at].Flags & RecordFlags.InnerFragment) != 0) Fragments++;
                else yield return (tap, at, conversation);
            }
        }
    }

    private void Merge(IReadOnlyList<TapCapture> taps)
    {
        for (int i = 0; i < _conversations.Count; i++)
            _segments.AsSpan(_starts[i], _starts[i + 1] - _starts[i]).Sort((a, b) =>
            {
                int order = taps[a.Tap].Records[a.Record].TimeNs.CompareTo(taps[b.Tap].Records[b.Record].TimeNs);
                return order != 0 ? order : a.Tap != b.Tap ? a.Tap.CompareTo(b.Tap) : a.Record.CompareTo(b.Record);
            });
    }
}
