using Testbed.Lab.Forwarding;
using Testbed.Wire.Qos;

namespace Testbed.Lab.UserPlane;

/// <summary>
/// One packet detection rule with what it leads to, resolved to sockets and limiters. Immutable but for its limiters,
/// which only the thread of its direction touches.
/// </summary>
/// <param name="Precedence">The lowest wins (TS 29.244 §8.2.11).</param>
/// <param name="Qfi">QoS flow that an uplink packet must name, and a downlink packet gets; null for none.</param>
/// <param name="Filters">Any must match; without filters every packet does.</param>
/// <param name="N6">Interfaces that the rule's network instance reaches.</param>
/// <param name="Rates">All limits that count the packet: its flow's MFBR, or its session's AMBR.</param>
/// <param name="IsGuaranteed">A GBR flow; goes before all others where the link is full.</param>
internal sealed record FlowRule(
    uint Precedence, byte? Qfi, IReadOnlyList<FlowDescription> Filters, IReadOnlyList<N6Port> N6,
    IReadOnlyList<RateLimiter> Rates, bool IsGuaranteed)
{
    /// <summary>Where the downlink goes; null in the uplink and while no tunnel is known.</summary>
    public DownlinkTunnel? Tunnel { get; init; }

    public bool Takes(in InnerFlow flow)
    {
        if (Filters.Count == 0) return true;
        foreach (FlowDescription filter in Filters)
            if (filter.Matches(flow.Protocol, flow.Ue, flow.UePort, flow.Remote, flow.RemotePort)) return true;
        return false;
    }
}

/// <summary>All rules of a session as one moment has them; replaced as a whole.</summary>
/// <param name="Uplink">By precedence.</param>
/// <param name="Downlink">By precedence.</param>
internal sealed record FlowRules(FlowRule[] Uplink, FlowRule[] Downlink)
{
    public static readonly FlowRules None = new([], []);
}
