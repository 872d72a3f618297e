using System.Collections.Concurrent;
using Testbed.Lab.Behaviour;
using Testbed.Lab.Control;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;
using Testbed.Wire.Ngap;
using Testbed.Wire.Pfcp;

namespace Testbed.Lab.Access;

/// <summary>
/// The part of an AMF that the lab needs: registers every UE, hands its wish for a session to the SMF part and the
/// SMF part's answer to the gNB.
/// </summary>
/// <param name="tellUe">Hands a UE its QoS rules, which NAS carries past the gNB.</param>
internal sealed class N2Amf(
    N2Port port, ushort peerPort, int seed, ConcurrentDictionary<long, NasExchange> nas, ISubscriptions subscriptions,
    Action<uint, IReadOnlyList<UplinkRule>> tellUe, EventCounts events, StopSignal stop)
    : N2Node("n2 amf", port, Plan.NgapPort, peerPort, seed, events, stop), ISessionOutcome
{
    private sealed class Context(long ranUeId, long amfUeId, SessionRequest request)
    {
        public long RanUeId { get; } = ranUeId;
        public long AmfUeId { get; } = amfUeId;
        public SessionRequest Request { get; } = request;
        public bool IsAsked { get; set; }
        public SessionGrant? Grant { get; set; }
    }

    /// <summary>ARP priority of every flow (TS 23.501 §5.7.2.2); the lab preempts nothing.</summary>
    private const int PriorityLevel = 8;

    private readonly Dictionary<long, Context> _byRanId = [];
    private readonly Dictionary<uint, Context> _byUe = [];
    private long _lastAmfId;

    /// <summary>The SMF part; set once before the thread starts.</summary>
    public ISessionControl? Core { get; set; }

    protected override void Take(NgapMessage message)
    {
        if (message.Procedure is NgapProcedure.NgSetup) Welcome();
        else if (message.RanUeId is not { } id) Events.Add($"n2 amf: {message.Procedure} without a UE");
        else if (message.Procedure is NgapProcedure.InitialUeMessage) Register(id);
        else if (!_byRanId.TryGetValue(id, out Context? context)) Events.Add($"n2 amf: {message.Procedure} of no UE");
        else Take(message, context);
    }

    private void Take(NgapMessage message, Context context)
    {
        switch (message.Procedure)
        {
            case NgapProcedure.UplinkNasTransport: Establish(context); break;
            case NgapProcedure.UeContextReleaseRequest: Core?.Release(context.Request.UeAddress); break;
            case NgapProcedure.PduSessionResourceRelease: EndContext(context, NgapParts.UserInactivity); break;
            case NgapProcedure.UeContextRelease: Forget(context); break;
            case NgapProcedure.InitialContextSetup:
            case NgapProcedure.PduSessionResourceSetup:
                break;
            default: Events.Add($"n2 amf: {message.Procedure} is not known"); break;
        }
    }

    private void Welcome()
    {
        NgapMessage answer = new(NgapProcedure.NgSetup, NgapOutcome.Successful) { AmfName = "amf1" };
        answer.ServedGuamis.Add(NgapParts.Guami);
        answer.PlmnSupport.Add(new(NgapParts.Plmn, NgapParts.Slices));
        answer.Further.AddRange([NgapParts.RelativeCapacity, NgapParts.UesRetained]);
        Send(answer);
    }

    private void Register(long ranUeId)
    {
        if (!nas.TryGetValue(ranUeId, out NasExchange? exchange)) return;
        if (!_byRanId.TryGetValue(ranUeId, out Context? context))
            _byRanId[ranUeId] = context = new(ranUeId, ++_lastAmfId, exchange.Request);
        _byUe[exchange.Request.UeAddress] = context;
        NgapMessage setup = Of(context, NgapProcedure.InitialContextSetup, NgapOutcome.Initiating);
        Subscription subscription = subscriptions.For(context.Request.Slice);
        setup.AllowedSlices.Add(new(subscription.Sst, (int)subscription.Sd));
        setup.Further.AddRange(
            [NgapParts.GuamiElement, NgapParts.SecurityCapabilities, NgapParts.SecurityKey(Random),
             NgapParts.Ciphered(Random, 44)]);
        Send(setup);
    }

    private void Establish(Context context)
    {
        if (context.Grant is { } grant) Order(context, grant);
        else if (!context.IsAsked)
        {
            context.IsAsked = true;
            Core?.Establish(context.Request);
        }
    }

    public void Established(SessionGrant grant) => Post(() =>
    {
        if (!_byUe.TryGetValue(grant.UeAddress, out Context? context)) return;
        context.Grant = grant;
        if (nas.TryGetValue(context.RanUeId, out NasExchange? exchange)) exchange.Rules = grant.Rules;
        Order(context, grant);
    });

    public void Modified(uint ueAddress, IReadOnlyList<UplinkRule> rules) => tellUe(ueAddress, rules);

    private void Order(Context context, SessionGrant grant)
    {
        Subscription subscription = subscriptions.For(context.Request.Slice);
        NgapMessage order = Of(context, NgapProcedure.PduSessionResourceSetup, NgapOutcome.Initiating);
        order.Orders.Add(new(
            N2Gnb.SessionId, SliceOf(context.Request, subscription),
            [new(HostAddress.FromIpv4(grant.UpfAddress), default, grant.UplinkTeid)],
            [
                new(grant.Qfi, subscription.FiveQi, false, PriorityLevel, false, false, null),
                .. subscription.Dedicated.Where(flow => flow.Qfi is not null).Select(FlowOf),
            ])
        {
            Further =
            [
                NgapParts.SessionAmbr(Bps(subscription.DownlinkKbps), Bps(subscription.UplinkKbps)),
                NgapParts.Ipv4Session,
            ],
        });
        Send(order);
    }

    private static Snssai SliceOf(SessionRequest request, Subscription subscription) =>
        new(request.Sst ?? subscription.Sst, (int)(request.Sd ?? subscription.Sd));

    private static QosFlowOrder FlowOf(QosFlowRequest flow) => new(
        flow.Qfi!.Value, flow.FiveQi, false, PriorityLevel, false, false,
        flow is { Maximum: { } most, Guaranteed: { } least }
            ? new(Bps(most.DownlinkKbps), Bps(most.UplinkKbps), Bps(least.DownlinkKbps), Bps(least.UplinkKbps))
            : null);

    private static long Bps(ulong kbps) => (long)kbps * 1000;

    public void Rejected(uint ueAddress, byte cause) => Post(() =>
    {
        if (!_byUe.TryGetValue(ueAddress, out Context? context)) return;
        if (nas.TryGetValue(context.RanUeId, out NasExchange? exchange)) exchange.RejectionCause = cause;
        NgapMessage refusal = Of(context, NgapProcedure.DownlinkNasTransport, NgapOutcome.Initiating);
        refusal.Further.Add(NgapParts.Ciphered(Random, 30));
        Send(refusal);
        EndContext(context, NgapParts.NormalRelease);
    });

    public void Released(uint ueAddress) => Post(() =>
    {
        if (!_byUe.TryGetValue(ueAddress, out Context? context)) return;
        NgapMessage command = Of(context, NgapProcedure.PduSessionResourceRelease, NgapOutcome.Initiating);
        command.ReleasedSessions.Add(N2Gnb.SessionId);
        Send(command);
    });

    private void EndContext(Context context, NgapElement cause)
    {
        NgapMessage command = Of(context, NgapProcedure.UeContextRelease, NgapOutcome.Initiating);
        command.Further.Add(cause);
        Send(command);
    }

    private void Forget(Context context)
    {
        _byRanId.Remove(context.RanUeId);
        if (_byUe.TryGetValue(context.Request.UeAddress, out Context? current) && current == context)
            _byUe.Remove(context.Request.UeAddress);
    }

    private static NgapMessage Of(Context context, NgapProcedure procedure, NgapOutcome outcome) =>
        new(procedure, outcome) { AmfUeId = context.AmfUeId, RanUeId = context.RanUeId };
}
