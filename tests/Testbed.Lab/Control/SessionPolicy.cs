using Testbed.Lab.Behaviour;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Control;

/// <param name="Number">In order of wishes; 0 is the default flow.</param>
/// <param name="Filters">Empty for the default flow, which takes what is left.</param>
internal sealed record PolicyFlow(int Number, byte? Qfi, int FiveQi, IReadOnlyList<FlowDescription> Filters)
{
    public BitRates? Maximum { get; init; }
    public BitRates? Guaranteed { get; init; }
}

/// <param name="Number">In order of wishes, from 1; shares its count with flows.</param>
internal sealed record PolicySteer(int Number, FlowDescription Filter, string NetworkInstance);

/// <summary>
/// What one session is to be like: its QoS flows and its ways out. A value; a change makes another one. The N4 rules
/// follow from it (<see cref="PolicyRules"/>).
/// </summary>
internal sealed record SessionPolicy(
    Subscription Subscription, IReadOnlyList<PolicyFlow> Flows, IReadOnlyList<PolicySteer> Steers, int NextNumber)
{
    /// <summary>Beyond it nobody's phone follows: 16 packet filters a QoS rule set (TS 24.501 §6.2.5.1.1.1).</summary>
    private const int AdditionsMax = 16;
    /// <summary>Six bits (TS 38.415 §5.5.3.3); 0 is kept free.</summary>
    private const byte QfiMax = 63;

    public static SessionPolicy Of(Subscription subscription)
    {
        SessionPolicy policy = new(
            subscription, [new(0, subscription.Qfi, subscription.FiveQi, [])], [], NextNumber: 1);
        foreach (QosFlowRequest request in subscription.Dedicated)
            policy = policy.With(request, out _) ?? policy;
        return policy;
    }

    /// <summary>With one more flow; null when there is no room or the QFI is taken.</summary>
    public SessionPolicy? With(QosFlowRequest request, out PolicyFlow? flow)
    {
        flow = null;
        byte? qfi = request.Qfi ?? FreeQfi();
        if (request.Filters.Count == 0 || qfi is null or > QfiMax || IsFull
            || Flows.Any(one => one.Qfi == qfi))
            return null;
        flow = new(NextNumber, qfi, request.FiveQi, request.Filters)
        {
            Maximum = request.Maximum, Guaranteed = request.Guaranteed,
        };
        return this with { Flows = [.. Flows, flow], NextNumber = NextNumber + 1 };
    }

    /// <summary>With one more way out; null when there is no room.</summary>
    public SessionPolicy? With(FlowDescription filter, string networkInstance, out PolicySteer? steer)
    {
        steer = IsFull ? null : new(NextNumber, filter, networkInstance);
        return steer is null ? null : this with { Steers = [.. Steers, steer], NextNumber = NextNumber + 1 };
    }

    /// <summary>Without an addition; null when it has none of this number.</summary>
    public SessionPolicy? Without(int number) =>
        number == 0 || (Flows.All(flow => flow.Number != number) && Steers.All(steer => steer.Number != number))
            ? null
            : this with
            {
                Flows = [.. Flows.Where(flow => flow.Number != number)],
                Steers = [.. Steers.Where(steer => steer.Number != number)],
            };

    /// <summary>What gNB and UE are told: filters of the flows beside the default one, the later first.</summary>
    public UplinkRule[] UplinkRules() =>
    [
        .. Flows.Where(flow => flow.Number > 0).Reverse().SelectMany(
            flow => flow.Filters.Select(filter => new UplinkRule(filter, flow.Qfi ?? 0, Marking.Of(flow.FiveQi)))),
    ];

    private bool IsFull => Flows.Count + Steers.Count > AdditionsMax;

    private byte? FreeQfi()
    {
        // From the top, so that no claimed flow's number is taken by chance.
        for (byte qfi = QfiMax; qfi > 0; qfi--)
            if (Flows.All(flow => flow.Qfi != qfi)) return qfi;
        return null;
    }
}
