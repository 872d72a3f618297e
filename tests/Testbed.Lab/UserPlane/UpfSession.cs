using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;

namespace Testbed.Lab.UserPlane;

/// <summary>
/// One session's rules as forwarding needs them: what PDRs, FARs and QERs of PFCP said, resolved to sockets.
/// </summary>
internal sealed class UpfSession
{
    private volatile FlowRules _rules = FlowRules.None;

    /// <summary>The UPF's session endpoint identifier.</summary>
    public required ulong Seid { get; init; }
    /// <summary>The SMF part's session endpoint identifier.</summary>
    public required ulong PeerSeid { get; init; }
    public required uint UeAddress { get; init; }
    public required SliceAccess Slice { get; init; }
    public required N3Endpoint N3 { get; init; }
    public required uint UplinkTeid { get; init; }
    /// <summary>Replaced as a whole when N4 changes them.</summary>
    public FlowRules Rules
    {
        get => _rules;
        set => _rules = value;
    }

    public required TunnelRecord Record { get; init; }
}

/// <summary>Where a session's downlink goes: the gNB's TEID and address.</summary>
internal sealed record DownlinkTunnel(uint Teid, SendPort ToGnb);
