using Testbed.Analyzer.Decoding.Signalling;
using Testbed.Wire.Ngap;

namespace Testbed.Analyzer.Meters.Sessions;

/// <summary>One PDU session as N2 showed it.</summary>
internal sealed class NgapSession(long establishedNs, string evidence) : ControlSession(establishedNs, evidence)
{
    public byte Id { get; init; }
    /// <summary>The radio node's end of N2.</summary>
    public ControlPeer RanNode { get; init; }
    public ControlPeer Amf { get; init; }
    /// <summary>What the core ordered, by QFI.</summary>
    public Dictionary<byte, QosFlowOrder> Flows { get; } = [];
    public bool IsGranted { get; set; }
    public bool IsReleased { get; set; }
}

/// <summary>
/// Follows PDU sessions over N2 (TS 38.413 §8.2 and §8.3): ordered by the core, granted by the radio node. What was
/// not granted explains nothing; what was released stays known.
/// </summary>
internal sealed class NgapSessions
{
    /// <summary>One UE on one association, by the numbers that both ends gave it.</summary>
    private readonly record struct UeKey(ControlPeer RanNode, ControlPeer Amf, long RanUeId);

    private readonly Dictionary<UeKey, Dictionary<byte, NgapSession>> _open = [];
    private readonly List<NgapSession> _granted = [];

    public NgapSessions(IEnumerable<CapturedNgap> messages)
    {
        foreach (CapturedNgap message in messages) Take(message);
        Index = new(_granted.OrderBy(session => session.EstablishedNs));
    }

    /// <summary>Sessions that the radio node granted, in the order of the grants.</summary>
    public IReadOnlyList<NgapSession> All => _granted;
    public SessionIndex Index { get; }
    public long Failed { get; private set; }
    public long Released => _granted.Count(session => session.IsReleased);
    /// <summary>
    /// Messages of procedures that give sessions other tunnel ends and that are not followed: handover, path switch,
    /// modification, resumption.
    /// </summary>
    public long Moves { get; private set; }

    private void Take(CapturedNgap captured)
    {
        NgapMessage message = captured.Message;
        switch (message.Procedure)
        {
            case NgapProcedure.InitialContextSetup:
            case NgapProcedure.PduSessionResourceSetup:
                if (message.Outcome is NgapOutcome.Initiating) Order(captured);
                else Answer(captured);
                break;
            case NgapProcedure.PduSessionResourceRelease when message.Outcome is NgapOutcome.Successful:
                Dictionary<byte, NgapSession> open = Open(Ue(captured, isFromRan: true));
                foreach (byte id in message.ReleasedSessions)
                    if (open.Remove(id, out NgapSession? released)) released.IsReleased = true;
                break;
            case NgapProcedure.UeContextRelease when message.Outcome is NgapOutcome.Successful:
                if (_open.Remove(Ue(captured, isFromRan: true), out Dictionary<byte, NgapSession>? all))
                    foreach (NgapSession session in all.Values) session.IsReleased = true;
                break;
            case NgapProcedure.PathSwitchRequest:
            case NgapProcedure.HandoverResourceAllocation:
            case NgapProcedure.PduSessionResourceModify:
            case NgapProcedure.PduSessionResourceModifyIndication:
            case NgapProcedure.UeContextResume:
                Moves++;
                break;
            default:
                break;
        }
    }

    private void Order(CapturedNgap captured)
    {
        foreach (PduSessionOrder order in captured.Message.Orders)
        {
            NgapSession session = new(captured.TimeNs, captured.Evidence)
            {
                Id = order.Id, RanNode = captured.Destination, Amf = captured.Source, Snssai = order.Snssai,
            };
            foreach (GtpTunnel tunnel in order.UplinkTunnels) AddEnds(session.UplinkEnds, tunnel);
            foreach (QosFlowOrder flow in order.Flows)
            {
                session.Flows[flow.Qfi] = flow;
                session.Qfis.Add(flow.Qfi);
            }
            Open(Ue(captured, isFromRan: false))[order.Id] = session;
        }
    }

    private void Answer(CapturedNgap captured)
    {
        Dictionary<byte, NgapSession> open = Open(Ue(captured, isFromRan: true));
        foreach (PduSessionGrant grant in captured.Message.Grants)
        {
            // An order that the capture missed leaves a session of which only the gNB's end is known.
            if (!open.TryGetValue(grant.Id, out NgapSession? session))
                open[grant.Id] = session = new(captured.TimeNs, captured.Evidence)
                {
                    Id = grant.Id, RanNode = captured.Source, Amf = captured.Destination,
                };
            foreach (GtpTunnel tunnel in grant.DownlinkTunnels) AddEnds(session.DownlinkEnds, tunnel);
            if (session.IsGranted) continue;
            session.IsGranted = true;
            _granted.Add(session);
        }
        foreach (byte id in captured.Message.FailedSessions)
        {
            Failed++;
            open.Remove(id);
        }
    }

    private Dictionary<byte, NgapSession> Open(UeKey ue) =>
        _open.TryGetValue(ue, out Dictionary<byte, NgapSession>? open) ? open : _open[ue] = [];

    private static UeKey Ue(CapturedNgap captured, bool isFromRan) => isFromRan
        ? new(captured.Source, captured.Destination, captured.Message.RanUeId ?? -1)
        : new(captured.Destination, captured.Source, captured.Message.RanUeId ?? -1);

    private static void AddEnds(HashSet<TunnelEnd> ends, GtpTunnel tunnel)
    {
        ends.Add(new(tunnel.Address, tunnel.Teid));
        if (!tunnel.SecondAddress.IsNone) ends.Add(new(tunnel.SecondAddress, tunnel.Teid));
    }
}
