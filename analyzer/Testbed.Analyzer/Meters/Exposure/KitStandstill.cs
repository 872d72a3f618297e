using Testbed.Analyzer.Meters.Records;

namespace Testbed.Analyzer.Meters.Exposure;

/// <summary>When the kits at the ends of a test flow stood still, as they themselves recorded it.</summary>
internal sealed class KitStandstill
{
    public static readonly KitStandstill None = new([]);

    /// <summary>By time; none overlaps another.</summary>
    private readonly List<(long FromNs, long ToNs)> _stalls = [];

    private KitStandstill(IEnumerable<(long FromNs, long ToNs)> stalls)
    {
        foreach ((long from, long to) in stalls.OrderBy(each => each.FromNs))
        {
            if (_stalls.Count > 0 && from <= _stalls[^1].ToNs)
                _stalls[^1] = (_stalls[^1].FromNs, Math.Max(_stalls[^1].ToNs, to));
            else _stalls.Add((from, to));
        }
    }

    /// <exception cref="RecordFormatException">A file is no record of standstills.</exception>
    public static KitStandstill Read(IReadOnlyList<string> paths)
    {
        List<(long, long)> stalls = [];
        foreach (RecordTable table in paths.Select(RecordTable.Read))
        {
            int from = table.Column("fromNs"), to = table.Column("toNs");
            for (int i = 0; i < table.Rows.Count; i++) stalls.Add((table.Number(i, from), table.Number(i, to)));
        }
        return new(stalls);
    }

    /// <summary>For how long within a window, ns.</summary>
    public long Within(long fromNs, long toNs)
    {
        long sum = 0;
        foreach ((long from, long to) in _stalls)
            sum += Math.Max(0, Math.Min(to, toNs) - Math.Max(from, fromNs));
        return sum;
    }
}
