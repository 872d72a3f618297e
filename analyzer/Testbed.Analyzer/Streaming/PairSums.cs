using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Meters;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Streaming;

/// <summary>Adds up pairs as they are found. Sources are numbered as their taps are; the first is N3.</summary>
internal sealed class PairSums(JoinSource[] sources, SliceMap slices, CrossingResult result)
{
    private readonly JoinSource _n3 = sources[0];
    private readonly HashSet<int> _inconsistent = [];
    private readonly ClockEstimator _clock = new();
    private readonly long[] _delayMaxNs = [long.MinValue, long.MinValue, long.MinValue];

    /// <summary>Pairs by direction.</summary>
    public long[] Pairs { get; } = new long[3];
    public long OtherFlow { get; private set; }
    public long OtherRemote { get; private set; }

    public DelayBounds Delays(long windowNs)
    {
        long up = _delayMaxNs[(int)PacketDirection.Uplink], down = _delayMaxNs[(int)PacketDirection.Downlink];
        return DelayBounds.Of(up, down, windowNs);
    }

    /// <summary>How well the addresses of two sightings agree; a flow's usual partner is known by its number.</summary>
    public AddressRule Agreement(JoinSource source, in PacketRecord record, in PendingPackets.Node waiting)
    {
        bool onN3 = source.Side == 0;
        int n3Flow = onN3 ? record.Flow : waiting.Record.Flow, n6Flow = onN3 ? waiting.Record.Flow : record.Flow;
        int n6Tap = onN3 ? waiting.Tap : source.Tap;
        ref FlowState state = ref _n3.State(n3Flow);
        if (state.Partner == n6Flow + 1 && state.PartnerTap == n6Tap && state.PartnerDirection == record.Direction)
            return (AddressRule)state.Agreement;
        return ShardMatcher.Agreement(_n3.Keys[n3Flow], sources[n6Tap].Keys[n6Flow], record.Direction);
    }

    public void Add(
        in PendingPackets.Node early, JoinSource lateSource, in PacketRecord late, AddressRule agreement)
    {
        JoinSource earlySource = sources[early.Tap];
        PacketDirection direction = late.Direction;
        // Entered last: clocks disagree or the order of stamps is to be mended, and both need to see all pairs.
        if (direction is PacketDirection.Downlink ? lateSource.Side == 1 : lateSource.Side == 0)
            throw new HandOverException(
                "有报文离开 UPF 早于进入 UPF", "packets seem to leave the UPF before they enter it");
        long delayNs = late.TimeNs - early.Record.TimeNs;
        ref FlowState exit = ref lateSource.State(late.Flow);
        bool isReordered = early.Record.TimeNs < exit.LatestEntryNs;
        if (!isReordered) exit.LatestEntryNs = early.Record.TimeNs;
        if (exit.Matched is PacketDirection.Unknown) exit.Matched = direction;
        ref FlowState entry = ref earlySource.State(early.Record.Flow);
        if (entry.Matched is PacketDirection.Unknown) entry.Matched = direction;
        bool lateOnN3 = lateSource.Side == 0;
        ref FlowState n3 = ref lateOnN3 ? ref exit : ref entry, n6 = ref lateOnN3 ? ref entry : ref exit;
        int n3Flow = lateOnN3 ? late.Flow : early.Record.Flow, n6Flow = lateOnN3 ? early.Record.Flow : late.Flow;
        int n6Tap = lateOnN3 ? early.Tap : lateSource.Tap;
        RecordFlags flags = lateOnN3 ? late.Flags : early.Record.Flags;
        n3.Taps |= (byte)(1 << (n6Tap & 7));
        n6.Partner = n3Flow + 1;
        if ((flags & RecordFlags.InnerFragment) == 0) AddWhole(ref n3, n3Flow, n6Tap, n6Flow, direction, agreement);
        if (agreement is not AddressRule.SameFlow) OtherFlow++;
        if (agreement is AddressRule.Prefer) OtherRemote++;
        Pairs[(int)direction]++;
        if (delayNs > _delayMaxNs[(int)direction]) _delayMaxNs[(int)direction] = delayNs;
        result.Table.AddPair(
            direction, SliceOf(ref n3, n3Flow, direction), lateOnN3 ? late.Qfi : early.Record.Qfi, delayNs,
            isAmbiguous: false, isReordered);
        result.Transit(direction).Add(early.Record.TimeNs, delayNs);
        (long n3Ns, long n6Ns) = lateOnN3 ? (late.TimeNs, early.Record.TimeNs) : (early.Record.TimeNs, late.TimeNs);
        _clock.Add(direction, n3Ns, n6Ns, late.Fingerprint);
    }

    /// <summary>Nothing that entered before this time will leave any more.</summary>
    public void Close(long beforeNs)
    {
        foreach (PacketDirection direction in Figures.Directions) result.Transit(direction).Close(beforeNs);
    }

    public ClockEstimate? Clock() => _clock.Estimate(disagree: false);

    /// <summary>Adds what flows kept of their translation; once, at the end.</summary>
    public void AddTranslations()
    {
        for (int flow = 0; flow < _n3.Flows.Count; flow++)
        {
            ref FlowState state = ref _n3.Flows[flow];
            if (state.Partner == 0) continue;
            FlowKey n6 = sources[state.PartnerTap].Keys[state.Partner - 1];
            Translate(_n3.Keys[flow], n6, state.PartnerDirection, state.Pairs);
        }
        result.Translations.InconsistentFlows = _inconsistent.Count;
    }

    private void AddWhole(
        ref FlowState n3, int n3Flow, int n6Tap, int n6Flow, PacketDirection direction, AddressRule agreement)
    {
        if (n3.Partner == 0)
        {
            (n3.Partner, n3.PartnerTap, n3.PartnerDirection) = (n6Flow + 1, (byte)n6Tap, direction);
            n3.Agreement = (byte)agreement;
        }
        bool isPartner = n3.Partner == n6Flow + 1 && n3.PartnerTap == n6Tap;
        if (!isPartner) _inconsistent.Add(n3Flow);
        if (isPartner && n3.PartnerDirection == direction) n3.Pairs++;
        else Translate(_n3.Keys[n3Flow], sources[n6Tap].Keys[n6Flow], direction, 1);
    }

    private void Translate(in FlowKey n3, in FlowKey n6, PacketDirection direction, long packets)
    {
        HostAddress from = AnalysisContext.UeOf(n3, direction), to = AnalysisContext.UeOf(n6, direction);
        result.Translations.Add(from, to, packets);
    }

    private int SliceOf(ref FlowState n3, int flow, PacketDirection direction)
    {
        if (slices.Count == 0) return SliceMap.Unknown;
        if (n3.Slice != 0 && n3.PartnerDirection == direction) return n3.Slice - 2;
        int slice = slices.Of(AnalysisContext.UeOf(_n3.Keys[flow], direction));
        if (n3.PartnerDirection == direction) n3.Slice = (short)(slice + 2);
        return slice;
    }
}
