using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching.Losses;

/// <summary>Gives every unmatched packet the reason that excuses it; only what nothing excuses is lost.</summary>
internal sealed class UnmatchedClassifier
{
    private readonly IReadOnlyList<TapCapture> _taps;
    private readonly TapOutcome[] _outcomes;
    private readonly AddressRoles _roles;
    private readonly MatchedFacts _matched;
    private readonly Coverage _coverage;
    private readonly CrossingEvidence _seen;
    private readonly OffloadFinder _offload;
    private readonly UnruledFlows _unruled;

    public UnmatchedClassifier(
        IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes, MatchedFacts matched, AnalysisPlan plan,
        AnalysisRequest request)
    {
        (_taps, _outcomes, _matched, _roles) = (taps, outcomes, matched, plan.Roles);
        _coverage = new(taps, matched, request.Run is not null);
        _seen = new(taps, outcomes, matched, _roles, request.Options.MatchWindowNs);
        _offload = new(taps, _outcomes);
        _unruled = new(taps, matched, plan);
    }

    public UnmatchedReason[][] Run()
    {
        UnmatchedReason[][] reasons = new UnmatchedReason[_taps.Count][];
        for (int tap = 0; tap < _taps.Count; tap++)
        {
            RecordStore records = _taps[tap].Records;
            reasons[tap] = new UnmatchedReason[records.Count];
            for (int i = 0; i < records.Count; i++)
            {
                if (_outcomes[tap].PartnerRecord[i] >= 0) continue;
                if (records[i].Kind is RecordKind.Gpdu) reasons[tap][i] = OfGpdu(tap, i, records[i]);
                else if (records[i].Kind is RecordKind.Plain) reasons[tap][i] = OfPlain(tap, i, records[i]);
            }
        }
        EdgeRevision.Apply(_taps, _matched, reasons);
        TapLossRevision.Apply(_taps, _matched, reasons);
        return reasons;
    }

    private UnmatchedReason OfGpdu(int tap, int index, in PacketRecord record)
    {
        if ((_outcomes[tap].Flags[index] & MatchFlags.Copy) != 0) return UnmatchedReason.Duplicate;
        if ((record.Flags & RecordFlags.NotIp) != 0) return UnmatchedReason.NotIp;
        if (record.Fingerprint == 0 || record.Flow < 0) return UnmatchedReason.Malformed;
        if (record.Direction is PacketDirection.Unknown) return UnmatchedReason.UnknownDirection;
        FlowKey flow = _taps[tap].Flow(record);
        bool up = record.Direction is PacketDirection.Uplink;
        HostAddress remote = up ? flow.Destination : flow.Source;
        if (_seen.IsHairpin(record)) return UnmatchedReason.Hairpin;
        if (_roles.UpfN3.Contains(remote) || _seen.IsUpfItself(remote)) return UnmatchedReason.ToUpf;
        if (_seen.IsUntapped(remote)) return UnmatchedReason.UntappedNetwork;
        if (_offload.Covers(tap, index)) return UnmatchedReason.Offload;
        if (!up && _seen.HasMatchedTwin(tap, record)) return UnmatchedReason.Duplicate;
        HostAddress ue = AnalysisContext.UeOf(flow, record.Direction);
        if (IsAtEdge(record, ue, twinOnN6: true)) return UnmatchedReason.CaptureEdge;
        if (!up) return UnmatchedReason.TapLoss;
        return _unruled.Hold(tap, record, ue) ? UnmatchedReason.NotSubscribed : UnmatchedReason.Lost;
    }

    private UnmatchedReason OfPlain(int tap, int index, in PacketRecord record)
    {
        if ((_outcomes[tap].Flags[index] & MatchFlags.Copy) != 0) return UnmatchedReason.Duplicate;
        if (record.Flow < 0 || record.Direction is PacketDirection.Unknown || !_seen.IsUserFlow(tap, record))
            return UnmatchedReason.NotUserTraffic;
        bool up = record.Direction is PacketDirection.Uplink;
        if (_offload.Covers(tap, index)) return UnmatchedReason.Offload;
        if (up && _seen.HasMatchedTwin(tap, record)) return UnmatchedReason.Duplicate;
        HostAddress ue = AnalysisContext.UeOf(_taps[tap].Flow(record), record.Direction);
        if (IsAtEdge(record, ue, twinOnN6: false)) return UnmatchedReason.CaptureEdge;
        return up ? UnmatchedReason.TapLoss : UnmatchedReason.Lost;
    }

    private bool IsAtEdge(in PacketRecord record, HostAddress ue, bool twinOnN6)
    {
        long delay = _matched.Delays.Max(record.Direction);
        bool isEntry = record.Direction is PacketDirection.Uplink == twinOnN6;
        return isEntry
            ? _coverage.IsOutside(twinOnN6, ue, record.TimeNs, record.TimeNs + delay)
            : _coverage.IsOutside(twinOnN6, ue, record.TimeNs - delay, record.TimeNs);
    }
}
