using System.Runtime.CompilerServices;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Matching.Clocks;
using Testbed.Analyzer.Meters;
using Testbed.Analyzer.Meters.Provenance;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Streaming;

/// <summary>Adds up pairs as they are found. Sources are numbered as their taps are; the first is N3.</summary>
internal sealed class PairSums(JoinSource[] sources, SliceMap slices, CrossingResult result)
{
    private readonly JoinSource _n3 = sources[0];
    private readonly HashSet<int> _inconsistent = [];
    private readonly ClockEstimator _clock = new();
    private readonly PairBatch _up = new(PacketDirection.Uplink, result, slices.Count > 0);
    private readonly PairBatch _down = new(PacketDirection.Downlink, result, slices.Count > 0);

    /// <summary>Pairs by direction that were added up.</summary>
    public long[] Pairs => [0, _up.Pairs, _down.Pairs];
    public long OtherFlow { get; private set; }
    public long OtherRemote { get; private set; }

    public DelayBounds Delays(long windowNs) => DelayBounds.Of(_up.DelayMaxNs, _down.DelayMaxNs, windowNs);

    /// <summary>How well the addresses of two sightings agree; a flow's usual partner is known by its number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public AddressRule Agreement(JoinSource source, in PacketRecord record, in PendingPackets.Node waiting)
    {
        bool onN3 = source.Side == 0;
        int n3Flow = onN3 ? record.Flow : waiting.Record.Flow, n6Flow = onN3 ? waiting.Record.Flow : record.Flow;
        int n6Tap = onN3 ? waiting.Tap : source.Tap;
        ref FlowState state = ref _n3.State(n3Flow);
        if (state.Partner == n6Flow + 1 && state.PartnerTap == n6Tap && state.PartnerDirection == record.Direction)
            return (AddressRule)state.Agreement;
        return AgreementOf(n3Flow, n6Tap, n6Flow, record.Direction);
    }

    private AddressRule AgreementOf(int n3Flow, int n6Tap, int n6Flow, PacketDirection direction) =>
        ShardMatcher.Agreement(_n3.Keys[n3Flow], sources[n6Tap].Keys[n6Flow], direction);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(
        in PendingPackets.Node early, JoinSource lateSource, in PacketRecord late, AddressRule agreement)
    {
        PacketDirection direction = late.Direction;
        bool isUp = direction is PacketDirection.Uplink, lateOnN3 = lateSource.Side == 0;
        // Entered last: clocks disagree or the order of stamps is to be mended, and both need to see all pairs.
        if (isUp == lateOnN3)
            throw new HandOverException(
                "有报文离开 UPF 早于进入 UPF", "packets seem to leave the UPF before they enter it");
        JoinSource n6Source = lateOnN3 ? sources[early.Tap] : lateSource;
        ref readonly PacketRecord n3Record = ref lateOnN3 ? ref late : ref early.Record;
        ref readonly PacketRecord n6Record = ref lateOnN3 ? ref early.Record : ref late;
        ref FlowState n3 = ref _n3.State(n3Record.Flow), n6 = ref n6Source.State(n6Record.Flow);
        ref FlowState exit = ref lateOnN3 ? ref n3 : ref n6;
        long entryNs = early.Record.TimeNs, delayNs = late.TimeNs - entryNs;
        bool isReordered = entryNs < exit.LatestEntryNs;
        if (!isReordered) exit.LatestEntryNs = entryNs;
        if (n3.Matched is PacketDirection.Unknown) n3.Matched = direction;
        if (n6.Matched is PacketDirection.Unknown) n6.Matched = direction;
        n3.Taps |= (byte)(1 << (n6Source.Tap & 7));
        n6.Partner = n3Record.Flow + 1;
        if ((n3Record.Flags & RecordFlags.InnerFragment) == 0)
            AddWhole(ref n3, n3Record.Flow, n6Source.Tap, n6Record.Flow, direction, agreement);
        if (agreement is not AddressRule.SameFlow) OtherFlow++;
        if (agreement is AddressRule.Prefer) OtherRemote++;
        if (slices.Count > 0)
            result.Table.AddPair(
                direction, SliceOf(ref n3, n3Record.Flow, direction), n3Record.Qfi, delayNs, isAmbiguous: false,
                isReordered);
        (isUp ? _up : _down).Add(entryNs, delayNs, isReordered);
        _clock.Add(direction, n3Record.TimeNs, n6Record.TimeNs, late.Fingerprint);
    }

    /// <summary>Adds up the pairs that wait for it.</summary>
    public void AddUp()
    {
        _up.AddUp();
        _down.AddUp();
    }

    /// <summary>Nothing that entered before this time will leave any more.</summary>
    public void Close(long beforeNs)
    {
        AddUp();
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddWhole(
        ref FlowState n3, int n3Flow, int n6Tap, int n6Flow, PacketDirection direction, AddressRule agreement)
    {
        if (n3.Partner == 0)
        {
            (n3.Partner, n3.PartnerTap, n3.PartnerDirection) = (n6Flow + 1, (byte)n6Tap, direction);
            n3.Agreement = (byte)agreement;
        }
        bool isPartner = n3.Partner == n6Flow + 1 && n3.PartnerTap == n6Tap;
        if (isPartner && n3.PartnerDirection == direction) n3.Pairs++;
        else AddOther(n3Flow, n6Tap, n6Flow, direction, isPartner);
    }

    private void AddOther(int n3Flow, int n6Tap, int n6Flow, PacketDirection direction, bool isPartner)
    {
        if (!isPartner) _inconsistent.Add(n3Flow);
        Translate(_n3.Keys[n3Flow], sources[n6Tap].Keys[n6Flow], direction, 1);
    }

    private void Translate(in FlowKey n3, in FlowKey n6, PacketDirection direction, long packets)
    {
        HostAddress from = AnalysisContext.UeOf(n3, direction), to = AnalysisContext.UeOf(n6, direction);
        result.Translations.Add(from, to, packets);
    }

    private int SliceOf(ref FlowState n3, int flow, PacketDirection direction)
    {
        if (n3.Slice != 0 && n3.PartnerDirection == direction) return n3.Slice - 2;
        int slice = slices.Of(AnalysisContext.UeOf(_n3.Keys[flow], direction));
        if (n3.PartnerDirection == direction) n3.Slice = (short)(slice + 2);
        return slice;
    }
}
