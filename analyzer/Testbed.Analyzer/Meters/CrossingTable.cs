using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching;

namespace Testbed.Analyzer.Meters;

/// <summary>Adds up pairs and unmatched packets by direction, slice and QFI.</summary>
internal sealed class CrossingTable
{
    private const int QfiCount = 65;
    private readonly AnalysisContext _context;
    private readonly Dictionary<(PacketDirection, int Slice, int Qfi), Crossing> _byKey = [];
    private readonly Dictionary<(PacketDirection, int Slice, int Qfi), Crossing[]> _sums = [];

    public CrossingTable(AnalysisContext context)
    {
        _context = context;
        for (int tap = 0; tap < context.Taps.Count; tap++) AddTap(tap);
    }

    public Crossing Uplink { get; } = new();
    public Crossing Downlink { get; } = new();

    /// <summary>Null when no packet of that kind was seen. QFI 0 stands for "no container".</summary>
    public Crossing? Find(PacketDirection direction, int slice, int qfi) =>
        _byKey.GetValueOrDefault((direction, slice, qfi));

    /// <summary>Of a slice over all QFIs: kept under −1.</summary>
    public DirectionSummary OfSlice(PacketDirection direction, int slice) =>
        (Find(direction, slice, -1) ?? new Crossing()).ToSummary();

    public IReadOnlyDictionary<int, DirectionSummary> OfSliceByQfi(PacketDirection direction, int slice)
    {
        SortedDictionary<int, DirectionSummary> byQfi = [];
        for (int qfi = 0; qfi < QfiCount; qfi++)
            if (Find(direction, slice, qfi) is { } crossing) byQfi[qfi] = crossing.ToSummary();
        return byQfi;
    }

    private void AddTap(int tap)
    {
        TapCapture capture = _context.Taps[tap];
        FlowRuns runs = new(capture.Decoder.Flows.Count);
        foreach (int i in _context.InTimeOrder(tap))
        {
            ref PacketRecord record = ref capture.Records[i];
            int partner = _context.Outcomes[tap].PartnerRecord[i];
            if (partner < 0) AddUnmatched(tap, i, record, runs);
            // Every pair once, at the side where the packet left: that is the order in which reordering shows.
            else if (IsExit(record)) AddPair(tap, i, record, partner, runs);
            else runs.Arrived(record.Flow);
        }
    }

    private static bool IsExit(in PacketRecord record) =>
        record.Kind is RecordKind.Gpdu == record.Direction is PacketDirection.Downlink;

    private void AddPair(int tap, int index, in PacketRecord exit, int partner, FlowRuns runs)
    {
        int entryTap = _context.Outcomes[tap].PartnerTap[index];
        ref PacketRecord entry = ref _context.Taps[entryTap].Records[partner];
        bool ambiguous = (_context.Outcomes[tap].Flags[index] & MatchFlags.Ambiguous) != 0;
        bool reordered = runs.Left(exit.Flow, entry.TimeNs);
        bool onN3 = exit.Kind is RecordKind.Gpdu;
        byte qfi = onN3 ? exit.Qfi : entry.Qfi;
        FlowKey n3Flow = onN3 ? _context.Taps[tap].Flow(exit) : _context.Taps[entryTap].Flow(entry);
        int slice = _context.Slices.Of(AnalysisContext.UeOf(n3Flow, exit.Direction));
        foreach (Crossing crossing in Of(exit.Direction, slice, qfi))
        {
            crossing.Matched++;
            crossing.Delay.Add(exit.TimeNs - entry.TimeNs);
            if (ambiguous) crossing.Ambiguous++;
            if (reordered) crossing.Reordered++;
        }
    }

    private void AddUnmatched(int tap, int index, in PacketRecord record, FlowRuns runs)
    {
        UnmatchedReason reason = _context.Reasons[tap][index];
        if (reason is not (UnmatchedReason.Lost or UnmatchedReason.Duplicate)) return;
        int slice = _context.Slices.Of(AnalysisContext.UeOf(_context.Taps[tap].Flow(record), record.Direction));
        int burst = reason is UnmatchedReason.Lost ? runs.Missed(record.Flow) : 0;
        foreach (Crossing crossing in Of(record.Direction, slice, record.Qfi))
        {
            if (reason is UnmatchedReason.Duplicate) crossing.Duplicated++;
            else crossing.Lost++;
            crossing.LossBurstMax = Math.Max(crossing.LossBurstMax, burst);
        }
    }

    // The sums that a packet goes into: everything, its slice, its QoS flow there. Made once for each kind of packet.
    private Crossing[] Of(PacketDirection direction, int slice, byte qfi)
    {
        int known = slice == SliceMap.Unknown || qfi == PacketRecord.NoQfi ? 0 : qfi;
        if (_sums.TryGetValue((direction, slice, known), out Crossing[]? sums)) return sums;
        Crossing whole = direction is PacketDirection.Downlink ? Downlink : Uplink;
        return _sums[(direction, slice, known)] = slice == SliceMap.Unknown
            ? [whole]
            : [whole, Get((direction, slice, -1)), Get((direction, slice, known))];
    }

    private Crossing Get((PacketDirection, int, int) key)
    {
        if (!_byKey.TryGetValue(key, out Crossing? crossing)) _byKey[key] = crossing = new();
        return crossing;
    }

    /// <summary>By flow of one tap: the run of losses that is on, and the latest entry that has left.</summary>
    private sealed class FlowRuns(int flows)
    {
        private readonly int[] _missed = new int[flows];
        private readonly long[] _latestEntryNs = new long[flows];

        public void Arrived(int flow) => _missed[flow] = 0;

        public int Missed(int flow) => ++_missed[flow];

        public bool Left(int flow, long entryNs)
        {
            if (entryNs < _latestEntryNs[flow]) return true;
            _latestEntryNs[flow] = entryNs;
            return false;
        }
    }
}
