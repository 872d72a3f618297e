using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;

namespace Testbed.Lab.UserPlane;

/// <summary>
/// One session's rules as forwarding needs them: what PDRs, FARs and QERs of PFCP said, resolved to sockets.
/// </summary>
internal sealed class UpfSession
{
    private volatile DownlinkTunnel? _downlink;

    /// <summary>The UPF's session endpoint identifier.</summary>
    public required ulong Seid { get; init; }
    /// <summary>The SMF part's session endpoint identifier.</summary>
    public required ulong PeerSeid { get; init; }
    public required uint UeAddress { get; init; }
    public required SliceAccess Slice { get; init; }
    /// <summary>Interfaces that the session's network instance reaches.</summary>
    public required IReadOnlyList<N6Port> N6 { get; init; }
    public required N3Endpoint N3 { get; init; }
    public required uint UplinkTeid { get; init; }
    /// <summary>QoS flow of the session's only uplink and downlink rule; null when the rules name none.</summary>
    public required byte? Qfi { get; init; }
    /// <summary>The gNB's end of the tunnel; null until the control plane names it. Replaced as a whole.</summary>
    public DownlinkTunnel? Downlink
    {
        get => _downlink;
        set => _downlink = value;
    }

    /// <summary>Session rate of each direction, by the thread of that direction only; null without a limit.</summary>
    public RateLimiter? UplinkRate { get; init; }
    public RateLimiter? DownlinkRate { get; init; }
    public required TunnelRecord Record { get; init; }
}

/// <summary>Where a session's downlink goes: the gNB's TEID and address.</summary>
internal sealed record DownlinkTunnel(uint Teid, SendPort ToGnb);
