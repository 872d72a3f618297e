using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Control;

/// <summary>
/// Writes a session's policy as PDRs, FARs and QERs and says what has to change on N4 from one policy to the next.
/// Rules keep their numbers as long as they live.
/// </summary>
internal sealed class PolicyRules(HostAddress ue, uint downlinkTeid)
{
    /// <summary>Of the default rules; each addition goes before all that came earlier.</summary>
    private const uint PrecedenceMax = 60_000;
    private const uint PrecedenceStep = 200;
    private const uint SessionRateRule = 1;

    private static readonly HostAddress Gnb = HostAddress.Parse(Plan.GnbN3);

    private readonly record struct Key(char Kind, int Flow, int Steer);

    private readonly Dictionary<Key, uint> _numbers = [];
    private readonly Dictionary<char, uint> _last = [];
    private HashSet<Key> _installed = [];
    private HashSet<Key>? _proposed;

    /// <summary>The tunnel end that the UPF chose; null until it has.</summary>
    public FTeid? UplinkEnd { get; set; }

    /// <summary>Fills a request with what leads from what is installed to <paramref name="policy"/>.</summary>
    public void Propose(SessionPolicy policy, PfcpMessage request)
    {
        HashSet<Key> wanted = [];
        if (Wants('q', 0, -1)) request.CreateQers.Add(SessionRate(policy.Subscription));
        if (Wants('u', 0, 0)) request.CreateFars.Add(Uplink(0, policy.Subscription.Dnn));
        foreach (PolicyFlow flow in policy.Flows)
        {
            if (flow.Qfi is not null && Wants('q', flow.Number, 0))
                request.CreateQers.Add(FlowRate(flow));
            if (Wants('d', flow.Number, 0)) request.CreateFars.Add(Downlink(flow));
        }
        foreach (PolicySteer steer in policy.Steers)
            if (Wants('u', 0, steer.Number)) request.CreateFars.Add(Uplink(steer.Number, steer.NetworkInstance));
        foreach (PolicyFlow flow in policy.Flows)
        {
            AddDetection(policy, flow, null, flow.Filters);
            foreach (PolicySteer steer in policy.Steers)
            {
                List<FlowDescription> both = flow.Filters.Count == 0 ? [steer.Filter] :
                    [.. flow.Filters.Select(filter => filter.And(steer.Filter)).OfType<FlowDescription>()];
                if (both.Count > 0) AddDetection(policy, flow, steer, both);
            }
        }
        foreach (Key gone in _installed.Where(key => !wanted.Contains(key))) Remove(gone, request);
        _proposed = wanted;

        bool Wants(char kind, int flow, int steer)
        {
            wanted.Add(new(kind, flow, steer));
            return !_installed.Contains(new(kind, flow, steer));
        }

        void AddDetection(
            SessionPolicy policy, PolicyFlow flow, PolicySteer? steer, IReadOnlyList<FlowDescription> filters)
        {
            int number = steer?.Number ?? 0;
            if (Wants('U', flow.Number, number))
                request.CreatePdrs.Add(UplinkDetection(policy.Subscription, flow, number, filters));
            if (Wants('D', flow.Number, number))
                request.CreatePdrs.Add(DownlinkDetection(
                    steer?.NetworkInstance ?? policy.Subscription.Dnn, flow, number, filters));
        }
    }

    /// <summary>The UPF accepted what was proposed last.</summary>
    public void Commit() => _installed = _proposed ?? _installed;

    private uint NumberOf(char kind, int flow, int steer)
    {
        // Rules of one sort share their numbers' range: U and D are PDRs, u and d are FARs.
        Key key = new(kind, flow, steer);
        if (_numbers.TryGetValue(key, out uint number)) return number;
        char sort = kind is 'U' or 'D' ? 'P' : kind is 'u' or 'd' ? 'F' : 'Q';
        return _numbers[key] = _last[sort] = _last.GetValueOrDefault(sort) + 1;
    }

    private void Remove(Key key, PfcpMessage request)
    {
        uint number = NumberOf(key.Kind, key.Flow, key.Steer);
        if (key.Kind is 'U' or 'D') request.RemovePdrs.Add((ushort)number);
        else if (key.Kind is 'u' or 'd') request.RemoveFars.Add(number);
        else request.RemoveQers.Add(number);
    }

    private static uint Precedence(PolicyFlow flow, int steer) =>
        PrecedenceMax - (uint)Math.Min(flow.Number, 250) * PrecedenceStep
        - (uint)Math.Min(steer, (int)PrecedenceStep - 1);

    private PacketDetectionRule UplinkDetection(
        Subscription subscription, PolicyFlow flow, int steer, IReadOnlyList<FlowDescription> filters)
    {
        PacketDetectionRule rule = new((ushort)NumberOf('U', flow.Number, steer))
        {
            Precedence = Precedence(flow, steer),
            SourceInterface = PfcpInterface.Access,
            InterfaceType = PfcpInterfaceType.N3,
            // Equal choose ids of one message ask for one tunnel (TS 29.244 §8.2.3).
            FTeid = UplinkEnd ?? FTeid.ChooseOnIpv4(chooseId: 1),
            NetworkInstance = subscription.Dnn,
            UeAddress = new(ue, default, IsDestination: false),
            // GTP-U over UDP over IPv4.
            OuterHeaderRemoval = 0,
            FarId = NumberOf('u', 0, steer),
        };
        Complete(rule, flow, filters);
        if (flow.Qfi is { } qfi) rule.Qfis.Add(qfi);
        return rule;
    }

    private PacketDetectionRule DownlinkDetection(
        string networkInstance, PolicyFlow flow, int steer, IReadOnlyList<FlowDescription> filters)
    {
        PacketDetectionRule rule = new((ushort)NumberOf('D', flow.Number, steer))
        {
            Precedence = Precedence(flow, steer),
            SourceInterface = PfcpInterface.Core,
            InterfaceType = PfcpInterfaceType.N6,
            NetworkInstance = networkInstance,
            UeAddress = new(ue, default, IsDestination: true),
            FarId = NumberOf('d', flow.Number, 0),
        };
        Complete(rule, flow, filters);
        return rule;
    }

    private void Complete(PacketDetectionRule rule, PolicyFlow flow, IReadOnlyList<FlowDescription> filters)
    {
        foreach (FlowDescription filter in filters) rule.FlowDescriptions.Add(filter.ToString());
        // The session AMBR is that of non-GBR flows only (TS 23.501 §5.7.1.8).
        if (flow.Guaranteed is null) rule.QerIds.Add(SessionRateRule);
        if (flow.Qfi is not null) rule.QerIds.Add(NumberOf('q', flow.Number, 0));
    }

    private ForwardingActionRule Uplink(int steer, string networkInstance) => new(NumberOf('u', 0, steer))
    {
        ApplyAction = ForwardingActionRule.Forward,
        DestinationInterface = PfcpInterface.Core,
        InterfaceType = PfcpInterfaceType.N6,
        NetworkInstance = networkInstance,
    };

    private ForwardingActionRule Downlink(PolicyFlow flow) => new(NumberOf('d', flow.Number, 0))
    {
        ApplyAction = ForwardingActionRule.Forward,
        DestinationInterface = PfcpInterface.Access,
        InterfaceType = PfcpInterfaceType.N3,
        OuterHeaderCreation = OuterHeaderCreation.ToTunnel(downlinkTeid, Gnb),
        Dscp = Marking.Of(flow.FiveQi) is > 0 and var dscp ? dscp : null,
    };

    private QosEnforcementRule SessionRate(Subscription subscription) => new(NumberOf('q', 0, -1))
    {
        GateStatus = 0,
        MaximumBitRate = new((long)subscription.UplinkKbps, (long)subscription.DownlinkKbps),
    };

    private QosEnforcementRule FlowRate(PolicyFlow flow) => new(NumberOf('q', flow.Number, 0))
    {
        GateStatus = 0,
        Qfi = flow.Qfi,
        MaximumBitRate = Rate(flow.Maximum),
        GuaranteedBitRate = Rate(flow.Guaranteed),
    };

    private static PfcpBitRate? Rate(BitRates? rates) =>
        rates is { } both ? new((long)both.UplinkKbps, (long)both.DownlinkKbps) : null;
}
