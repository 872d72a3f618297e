using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Wire.Ngap;

/// <summary>A tunnel's receiving end: where GTP-U is to be sent (TS 38.413 §9.3.2.2).</summary>
/// <param name="Address">IPv4 if the element names one, else IPv6.</param>
/// <param name="SecondAddress">IPv6 where the element names both, else none.</param>
public readonly record struct GtpTunnel(HostAddress Address, HostAddress SecondAddress, uint Teid);

/// <summary>Bit rates of a guaranteed bit rate flow, in bit/s (TS 38.413 §9.3.1.10).</summary>
public readonly record struct GbrFlow(
    long MaximumDownlinkBps, long MaximumUplinkBps, long GuaranteedDownlinkBps, long GuaranteedUplinkBps);

/// <summary>A QoS flow as the core orders it (TS 38.413 §9.3.1.12).</summary>
/// <param name="Qfi">0 to 63: what stands in the PDU session container.</param>
/// <param name="FiveQi">0 to 255; null for a dynamically assigned one that is not named.</param>
/// <param name="IsDynamic">The characteristics are sent along; the 5QI does not imply them.</param>
/// <param name="Priority">ARP priority level, 1 the highest, 15 the lowest.</param>
public readonly record struct QosFlowOrder(
    byte Qfi, int? FiveQi, bool IsDynamic, int Priority, bool MayPreempt, bool IsPreemptable, GbrFlow? Gbr);

/// <summary>A PDU session that the core asks a radio node to set up. Its NAS part is not kept.</summary>
/// <param name="UplinkTunnels">Ends at the UPF; more than one with dual connectivity or redundant paths.</param>
public sealed record PduSessionOrder(
    byte Id, Snssai Snssai, IReadOnlyList<GtpTunnel> UplinkTunnels, IReadOnlyList<QosFlowOrder> Flows)
{
    /// <summary>Elements of the transfer that are written beside those above; reading leaves this empty.</summary>
    public IReadOnlyList<NgapElement> Further { get; init; } = [];
}

/// <summary>A PDU session that a radio node has set up.</summary>
/// <param name="DownlinkTunnels">Ends at the radio node.</param>
/// <param name="Qfis">Flows that the node accepted.</param>
public sealed record PduSessionGrant(byte Id, IReadOnlyList<GtpTunnel> DownlinkTunnels, IReadOnlyList<byte> Qfis);
