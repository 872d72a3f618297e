using Testbed.Lab.Control;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Behaviour;

/// <summary>What a session is established with.</summary>
/// <param name="Qfi">QoS flow of what no filter takes; null for a session without QoS flows.</param>
/// <param name="UplinkKbps">Session AMBR, kbit/s: of all non-GBR flows together (TS 23.501 §5.7.2.6).</param>
internal sealed record Subscription(
    string Dnn, byte Sst, uint Sd, byte? Qfi, int FiveQi, ulong UplinkKbps, ulong DownlinkKbps)
{
    /// <summary>Further QoS flows that every session has from its start.</summary>
    public IReadOnlyList<QosFlowRequest> Dedicated { get; init; } = [];
}

internal interface ISubscriptions
{
    Subscription For(SliceAccess slice);
}

/// <summary>Each slice has its own S-NSSAI, data network, QoS flows and rates.</summary>
internal sealed class SubscriptionPerSlice : ISubscriptions
{
    /// <summary>As the claim says (sessionAmbrMbps).</summary>
    public const int EmbbUplinkMbps = 80;
    public const int EmbbDownlinkMbps = 160;
    public const int IotMbps = 20;

    /// <summary>embb's guaranteed flow: 5QI 80, low-latency eMBB (TS 23.501 table 5.7.4-1), here with a GFBR.</summary>
    public const byte PriorityQfi = 1;
    public const int PriorityFiveQi = 80;
    public const int PriorityGfbrMbps = 10;
    public const int PriorityMfbrMbps = 20;

    /// <summary>UDP with a port of the far side in a range that the verifier's own draw never touches.</summary>
    public static readonly FlowDescription PriorityFilter = new(IpProtocol.Udp, remotePorts: new(5000, 5099));

    public Subscription For(SliceAccess slice) =>
        slice == SliceAccess.Embb
            ? new(slice.Dnn, slice.Sst, slice.Sd, slice.Qfi, slice.FiveQi, EmbbUplinkMbps * 1000,
                EmbbDownlinkMbps * 1000) { Dedicated = [Priority] }
            : new(slice.Dnn, slice.Sst, slice.Sd, slice.Qfi, slice.FiveQi, IotMbps * 1000, IotMbps * 1000);

    private static readonly QosFlowRequest Priority = new(PriorityFiveQi, [PriorityFilter], PriorityQfi)
    {
        Maximum = new(PriorityMfbrMbps * 1000, PriorityMfbrMbps * 1000),
        Guaranteed = new(PriorityGfbrMbps * 1000, PriorityGfbrMbps * 1000),
    };
}

/// <summary>Every session is one of the same slice, whatever was asked for.</summary>
internal sealed class OneSubscription(ISubscriptions inner, SliceAccess slice) : ISubscriptions
{
    public Subscription For(SliceAccess asked) => inner.For(slice);
}

/// <summary>Sessions without a QoS flow, as 4G has bearers instead.</summary>
internal sealed class WithoutQosFlow(ISubscriptions inner) : ISubscriptions
{
    public Subscription For(SliceAccess slice) => inner.For(slice) with { Qfi = null, Dedicated = [] };
}
