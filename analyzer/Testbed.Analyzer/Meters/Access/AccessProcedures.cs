using Testbed.Analyzer.Decoding.Signalling;
using Testbed.Wire.Ip;
using Testbed.Wire.Ngap;

namespace Testbed.Analyzer.Meters.Access;

/// <summary>How often a procedure was begun and went well; evidence of the first success, or try.</summary>
internal sealed class ProcedureCount
{
    public long Begun { get; private set; }
    public long Done { get; private set; }
    public string? Evidence { get; private set; }

    public void Begin(string evidence)
    {
        Begun++;
        if (Done == 0) Evidence ??= evidence;
    }

    public void Finish(string evidence)
    {
        if (Done++ == 0) Evidence = evidence;
    }
}

/// <summary>
/// Follows NG Setup, registration and PDU session set-up over N2 (TS 38.413 §8.7.1, §8.6.1, §8.2.1), between the gNBs
/// and AMFs that the claim names. What others say to each other is counted apart.
/// </summary>
internal sealed class AccessProcedures
{
    /// <summary>One UE on one association, by the gNB's number.</summary>
    private readonly record struct Ue(ControlPeer RanNode, ControlPeer Amf, long Id);

    private const int StrangersMax = 5;

    private readonly HashSet<Ue> _registering = [];

    private readonly AccessPeers _peers;

    public AccessProcedures(IEnumerable<CapturedNgap> messages, AccessPeers peers)
    {
        _peers = peers;
        foreach (CapturedNgap message in messages) Take(message);
    }

    /// <summary>Pairs of which the claim does not name both, in words; a few of them.</summary>
    public SortedSet<string> Strangers { get; } = new(StringComparer.Ordinal);

    public ProcedureCount Setups { get; } = new();
    public ProcedureCount Registrations { get; } = new();
    public ProcedureCount Sessions { get; } = new();
    /// <summary>UEs that came back as known ones: a service request, or anything but a registration.</summary>
    public long OtherArrivals { get; private set; }
    /// <summary>Addresses that sent what only a radio node sends.</summary>
    public HashSet<HostAddress> RanNodes { get; } = [];

    private void Take(CapturedNgap captured)
    {
        NgapMessage message = captured.Message;
        bool isRequest = message.Outcome is NgapOutcome.Initiating;
        bool isDone = message.Outcome is NgapOutcome.Successful;
        // Who of the two is the radio node, by who begins the procedure.
        bool? side = message.Procedure switch
        {
            NgapProcedure.NgSetup => isRequest,
            NgapProcedure.InitialUeMessage => true,
            NgapProcedure.InitialContextSetup or NgapProcedure.PduSessionResourceSetup => !isRequest,
            _ => null,
        };
        if (side is not { } isFromRan) return;
        HostAddress ran = (isFromRan ? captured.Source : captured.Destination).Address;
        HostAddress amf = (isFromRan ? captured.Destination : captured.Source).Address;
        if (!_peers.Names(ran, amf))
        {
            if (Strangers.Count < StrangersMax) Strangers.Add($"{ran} ↔ {amf}");
            return;
        }
        switch (message.Procedure)
        {
            case NgapProcedure.NgSetup:
                RanNodes.Add(ran);
                if (isRequest) Setups.Begin(captured.Evidence);
                else if (isDone) Setups.Finish(captured.Evidence);
                break;
            case NgapProcedure.InitialUeMessage:
                RanNodes.Add(ran);
                if (!message.IsRegistrationRequest) OtherArrivals++;
                else if (_registering.Add(UeOf(captured))) Registrations.Begin(captured.Evidence);
                break;
            case NgapProcedure.InitialContextSetup:
            case NgapProcedure.PduSessionResourceSetup:
                RanNodes.Add(ran);
                TakeSessions(captured, isRequest, isDone);
                break;
            default:
                break;
        }
    }

    // A core may register a UE without setting its context up and do that with its first session: either proves it.
    private void TakeSessions(CapturedNgap captured, bool isRequest, bool isDone)
    {
        NgapMessage message = captured.Message;
        if (isRequest)
        {
            foreach (PduSessionOrder _ in message.Orders) Sessions.Begin(captured.Evidence);
            return;
        }
        foreach (PduSessionGrant _ in message.Grants) Sessions.Finish(captured.Evidence);
        bool isServed = message.Procedure is NgapProcedure.InitialContextSetup ? isDone : message.Grants.Count > 0;
        if (isServed && _registering.Remove(UeOf(captured))) Registrations.Finish(captured.Evidence);
    }

    private static Ue UeOf(CapturedNgap fromRan) =>
        new(fromRan.Source, fromRan.Destination, fromRan.Message.RanUeId ?? -1);
}
