using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Details.Traffic;

/// <summary>Sums of one row of a table, by direction.</summary>
internal sealed class TrafficRow<TKey>(TKey key)
{
    public struct Sums
    {
        public long Packets;
        public long Bytes;
        public long Matched;
        public long Lost;
    }

    private Sums _uplink;
    private Sums _downlink;

    public TKey Key { get; } = key;
    public long FirstNs { get; private set; } = long.MaxValue;
    public long LastNs { get; private set; } = long.MinValue;
    public long Bytes => _uplink.Bytes + _downlink.Bytes;
    public ref readonly Sums Uplink => ref _uplink;
    public ref readonly Sums Downlink => ref _downlink;

    public void Add(in FlowCell cell, bool isDown)
    {
        ref Sums sums = ref isDown ? ref _downlink : ref _uplink;
        sums.Packets += cell.Packets;
        sums.Bytes += cell.Bytes;
        sums.Matched += cell.Matched;
        sums.Lost += cell.Lost;
        FirstNs = Math.Min(FirstNs, cell.FirstNs);
        LastNs = Math.Max(LastNs, cell.LastNs);
    }
}

/// <summary>The row that a cell belongs to; false for none.</summary>
internal delegate bool RowKey<TKey>(int cell, out TKey key);

/// <summary>Adds cells up by a key and ranks the rows by bytes.</summary>
internal sealed class TrafficRows<TKey>
    where TKey : notnull
{
    private readonly FlowCells _cells;
    private readonly RowKey<TKey> _keyOf;
    private readonly Func<int, bool> _isDown;
    private readonly Dictionary<TKey, TrafficRow<TKey>> _rows = [];

    /// <param name="isDown">By cell; when null, what goes downlink is.</param>
    public TrafficRows(FlowCells cells, RowKey<TKey> keyOf, Func<int, bool>? isDown = null)
    {
        (_cells, _keyOf) = (cells, keyOf);
        _isDown = isDown ?? (cell => cells[cell].Direction is PacketDirection.Downlink);
        for (int cell = 0; cell < cells.Count; cell++)
        {
            if (!keyOf(cell, out TKey key)) continue;
            if (!_rows.TryGetValue(key, out TrafficRow<TKey>? row)) _rows[key] = row = new(key);
            row.Add(cells[cell], _isDown(cell));
        }
    }

    public int Count => _rows.Count;

    /// <summary>The first rows by bytes; of equal ones, the first by key.</summary>
    public ShownRows<TKey> Top(int top, IComparer<TKey>? order = null)
    {
        List<TrafficRow<TKey>> shown =
            [.. _rows.Values.OrderByDescending(row => row.Bytes).ThenBy(row => row.Key, order).Take(top)];
        Dictionary<TKey, int> places = [];
        for (int i = 0; i < shown.Count; i++) places[shown[i].Key] = i;
        int[] rowOf = new int[_cells.Count];
        for (int cell = 0; cell < rowOf.Length; cell++)
            rowOf[cell] = _keyOf(cell, out TKey key) && places.TryGetValue(key, out int place) ? place : -1;
        return new(_cells, shown, rowOf, _isDown);
    }
}

/// <summary>The rows of a table that are shown, with the delays of their pairs.</summary>
internal sealed class ShownRows<TKey>
{
    private readonly AnalysisContext _context;
    private readonly List<long>?[] _delays;

    /// <param name="rowOf">By cell; −1 for cells of rows that are not shown.</param>
    public ShownRows(FlowCells cells, IReadOnlyList<TrafficRow<TKey>> rows, int[] rowOf, Func<int, bool> isDown)
    {
        (_context, Rows, RowOf) = (cells.Context, rows, rowOf);
        _delays = new List<long>?[rows.Count * 2];
        if (!_context.HasBothSides || !FlowCells.AreDelaysUsable(_context)) return;
        for (int tap = 0; tap < _context.Taps.Count; tap++)
        {
            int[] cellOf = cells.CellOfRecord[tap];
            for (int i = 0; i < cellOf.Length; i++)
            {
                int partner = _context.Outcomes[tap].PartnerRecord[i];
                if (partner < 0 || cellOf[i] < 0 || rowOf[cellOf[i]] < 0) continue;
                int list = rowOf[cellOf[i]] * 2 + (isDown(cellOf[i]) ? 1 : 0);
                (_delays[list] ??= []).Add(Delay(tap, i, partner));
            }
        }
    }

    public IReadOnlyList<TrafficRow<TKey>> Rows { get; }
    public int[] RowOf { get; }

    public DirectionTraffic Uplink(int row) => Traffic(Rows[row].Uplink, _delays[row * 2]);

    public DirectionTraffic Downlink(int row) => Traffic(Rows[row].Downlink, _delays[row * 2 + 1]);

    private long Delay(int tap, int record, int partner)
    {
        ref PacketRecord onN3 = ref _context.Taps[tap].Records[record];
        long ns = _context.Taps[_context.Outcomes[tap].PartnerTap[record]].Records[partner].TimeNs - onN3.TimeNs;
        return onN3.Direction is PacketDirection.Downlink ? -ns : ns;
    }

    private DirectionTraffic Traffic(in TrafficRow<TKey>.Sums sums, List<long>? delays) => new(sums.Packets, sums.Bytes)
    {
        Matched = _context.HasBothSides ? sums.Matched : null,
        Lost = _context.HasBothSides ? sums.Lost : null,
        DelayNs = ExactDelays.Summary(delays),
    };
}
