using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Details.Tcp;

namespace Testbed.Analyzer.Details.Traffic;

/// <summary>The conversations that moved most bytes.</summary>
internal sealed class FlowRows
{
    private readonly FlowCells _cells;
    private readonly TrafficRows<Conversation> _all;
    private readonly ShownRows<Conversation> _shown;

    public FlowRows(FlowCells cells, int top)
    {
        _cells = cells;
        _all = new(cells, Ends, cell => !IsFromNear(cell));
        _shown = _all.Top(top);
    }

    public IEnumerable<Conversation> Shown => _shown.Rows.Select(row => row.Key);

    public Ranked<FlowDetail> Details(TcpAnalysis tcp) => new(
        [.. _shown.Rows.Select((row, i) => new FlowDetail(
            row.Key.Near.ToString(), row.Key.NearPort, row.Key.Far.ToString(), row.Key.FarPort, row.Key.Protocol,
            row.Key.IsDirectionKnown, _shown.Uplink(i), _shown.Downlink(i), TrafficTables.Time(row.FirstNs),
            TrafficTables.Time(row.LastNs)) { Tcp = tcp.Of(row.Key) })],
        _all.Count);

    // The name under which the UE's packets stand on N3; a lost one was seen under N6's.
    private bool Ends(int cell, out Conversation ends)
    {
        ends = default;
        if (_cells[cell].Flow < 0) return false;
        ends = Conversation.Of(_cells.FlowOf(_cells[cell]), _cells[cell].Direction, out _);
        return true;
    }

    private bool IsFromNear(int cell)
    {
        FlowKey flow = _cells.FlowOf(_cells[cell]);
        Conversation.Of(flow, _cells[cell].Direction, out bool fromNear);
        return fromNear;
    }
}
