using System.Runtime.InteropServices;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Matching.Losses;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Details.Traffic;

/// <summary>Packets of one inner flow in one tunnel, QoS flow and direction at one tap.</summary>
internal struct FlowCell
{
    public int Tap;
    /// <summary>Place in the tap's table of flows, or <see cref="PacketRecord.None"/>.</summary>
    public int Flow;
    /// <summary>Place in the tap's table of tunnels, or <see cref="PacketRecord.None"/>.</summary>
    public int Tunnel;
    public byte Qfi;
    public PacketDirection Direction;
    /// <summary>The UE's address; "none" where nothing tells it.</summary>
    public HostAddress Ue;
    public long Packets;
    public long Bytes;
    public long Matched;
    public long Lost;
    public long FirstNs;
    public long LastNs;
}

/// <summary>
/// All packets of one reference point, added up as finely as any table of details wants them: N3, or N6 where no tap
/// stands at N3. Tables then add up cells instead of packets.
/// </summary>
internal sealed class FlowCells
{
    private readonly record struct CellKey(int Tap, int Flow, int Tunnel, byte Qfi, PacketDirection Direction);

    private readonly AnalysisContext _context;
    private readonly List<FlowCell> _cells = [];
    private readonly Dictionary<CellKey, int> _places = [];

    public FlowCells(AnalysisContext context)
    {
        _context = context;
        Kind = context.HasN3 ? RecordKind.Gpdu : RecordKind.Plain;
        CellOfRecord = new int[context.Taps.Count][];
        for (int tap = 0; tap < context.Taps.Count; tap++)
            CellOfRecord[tap] = IsAtPoint(context.Taps[tap]) ? Gather(tap) : [];
        if (context.HasBothSides) PlaceDownlinkLosses();
    }

    /// <summary>What the records of the point are.</summary>
    public RecordKind Kind { get; }
    public AnalysisContext Context => _context;
    public int Count => _cells.Count;
    public ref readonly FlowCell this[int cell] => ref CollectionsMarshal.AsSpan(_cells)[cell];
    /// <summary>By tap and record; −1 for records that are none of the point's.</summary>
    public int[][] CellOfRecord { get; }
    /// <summary>Downlink losses of flows that never reached N3.</summary>
    public long LostBeforeAnyTunnel { get; private set; }

    /// <summary>Where the clocks of both sides disagree, no one-way delay is true.</summary>
    public static bool AreDelaysUsable(AnalysisContext context) => context.Matcher is not { ClocksDisagree: true };

    public FlowKey FlowOf(in FlowCell cell) => _context.Taps[cell.Tap].Decoder.Flows[cell.Flow];
    public TunnelKey TunnelOf(in FlowCell cell) => _context.Taps[cell.Tap].Decoder.Tunnels[cell.Tunnel];

    private bool IsAtPoint(TapCapture tap) =>
        tap.Role is TapRole.Both || tap.Role is TapRole.N3 == Kind is RecordKind.Gpdu;

    private int[] Gather(int tap)
    {
        TapCapture capture = _context.Taps[tap];
        int[] cellOf = new int[capture.Records.Count];
        // A flow seldom changes its tunnel: the last cell is nearly always the right one.
        int[] lastOfFlow = new int[capture.Decoder.Flows.Count];
        Array.Fill(lastOfFlow, -1);
        for (int i = 0; i < cellOf.Length; i++)
        {
            ref PacketRecord record = ref capture.Records[i];
            cellOf[i] = -1;
            if (record.Kind != Kind) continue;
            int at = record.Flow >= 0 ? lastOfFlow[record.Flow] : -1;
            if (at < 0 || !IsOf(_cells[at], record)) at = Find(tap, record);
            if (record.Flow >= 0) lastOfFlow[record.Flow] = at;
            cellOf[i] = at;
            ref FlowCell cell = ref CollectionsMarshal.AsSpan(_cells)[at];
            cell.Packets++;
            cell.Bytes += record.InnerLength;
            if (record.TimeNs > 0)
                (cell.FirstNs, cell.LastNs) =
                    (Math.Min(cell.FirstNs, record.TimeNs), Math.Max(cell.LastNs, record.TimeNs));
            if (_context.Outcomes[tap].PartnerRecord[i] >= 0) cell.Matched++;
            else if (_context.Reasons[tap][i] is UnmatchedReason.Lost) cell.Lost++;
        }
        return cellOf;
    }

    private static bool IsOf(in FlowCell cell, in PacketRecord record) =>
        cell.Tunnel == record.Tunnel && cell.Qfi == record.Qfi && cell.Direction == record.Direction;

    private int Find(int tap, in PacketRecord record)
    {
        CellKey key = new(tap, record.Flow, record.Tunnel, record.Qfi, record.Direction);
        if (_places.TryGetValue(key, out int place)) return place;
        HostAddress ue = record.Flow >= 0 && record.Direction is not PacketDirection.Unknown
            ? AnalysisContext.UeOf(_context.Taps[tap].Flow(record), record.Direction) : default;
        return _places[key] = Add(key, ue);
    }

    private int Add(CellKey key, HostAddress ue)
    {
        _cells.Add(new()
        {
            Tap = key.Tap, Flow = key.Flow, Tunnel = key.Tunnel, Qfi = key.Qfi, Direction = key.Direction, Ue = ue,
            FirstNs = long.MaxValue, LastNs = long.MinValue,
        });
        return _cells.Count - 1;
    }

    // A packet that got lost on its way down was seen on N6 only, often under a translated address. The other packets
    // of its flow tell whose it was.
    private void PlaceDownlinkLosses()
    {
        TranslatedEnds ends = new(_context);
        for (int tap = 0; tap < _context.Taps.Count; tap++)
        {
            TapCapture capture = _context.Taps[tap];
            if (capture.Role is TapRole.N3) continue;
            int[] cellOfFlow = CellsOfFlows(tap);
            for (int i = 0; i < capture.Records.Count; i++)
            {
                ref PacketRecord record = ref capture.Records[i];
                if (record.Kind is not RecordKind.Plain || record.Direction is not PacketDirection.Downlink
                    || _context.Outcomes[tap].PartnerRecord[i] >= 0
                    || _context.Reasons[tap][i] is not UnmatchedReason.Lost) continue;
                ref int at = ref cellOfFlow[record.Flow];
                if (at < 0)
                    at = Add(new(tap, record.Flow, PacketRecord.None, PacketRecord.NoQfi, record.Direction),
                        ends.UeOf(capture.Flow(record), record.Direction));
                ref FlowCell cell = ref CollectionsMarshal.AsSpan(_cells)[at];
                if (cell.Tunnel < 0) LostBeforeAnyTunnel++;
                cell.Lost++;
                (cell.FirstNs, cell.LastNs) =
                    (Math.Min(cell.FirstNs, record.TimeNs), Math.Max(cell.LastNs, record.TimeNs));
            }
        }
    }

    /// <summary>By N6 flow: the cell of its latest packet that was seen on N3 too; −1 without one.</summary>
    private int[] CellsOfFlows(int tap)
    {
        RecordStore records = _context.Taps[tap].Records;
        int[] cells = new int[_context.Taps[tap].Decoder.Flows.Count];
        Array.Fill(cells, -1);
        for (int i = 0; i < records.Count; i++)
        {
            int partner = _context.Outcomes[tap].PartnerRecord[i];
            if (partner < 0 || records[i].Kind is not RecordKind.Plain) continue;
            cells[records[i].Flow] = CellOfRecord[_context.Outcomes[tap].PartnerTap[i]][partner];
        }
        return cells;
    }
}
