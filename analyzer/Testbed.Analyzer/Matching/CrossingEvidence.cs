using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching;

/// <summary>What the captures show of where packets go, gathered once for the classifier.</summary>
internal sealed class CrossingEvidence
{
    private readonly IReadOnlyList<TapCapture> _taps;
    private readonly AddressRoles _roles;
    private readonly long _windowNs;
    /// <summary>Unmatched downlink G-PDUs from a UE, and uplink ones to a UE, by fingerprint.</summary>
    private readonly Dictionary<ulong, List<long>> _fromUe = [], _toUe = [];
    /// <summary>Times at which a key of an unmatched packet behind the UPF did match, by tap.</summary>
    private readonly Dictionary<(int Tap, ulong Key), List<long>> _matchedTimes = [];
    private readonly HashSet<HostAddress> _asked = [], _answering = [], _crossing = [], _translated = [];
    private readonly MatchedFacts _matched;

    public CrossingEvidence(
        IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes, MatchedFacts matched, AddressRoles roles, long windowNs)
    {
        (_taps, _roles, _windowNs, _matched) = (taps, roles, windowNs, matched);
        for (int tap = 0; tap < taps.Count; tap++) GatherUnmatched(tap, outcomes[tap]);
        for (int tap = 0; tap < taps.Count; tap++) GatherMatched(tap);
        if (_matchedTimes.Count > 0) matched.AddTimes(_matchedTimes);
    }

    /// <summary>Its other half is on N3 too, in the other direction.</summary>
    public bool IsHairpin(in PacketRecord record)
    {
        bool up = record.Direction is PacketDirection.Uplink;
        if (!(up ? _fromUe : _toUe).TryGetValue(record.Fingerprint, out List<long>? times)) return false;
        foreach (long time in times)
            if (up ? Within(record.TimeNs, time) : Within(time, record.TimeNs)) return true;
        return false;
    }

    /// <summary>It answers although nothing of it passes an N6 tap, and its address lies among the UEs'.</summary>
    public bool IsUpfItself(HostAddress remote) =>
        IsUntapped(remote) && _roles.InPool(remote) && !_roles.Ues.Contains(remote);

    public bool IsUntapped(HostAddress remote) =>
        _answering.Contains(remote) && !_matched.OnN6.Contains(remote) && !_crossing.Contains(remote)
        && !_roles.Ues.Contains(remote);

    /// <summary>The same packet did match at this tap: this is one more sighting of it.</summary>
    public bool HasMatchedTwin(int tap, in PacketRecord record)
    {
        if (!_matchedTimes.TryGetValue((tap, record.Fingerprint), out List<long>? times)) return false;
        foreach (long time in times)
            if (Math.Abs(time - record.TimeNs) <= _windowNs) return true;
        return false;
    }

    /// <summary>
    /// A plain packet belongs to a UE that N3 shows, by its own address or by one that it is translated to.
    /// </summary>
    public bool IsUserFlow(int tap, in PacketRecord record)
    {
        if (_matched.FirstOf(tap, record.Flow).Direction is not PacketDirection.Unknown) return true;
        FlowKey flow = _taps[tap].Flow(record);
        HostAddress ue = AnalysisContext.UeOf(flow, record.Direction);
        return _roles.Ues.Contains(ue)
            || (_translated.Contains(ue)
                && _roles.Remotes.Contains(
                    record.Direction is PacketDirection.Uplink ? flow.Destination : flow.Source));
    }

    private bool Within(long first, long second) => second >= first && second - first <= _windowNs;

    private void GatherUnmatched(int tap, TapOutcome outcome)
    {
        RecordStore records = _taps[tap].Records;
        for (int i = 0; i < records.Count; i++)
        {
            ref PacketRecord record = ref records[i];
            if (record.Fingerprint == 0 || record.Flow < 0 || outcome.PartnerRecord[i] >= 0) continue;
            FlowKey flow = _taps[tap].Flow(record);
            _asked.Add(flow.Source);
            _asked.Add(flow.Destination);
            bool isExit = record.Kind is RecordKind.Gpdu == record.Direction is PacketDirection.Downlink;
            if (record.Kind is RecordKind.Gpdu or RecordKind.Plain && isExit)
                _matchedTimes.TryAdd((tap, record.Fingerprint), []);
            if (record.Kind is not RecordKind.Gpdu) continue;
            if (record.Direction is PacketDirection.Downlink)
            {
                _answering.Add(flow.Source);
                if (_roles.IsUe(flow.Source)) Note(_fromUe, record);
            }
            else if (_roles.IsUe(flow.Destination)) Note(_toUe, record);
        }
    }

    // Of all flows that crossed, only addresses that an unmatched packet carries will be asked for.
    private void GatherMatched(int tap)
    {
        FlowTable flows = _taps[tap].Decoder.Flows;
        for (int i = 0; i < flows.Count && _asked.Count > 0; i++)
        {
            MatchedFacts.FirstMatch first = _matched.FirstOf(tap, i);
            if (first.Direction is PacketDirection.Unknown) continue;
            FlowKey flow = flows[i];
            HostAddress end = first.IsPlain ? AnalysisContext.UeOf(flow, first.Direction)
                : first.Direction is PacketDirection.Uplink ? flow.Destination : flow.Source;
            if (_asked.Contains(end)) (first.IsPlain ? _translated : _crossing).Add(end);
        }
    }

    private static void Note(Dictionary<ulong, List<long>> times, in PacketRecord record)
    {
        if (!times.TryGetValue(record.Fingerprint, out List<long>? list)) times[record.Fingerprint] = list = [];
        list.Add(record.TimeNs);
    }
}
