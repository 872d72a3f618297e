using System.Numerics;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Meters.Sessions;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Details.Traffic;

/// <summary>Makes the tables of UEs, tunnels, QoS flows and data networks.</summary>
internal sealed class TrafficTables(FlowCells cells, int top)
{
    private const int Unmarked = -1;
    private readonly DnnBook _dnns = new(cells);

    private readonly record struct QosKey(int Qfi, PacketDirection Direction) : IComparable<QosKey>
    {
        public int CompareTo(QosKey other) => (Qfi, Direction).CompareTo((other.Qfi, other.Direction));
    }

    private readonly record struct TunnelRowKey(TunnelEnd End, PacketDirection Direction) : IComparable<TunnelRowKey>
    {
        public int CompareTo(TunnelRowKey other) => (End.Address, End.Teid, Direction).CompareTo(
            (other.End.Address, other.End.Teid, other.Direction));
    }

    public Ranked<UeDetail> Ues()
    {
        TrafficRows<HostAddress> all = new(cells, UeOf);
        ShownRows<HostAddress> shown = all.Top(top);
        SortedSet<DnnName>?[] dnns = new SortedSet<DnnName>?[shown.Rows.Count];
        foreach ((int cell, int row) in CellsOf(shown.RowOf))
            if (_dnns.Of(cell) is { } dnn) (dnns[row] ??= []).Add(dnn);
        return new([.. shown.Rows.Select((row, i) => new UeDetail(
            row.Key.ToString(), _dnns.SliceOf(row.Key), Names(dnns[i]), shown.Uplink(i), shown.Downlink(i),
            Time(row.FirstNs), Time(row.LastNs)))], all.Count);
    }

    public Ranked<TunnelDetail> Tunnels()
    {
        TrafficRows<TunnelRowKey> all = new(cells, TunnelOf, isDown: _ => false);
        ShownRows<TunnelRowKey> shown = all.Top(top);
        ulong[] qfis = new ulong[shown.Rows.Count];
        SortedSet<DnnName>?[] dnns = new SortedSet<DnnName>?[qfis.Length];
        List<HostAddress>[] firstUe = [.. qfis.Select(_ => new List<HostAddress>(1))];
        HashSet<HostAddress>[] ues = [.. qfis.Select(_ => new HashSet<HostAddress>())];
        foreach ((int cell, int row) in CellsOf(shown.RowOf))
        {
            if (cells[cell].Qfi != PacketRecord.NoQfi) qfis[row] |= 1UL << cells[cell].Qfi;
            if (_dnns.Of(cell) is { } dnn) (dnns[row] ??= []).Add(dnn);
            if (cells[cell].Ue.IsNone || !ues[row].Add(cells[cell].Ue)) continue;
            if (firstUe[row].Count == 0) firstUe[row].Add(cells[cell].Ue);
        }
        return new([.. shown.Rows.Select((row, i) => new TunnelDetail(
            row.Key.End.Address.ToString(), row.Key.End.Teid, Name(row.Key.Direction), Bits(qfis[i]),
            firstUe[i] is [var ue] ? ue.ToString() : null, ues[i].Count,
            firstUe[i] is [var first] ? _dnns.SliceOf(first) : null, Names(dnns[i]), shown.Uplink(i),
            Time(row.FirstNs), Time(row.LastNs)))], all.Count);
    }

    public Ranked<QosFlowDetail> QosFlows()
    {
        TrafficRows<QosKey> all = new(cells, QosOf, isDown: _ => false);
        ShownRows<QosKey> shown = all.Top(top);
        HashSet<TunnelEnd>[] tunnels = [.. shown.Rows.Select(_ => new HashSet<TunnelEnd>())];
        foreach ((int cell, int row) in CellsOf(shown.RowOf))
        {
            TunnelKey key = cells.TunnelOf(cells[cell]);
            tunnels[row].Add(new(key.Destination, key.Teid));
        }
        return new([.. shown.Rows.Select((row, i) => new QosFlowDetail(
            row.Key.Qfi == Unmarked ? null : row.Key.Qfi, Name(row.Key.Direction), tunnels[i].Count,
            shown.Uplink(i)))], all.Count);
    }

    public Ranked<DnnDetail> Dnns()
    {
        // The traffic of unknown networks is a row too, under an empty name.
        TrafficRows<DnnName> all = new(cells, DnnOf);
        ShownRows<DnnName> shown = all.Top(top);
        HashSet<HostAddress>[] ues = [.. shown.Rows.Select(_ => new HashSet<HostAddress>())];
        foreach ((int cell, int row) in CellsOf(shown.RowOf))
            if (!cells[cell].Ue.IsNone) ues[row].Add(cells[cell].Ue);
        return new([.. shown.Rows.Select((row, i) => new DnnDetail(
            row.Key.Name.Length == 0 ? null : row.Key.Name, row.Key.Source, ues[i].Count, shown.Uplink(i),
            shown.Downlink(i)))], all.Count);
    }

    public TrafficCount WithoutUe()
    {
        TrafficCount count = default;
        for (int cell = 0; cell < cells.Count; cell++)
            if (cells[cell].Ue.IsNone)
                count = new(count.Packets + cells[cell].Packets, count.Bytes + cells[cell].Bytes);
        return count;
    }

    private bool UeOf(int cell, out HostAddress ue)
    {
        ue = cells[cell].Ue;
        return !ue.IsNone;
    }

    private bool TunnelOf(int cell, out TunnelRowKey tunnel)
    {
        tunnel = default;
        if (cells[cell].Tunnel < 0) return false;
        TunnelKey key = cells.TunnelOf(cells[cell]);
        tunnel = new(new(key.Destination, key.Teid), cells[cell].Direction);
        return true;
    }

    private bool QosOf(int cell, out QosKey flow)
    {
        byte qfi = cells[cell].Qfi;
        flow = new(qfi == PacketRecord.NoQfi ? Unmarked : qfi, cells[cell].Direction);
        return cells[cell].Tunnel >= 0;
    }

    private bool DnnOf(int cell, out DnnName dnn)
    {
        dnn = _dnns.Of(cell) ?? new("", "");
        return cells[cell].Direction is not PacketDirection.Unknown;
    }

    private static IEnumerable<(int Cell, int Row)> CellsOf(int[] rowOf)
    {
        for (int cell = 0; cell < rowOf.Length; cell++)
            if (rowOf[cell] >= 0) yield return (cell, rowOf[cell]);
    }

    internal static string Name(PacketDirection direction) => direction switch
    {
        PacketDirection.Uplink => "uplink",
        PacketDirection.Downlink => "downlink",
        _ => "unknown",
    };

    /// <summary>0 where no packet had a time.</summary>
    internal static long Time(long ns) => ns is long.MaxValue or long.MinValue ? 0 : ns;

    private static string? Names(SortedSet<DnnName>? dnns) =>
        dnns is null ? null : string.Join('/', dnns.Select(dnn => dnn.Name).Distinct());

    private static int[] Bits(ulong mask)
    {
        int[] bits = new int[BitOperations.PopCount(mask)];
        for (int i = 0; mask != 0; mask &= mask - 1) bits[i++] = BitOperations.TrailingZeroCount(mask);
        return bits;
    }
}
