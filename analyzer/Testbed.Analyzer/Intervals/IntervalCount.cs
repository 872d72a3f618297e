using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Details;
using Testbed.Analyzer.Details.Traffic;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Matching.Losses;
using Testbed.Analyzer.Meters;
using Testbed.Analyzer.Meters.Provenance;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Intervals;

/// <summary>Adds packets up by interval, direction and slice.</summary>
internal sealed class IntervalCount
{
    private const int StepsMax = 100_000;
    /// <summary>What belongs to no slice counts in all traffic only.</summary>
    private const int All = SliceMap.Unknown;

    private sealed class Sums
    {
        public TrafficCount N3;
        public TrafficCount N6;
        public long Matched;
        public long Lost;
        public readonly List<long> DelaysNs = [];
    }

    private readonly AnalysisContext _context;
    private readonly TranslatedEnds _ends;
    private readonly Dictionary<(int Step, PacketDirection, int Slice), Sums> _sums = [];
    private readonly SortedSet<int> _slices = [];
    private readonly List<PacketDirection> _directions = [.. Figures.Directions];
    private readonly bool _areDelaysUsable;
    private readonly long _startNs;

    public IntervalCount(AnalysisContext context)
    {
        (_context, _ends, _areDelaysUsable) = (context, new(context), FlowCells.AreDelaysUsable(context));
        (long firstNs, long lastNs) = Ends();
        StepNs = context.Request.Options.SeriesStepNs;
        while (lastNs / StepNs - firstNs / StepNs >= StepsMax) StepNs *= 2;
        _startNs = firstNs / StepNs * StepNs;
        Steps = lastNs < firstNs ? 0 : (int)((lastNs - _startNs) / StepNs) + 1;
        for (int tap = 0; tap < context.Taps.Count; tap++) AddTap(tap);
        if (_sums.Keys.Any(key => key.Item2 is PacketDirection.Unknown)) _directions.Add(PacketDirection.Unknown);
    }

    public long StepNs { get; }
    public int Steps { get; }

    public IEnumerable<IntervalRow> Rows(int step)
    {
        foreach (PacketDirection direction in _directions)
        {
            yield return Row(step, direction, All);
            foreach (int slice in _slices) yield return Row(step, direction, slice);
        }
    }

    private IntervalRow Row(int step, PacketDirection direction, int slice)
    {
        Sums sums = _sums.GetValueOrDefault((step, direction, slice)) ?? new();
        bool hasBoth = _context.HasBothSides && direction is not PacketDirection.Unknown;
        return new(
            _startNs + step * StepNs, TrafficTables.Name(direction), slice == All ? null : _context.Slices.Name(slice))
        {
            N3 = _context.HasN3 ? sums.N3 : null,
            N6 = _context.HasN6 ? sums.N6 : null,
            Matched = hasBoth ? sums.Matched : null,
            Lost = hasBoth ? sums.Lost : null,
            DelayNs = ExactDelays.Summary(sums.DelaysNs),
        };
    }

    // Of packets that count and have a time.
    private (long FirstNs, long LastNs) Ends()
    {
        long first = long.MaxValue, last = 0;
        foreach (TapCapture tap in _context.Taps)
        {
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (!IsCounted(record)) continue;
                (first, last) = (Math.Min(first, record.TimeNs), Math.Max(last, record.TimeNs));
            }
        }
        return (first, last);
    }

    private static bool IsCounted(in PacketRecord record) =>
        record.Kind is RecordKind.Gpdu or RecordKind.Plain && record.TimeNs > 0;

    private void AddTap(int tap)
    {
        TapCapture capture = _context.Taps[tap];
        TapOutcome outcome = _context.Outcomes[tap];
        for (int i = 0; i < capture.Records.Count; i++)
        {
            ref PacketRecord record = ref capture.Records[i];
            if (!IsCounted(record)) continue;
            int slice = Slice(tap, i, record);
            Add(Of(record.TimeNs, record.Direction, All), record);
            if (slice != SliceMap.Unknown) Add(Of(record.TimeNs, record.Direction, slice), record);
            bool isLost = outcome.PartnerRecord[i] < 0 && _context.Reasons[tap][i] is UnmatchedReason.Lost;
            if (isLost) AddCrossing(record.TimeNs, record.Direction, slice, null);
            // Every pair once, at its N3 side.
            else if (outcome.PartnerRecord[i] >= 0 && record.Kind is RecordKind.Gpdu)
            {
                long otherNs = _context.Taps[outcome.PartnerTap[i]].Records[outcome.PartnerRecord[i]].TimeNs;
                bool isDown = record.Direction is PacketDirection.Downlink;
                AddCrossing(isDown ? otherNs : record.TimeNs, record.Direction, slice,
                    isDown ? record.TimeNs - otherNs : otherNs - record.TimeNs);
            }
        }
    }

    private static void Add(Sums sums, in PacketRecord record)
    {
        ref TrafficCount count = ref record.Kind is RecordKind.Gpdu ? ref sums.N3 : ref sums.N6;
        count = new(count.Packets + 1, count.Bytes + record.InnerLength);
    }

    private void AddCrossing(long entryNs, PacketDirection direction, int slice, long? delayNs)
    {
        foreach (int scope in (ReadOnlySpan<int>)(slice == SliceMap.Unknown ? [All] : [All, slice]))
        {
            Sums sums = Of(entryNs, direction, scope);
            if (delayNs is null) sums.Lost++;
            else sums.Matched++;
            if (delayNs is { } ns && _areDelaysUsable) sums.DelaysNs.Add(ns);
        }
    }

    private Sums Of(long timeNs, PacketDirection direction, int slice)
    {
        if (slice != All) _slices.Add(slice);
        (int, PacketDirection, int) key = ((int)((timeNs - _startNs) / StepNs), direction, slice);
        if (!_sums.TryGetValue(key, out Sums? sums)) _sums[key] = sums = new();
        return sums;
    }

    // On N6 a UE may stand under another address; its packet's twin, or its flow's, tells which it is.
    private int Slice(int tap, int index, in PacketRecord record)
    {
        if (_context.Slices.Count == 0 || record.Flow < 0 || record.Direction is PacketDirection.Unknown)
            return SliceMap.Unknown;
        FlowKey flow = _context.Taps[tap].Flow(record);
        HostAddress ue = record.Kind is RecordKind.Gpdu
            ? AnalysisContext.UeOf(flow, record.Direction) : PlainUe(tap, index, record, flow);
        return ue.IsNone ? SliceMap.Unknown : _context.Slices.Of(ue);
    }

    private HostAddress PlainUe(int tap, int index, in PacketRecord record, in FlowKey flow)
    {
        int partner = _context.Outcomes[tap].PartnerRecord[index];
        if (partner < 0) return _ends.UeOf(flow, record.Direction);
        TapCapture n3 = _context.Taps[_context.Outcomes[tap].PartnerTap[index]];
        return AnalysisContext.UeOf(n3.Flow(n3.Records[partner]), record.Direction);
    }
}
