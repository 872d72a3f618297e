using System.Collections.Concurrent;
using Testbed.Lab.Control;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;
using Testbed.Wire.Ngap;

namespace Testbed.Lab.Access;

/// <summary>The gNB's end of N2 (TS 38.413 §8): one PDU session a UE, one UE context a session.</summary>
internal sealed class N2Gnb(
    N2Port port, ushort ownPort, int seed, ConcurrentDictionary<long, NasExchange> nas, ISessionOutcome outcome,
    EventCounts events, StopSignal stop)
    : N2Node("n2 gnb", port, ownPort, Plan.NgapPort, seed, events, stop), ISessionControl
{
    private enum Stage { Registering, Asking, Active, Refused, Releasing }

    private sealed class Context(SessionRequest request, long ranUeId)
    {
        public SessionRequest Request { get; } = request;
        public long RanUeId { get; } = ranUeId;
        public long? AmfUeId { get; set; }
        public Stage Stage { get; set; }
    }

    /// <summary>PDU session identity: each of the lab's UEs has one session (TS 24.501 §9.4).</summary>
    public const byte SessionId = 1;

    private static readonly HostAddress N3 = HostAddress.Parse(Plan.GnbN3);

    private readonly Dictionary<long, Context> _byRanId = [];
    private readonly Dictionary<uint, Context> _byUe = [];
    private bool _isSetUp;
    private long _lastRanId;

    /// <summary>Connects to the AMF and asks for NG Setup, again if need be.</summary>
    public void SetUp() => Post(() =>
    {
        _isSetUp = false;
        Association.Up = Greet;
        Association.Connect(DelayLine.NowNs);
    });

    public void Establish(SessionRequest request) => Post(() =>
    {
        Context context = new(request, ++_lastRanId);
        _byRanId[context.RanUeId] = context;
        _byUe[request.UeAddress] = context;
        nas[context.RanUeId] = new(request);
        Begin(context);
    });

    public void Release(uint ueAddress) => Post(() =>
    {
        if (!_byUe.TryGetValue(ueAddress, out Context? context))
        {
            outcome.Released(ueAddress);
            return;
        }
        context.Stage = Stage.Releasing;
        Begin(context);
    });

    private void Greet()
    {
        NgapMessage request = new(NgapProcedure.NgSetup, NgapOutcome.Initiating)
        {
            RanNode = NgapParts.Gnb, RanNodeName = "gnb1",
        };
        request.SupportedAreas.Add(new(NgapParts.TrackingAreaCode, NgapParts.Plmn, NgapParts.Slices));
        request.Further.AddRange([NgapParts.PagingDrx, NgapParts.UesRetained]);
        Send(request);
    }

    // What the gNB last asked for a UE; asked again after a new set-up, as the answer may have been lost with the old.
    private void Begin(Context context)
    {
        if (!_isSetUp || context.Stage is Stage.Active or Stage.Refused) return;
        if (context.Stage is Stage.Releasing)
        {
            NgapMessage release = Of(context, NgapProcedure.UeContextReleaseRequest, NgapOutcome.Initiating);
            release.Further.Add(NgapParts.UserInactivity);
            Send(release);
            return;
        }
        context.Stage = Stage.Registering;
        NgapMessage initial = new(NgapProcedure.InitialUeMessage, NgapOutcome.Initiating) { RanUeId = context.RanUeId };
        initial.Further.AddRange(
            [NgapParts.RegistrationRequest(context.Request.UeAddress), NgapParts.Location,
             NgapParts.EstablishmentCause, NgapParts.ContextRequest]);
        Send(initial);
    }

    protected override void Take(NgapMessage message)
    {
        if (message is { Procedure: NgapProcedure.NgSetup, Outcome: NgapOutcome.Successful })
        {
            _isSetUp = true;
            foreach (Context waiting in _byRanId.Values) Begin(waiting);
            return;
        }
        if (message.RanUeId is not { } id || !_byRanId.TryGetValue(id, out Context? context))
        {
            Events.Add($"n2 gnb: {message.Procedure} for no UE of its");
            return;
        }
        context.AmfUeId = message.AmfUeId ?? context.AmfUeId;
        switch (message.Procedure)
        {
            case NgapProcedure.InitialContextSetup: AskForSession(context); break;
            case NgapProcedure.PduSessionResourceSetup: Grant(context, message); break;
            case NgapProcedure.DownlinkNasTransport: Refuse(context); break;
            case NgapProcedure.PduSessionResourceRelease: Free(context, message); break;
            case NgapProcedure.UeContextRelease: Forget(context); break;
            default: Events.Add($"n2 gnb: {message.Procedure} is not known"); break;
        }
    }

    private void AskForSession(Context context)
    {
        context.Stage = Stage.Asking;
        Send(Of(context, NgapProcedure.InitialContextSetup, NgapOutcome.Successful));
        NgapMessage uplink = Of(context, NgapProcedure.UplinkNasTransport, NgapOutcome.Initiating);
        uplink.Further.AddRange([NgapParts.Ciphered(Random, 40), NgapParts.Location]);
        Send(uplink);
    }

    private void Grant(Context context, NgapMessage message)
    {
        if (message.Orders is not [{ UplinkTunnels: [var tunnel, ..], Flows: [var flow, ..] } order])
        {
            Events.Add("n2 gnb: a session that it cannot set up");
            return;
        }
        NgapMessage answer = Of(context, NgapProcedure.PduSessionResourceSetup, NgapOutcome.Successful);
        answer.Grants.Add(new(
            order.Id, [new(N3, default, context.Request.DownlinkTeid)], [.. order.Flows.Select(each => each.Qfi)]));
        Send(answer);
        if (context.Stage is not Stage.Asking) return;
        context.Stage = Stage.Active;
        outcome.Established(new(
            context.Request.UeAddress, tunnel.Address.Ipv4Bits, tunnel.Teid, flow.Qfi)
        {
            Rules = nas.TryGetValue(context.RanUeId, out NasExchange? exchange) ? exchange.Rules : [],
        });
    }

    // The only thing that the AMF part has to say to a UE by itself is that its session was refused.
    private void Refuse(Context context)
    {
        context.Stage = Stage.Refused;
        outcome.Rejected(
            context.Request.UeAddress,
            nas.TryGetValue(context.RanUeId, out NasExchange? exchange) ? exchange.RejectionCause : (byte)0);
    }

    private void Free(Context context, NgapMessage message)
    {
        NgapMessage answer = Of(context, NgapProcedure.PduSessionResourceRelease, NgapOutcome.Successful);
        answer.ReleasedSessions.AddRange(message.ReleasedSessions);
        Send(answer);
    }

    private void Forget(Context context)
    {
        Send(Of(context, NgapProcedure.UeContextRelease, NgapOutcome.Successful));
        Remove(context);
        if (context.Stage is Stage.Releasing) outcome.Released(context.Request.UeAddress);
    }

    private void Remove(Context context)
    {
        _byRanId.Remove(context.RanUeId);
        nas.TryRemove(context.RanUeId, out _);
        if (_byUe.TryGetValue(context.Request.UeAddress, out Context? current) && current == context)
            _byUe.Remove(context.Request.UeAddress);
    }

    private static NgapMessage Of(Context context, NgapProcedure procedure, NgapOutcome outcome) =>
        new(procedure, outcome) { AmfUeId = context.AmfUeId, RanUeId = context.RanUeId };
}
