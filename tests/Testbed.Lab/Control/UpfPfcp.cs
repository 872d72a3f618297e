using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Lab.UserPlane;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Lab.Control;

/// <summary>
/// The UPF's end of N4 (TS 29.244): the only hand on its session table. One thread, which only answers.
/// </summary>
internal sealed class UpfPfcp(
    int fd, SessionTable sessions, SessionInstaller installer, Ledger ledger, RecoveryTime started) : IBatchWorker
{
    /// <summary>Answers kept for requests that are sent again (TS 29.244 §6.4).</summary>
    private const int AnswersKeptMax = 1024;

    /// <summary>Feature FTUP (TS 29.244 §8.2.25): the user plane chooses TEIDs.</summary>
    private static readonly byte[] Features = [0x10, 0x00];

    private readonly Dictionary<(UdpPeer Peer, uint Sequence), byte[]> _answers = [];
    private readonly Queue<(UdpPeer Peer, uint Sequence)> _answerOrder = [];
    private readonly byte[] _buffer = new byte[PfcpRequests.MessageBytesMax];
    private readonly Dictionary<ulong, RuleBook> _books = [];
    private readonly HostAddress _address = HostAddress.Parse(Plan.UpfN4);
    private bool _isAssociated;

    public void Handle(ReceiveBatch batch, int count, int socket)
    {
        for (int i = 0; i < count; i++)
            if (batch.TryGet(i, out Datagram datagram)) Receive(datagram.Bytes, batch.SourceOf(i));
    }

    private void Receive(ReadOnlySpan<byte> datagram, UdpPeer peer)
    {
        if (PfcpMessage.Read(datagram, out PfcpMessage? request) is not DecodeStatus.Ok || request is null)
        {
            ledger.Events.Add("upf n4: not PFCP");
            return;
        }
        ledger.Events.Add($"upf n4: {request.Type}");
        if (_answers.TryGetValue((peer, request.SequenceNumber), out byte[]? again))
        {
            UdpMessage.Send(fd, peer, again);
            return;
        }
        if (Answer(request) is not { } response) return;
        byte[] bytes = _buffer[..response.Write(_buffer)];
        Keep((peer, request.SequenceNumber), bytes);
        UdpMessage.Send(fd, peer, bytes);
    }

    private void Keep((UdpPeer Peer, uint Sequence) key, byte[] answer)
    {
        if (_answerOrder.Count == AnswersKeptMax) _answers.Remove(_answerOrder.Dequeue());
        _answerOrder.Enqueue(key);
        _answers[key] = answer;
    }

    /// <summary>The response to a request; null for anything that is no request this UPF knows.</summary>
    public PfcpMessage? Answer(PfcpMessage request) => request.Type switch
    {
        PfcpMessageType.HeartbeatRequest =>
            new(PfcpMessageType.HeartbeatResponse, request.SequenceNumber) { RecoveryTimeStamp = started.Seconds },
        PfcpMessageType.AssociationSetupRequest => Associate(request),
        PfcpMessageType.SessionEstablishmentRequest => Establish(request),
        PfcpMessageType.SessionModificationRequest => Modify(request),
        PfcpMessageType.SessionDeletionRequest => Delete(request),
        _ => null,
    };

    private PfcpMessage Associate(PfcpMessage request)
    {
        _isAssociated = true;
        return new(PfcpMessageType.AssociationSetupResponse, request.SequenceNumber)
        {
            NodeId = new(_address),
            Cause = PfcpCause.RequestAccepted,
            RecoveryTimeStamp = started.Seconds,
            UpFunctionFeatures = Features,
        };
    }

    private PfcpMessage Establish(PfcpMessage request)
    {
        PfcpMessage response = new(PfcpMessageType.SessionEstablishmentResponse, request.SequenceNumber)
        {
            Seid = request.FSeid?.Seid ?? 0,
            NodeId = new(_address),
            Cause = PfcpCause.RequestAccepted,
        };
        PfcpRefusal? refusal = TryEstablish(request, out UpfSession? session);
        if (refusal is not null || session is null)
        {
            response.Cause = refusal?.Cause ?? PfcpCause.SystemFailure;
            response.OffendingElement = refusal?.OffendingElement;
            return response;
        }
        response.FSeid = new(session.Seid, _address);
        foreach (PacketDetectionRule uplink in PfcpRules.Uplinks(request))
            response.CreatedPdrs.Add(new(uplink.Id)
            {
                FTeid = new(session.UplinkTeid, HostAddress.FromIpv4(session.N3.AddressBits)),
            });
        return response;
    }

    private PfcpRefusal? TryEstablish(PfcpMessage request, out UpfSession? session)
    {
        session = null;
        if (!_isAssociated) return new(PfcpCause.NoEstablishedPfcpAssociation);
        if (PfcpRules.Read(request, out SessionOwner? owner) is { } incomplete) return incomplete;
        RuleBook book = new(installer, installer.EndpointFor(owner!.UeAddress));
        if (book.TryChange(request, out FlowRules rules) is { } unclear) return unclear;
        PfcpRefusal? refusal = RefusalOf(installer.TryInstall(owner, rules, out session));
        if (session is not null) _books[session.Seid] = book;
        return refusal;
    }

    private static PfcpRefusal? RefusalOf(InstallResult result) => result switch
    {
        InstallResult.Installed => null,
        InstallResult.UnknownNetworkInstance =>
            new(PfcpCause.RuleCreationFailure, PfcpElementType.NetworkInstance),
        InstallResult.NoRoom => new(PfcpCause.NoResourcesAvailable),
        _ => new(PfcpCause.RequestRejected),
    };

    private PfcpMessage Modify(PfcpMessage request)
    {
        bool isKnown = sessions.TryFindBySeid(request.Seid ?? 0, out UpfSession? session);
        PfcpMessage response =
            SessionResponse(PfcpMessageType.SessionModificationResponse, request, isKnown ? session : null);
        if (session is null || !_books.TryGetValue(session.Seid, out RuleBook? book)) return response;
        if (book.TryChange(request, out FlowRules rules) is { } refusal)
        {
            response.Cause = refusal.Cause;
            response.OffendingElement = refusal.OffendingElement;
            return response;
        }
        session.Rules = rules;
        return response;
    }

    private PfcpMessage Delete(PfcpMessage request)
    {
        bool isKnown = sessions.TryFindBySeid(request.Seid ?? 0, out UpfSession? session);
        if (session is not null)
        {
            sessions.Remove(session);
            _books.Remove(session.Seid);
        }
        return SessionResponse(PfcpMessageType.SessionDeletionResponse, request, isKnown ? session : null);
    }

    private static PfcpMessage SessionResponse(PfcpMessageType type, PfcpMessage request, UpfSession? session) =>
        new(type, request.SequenceNumber)
        {
            Seid = session?.PeerSeid ?? 0,
            Cause = session is null ? PfcpCause.SessionContextNotFound : PfcpCause.RequestAccepted,
        };
}
