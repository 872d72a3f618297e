using Testbed.Analyzer.Decoding.Signalling;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Analyzer.Meters.Sessions;

/// <summary>One PFCP session as N4 showed it.</summary>
internal sealed class PfcpSession(long establishedNs, string evidence) : ControlSession(establishedNs, evidence)
{
    /// <summary>When its set-up was accepted.</summary>
    public long AcceptedNs { get; init; }
    /// <summary>When its deletion was accepted, or its association made anew; null while it lives.</summary>
    public long? ReleasedNs { get; set; }
    /// <summary>When its own deletion was accepted; null where none was seen.</summary>
    public long? DeletedNs { get; set; }
    public string? Dnn { get; set; }
    /// <summary>Address of the user plane function on N4.</summary>
    public HostAddress UserPlane { get; init; }
    /// <summary>Address of the session management function on N4.</summary>
    public HostAddress ControlPlane { get; init; }
    internal Dictionary<ushort, string> NetworkInstances { get; } = [];

    /// <summary>The data network's name, or what stands for it: the core side's network instance.</summary>
    public string? DnnOrInstance => Dnn ?? NetworkInstances.Values.Order(StringComparer.Ordinal).FirstOrDefault();
}

/// <summary>
/// Follows session establishment and modification (TS 29.244 §6.3) and keeps what accepted requests set up. A
/// deleted session stays known: its packets were explained while it lived.
/// </summary>
internal sealed class PfcpSessions
{
    private readonly record struct PendingKey(HostAddress From, HostAddress To, uint Sequence);
    private readonly record struct SessionKey(HostAddress UserPlane, ulong Seid);

    private readonly Dictionary<PendingKey, CapturedPfcp> _pending = [];
    private readonly Dictionary<SessionKey, PfcpSession> _byKey = [];
    private readonly List<PfcpSession> _all = [];

    public PfcpSessions(IEnumerable<CapturedPfcp> messages)
    {
        foreach (CapturedPfcp message in messages)
        {
            switch (message.Message.Type)
            {
                case PfcpMessageType.SessionEstablishmentRequest:
                case PfcpMessageType.SessionModificationRequest:
                    _pending[new(message.Source, message.Destination, message.Message.SequenceNumber)] = message;
                    Requests++;
                    break;
                case PfcpMessageType.SessionDeletionRequest:
                    _pending[new(message.Source, message.Destination, message.Message.SequenceNumber)] = message;
                    break;
                case PfcpMessageType.SessionEstablishmentResponse:
                case PfcpMessageType.SessionModificationResponse:
                case PfcpMessageType.SessionDeletionResponse:
                    Answer(message);
                    break;
                case PfcpMessageType.AssociationSetupResponse:
                    ReleaseAll(message);
                    break;
                default:
                    break;
            }
        }
        Index = new(_all);
    }

    public IReadOnlyList<PfcpSession> All => _all;
    public long Requests { get; private set; }

    public SessionIndex Index { get; }

    private void Answer(CapturedPfcp response)
    {
        if (!_pending.Remove(
            new(response.Destination, response.Source, response.Message.SequenceNumber), out CapturedPfcp? request)
            || response.Message.Cause is not PfcpCause.RequestAccepted) return;
        PfcpSession? session;
        if (request.Message.Type is PfcpMessageType.SessionEstablishmentRequest)
        {
            session = new(request.TimeNs, request.Evidence)
            {
                Snssai = request.Message.Snssai, Dnn = request.Message.Dnn, UserPlane = response.Source,
                ControlPlane = request.Source, AcceptedNs = response.TimeNs,
            };
            _all.Add(session);
            if (response.Message.FSeid is { } seid) _byKey[new(response.Source, seid.Seid)] = session;
        }
        else if (request.Message.Seid is not { } known
            || !_byKey.TryGetValue(new(request.Destination, known), out session)) return;
        if (request.Message.Type is PfcpMessageType.SessionDeletionRequest)
            session.ReleasedNs = session.DeletedNs = response.TimeNs;
        Take(session, request.Message);
        Take(session, response.Message);
    }

    // A new association leaves nothing of the sessions before it (TS 29.244 §6.2.6); either end may ask for it.
    private void ReleaseAll(CapturedPfcp response)
    {
        if (response.Message.Cause is not PfcpCause.RequestAccepted) return;
        foreach (PfcpSession session in _all)
            if (session.UserPlane == response.Source || session.UserPlane == response.Destination)
                session.ReleasedNs ??= response.TimeNs;
    }

    private static void Take(PfcpSession session, PfcpMessage message)
    {
        session.Snssai ??= message.Snssai;
        session.Dnn ??= message.Dnn;
        foreach (PacketDetectionRule rule in message.CreatePdrs.Concat(message.UpdatePdrs))
        {
            TakeEnd(session, rule.FTeid);
            TakeUe(session, rule.UeAddress);
            session.Qfis.UnionWith(rule.Qfis);
            // The core side's network instance is the DNN in most cores; the access side's is a name of the network.
            bool isCoreSide = rule.SourceInterface is PfcpInterface.Core or PfcpInterface.SgiLanOrN6Lan;
            if (isCoreSide && rule.NetworkInstance is { } name)
                session.NetworkInstances[rule.Id] = name;
        }
        foreach (CreatedPdr created in message.CreatedPdrs.Concat(message.UpdatedPdrs))
        {
            TakeEnd(session, created.FTeid);
            TakeUe(session, created.UeAddress);
        }
        foreach (TrafficEndpoint endpoint in message.CreateTrafficEndpoints
            .Concat(message.UpdateTrafficEndpoints).Concat(message.CreatedTrafficEndpoints))
        {
            TakeEnd(session, endpoint.FTeid);
            TakeUe(session, endpoint.UeAddress);
            session.Qfis.UnionWith(endpoint.Qfis);
        }
        foreach (ForwardingActionRule rule in message.CreateFars.Concat(message.UpdateFars))
            if (rule.OuterHeaderCreation is { IsGtpU: true } creation)
                session.DownlinkEnds.Add(new(creation.Address, creation.Teid));
        foreach (QosEnforcementRule rule in message.CreateQers.Concat(message.UpdateQers))
            if (rule.Qfi is { } qfi) session.Qfis.Add(qfi);
    }

    private static void TakeEnd(PfcpSession session, FTeid? end)
    {
        if (end is not { IsChoose: false } known) return;
        if (!known.Ipv4.IsNone) session.UplinkEnds.Add(new(known.Ipv4, known.Teid));
        if (!known.Ipv6.IsNone) session.UplinkEnds.Add(new(known.Ipv6, known.Teid));
    }

    private static void TakeUe(PfcpSession session, UeIpAddress? ue)
    {
        if (ue is not { } known) return;
        if (!known.Ipv4.IsNone) session.UeAddresses.Add(known.Ipv4);
        if (!known.Ipv6.IsNone) session.UeAddresses.Add(known.Ipv6);
    }
}
