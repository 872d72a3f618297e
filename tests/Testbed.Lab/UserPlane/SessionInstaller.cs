using Testbed.Lab.Behaviour;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;

namespace Testbed.Lab.UserPlane;

/// <summary>Whose session an establishment asks for.</summary>
/// <param name="NetworkInstance">Of the default downlink rule; says which slice the session is of.</param>
internal sealed record SessionOwner(ulong PeerSeid, uint UeAddress, string NetworkInstance);

/// <param name="Address">N3 address of the gNB as a big-endian number.</param>
internal sealed record GnbEnd(uint Address, uint Teid);

internal enum InstallResult
{
    Installed,
    UnknownNetworkInstance,
    NoRoom,
    AddressInUse,
}

/// <summary>Turns rules into a session of the UPF's table, and the names in them into what this UPF has.</summary>
internal sealed class SessionInstaller(
    SessionTable sessions, IReadOnlyList<N3Endpoint> n3, IReadOnlyList<N6Port> n6,
    LabBehaviour behaviour, Ledger ledger)
{
    /// <summary>
    /// What a sender that was held up may catch up with, well inside the 2 s over which a session's rate is averaged
    /// (TS 23.501 §5.7.2.6), and a short queue that smooths what follows.
    /// </summary>
    private const long BurstNs = 60_000_000;
    private const long QueueNs = 20_000_000;

    private readonly Dictionary<(int Fd, uint Gnb, byte Dscp), SendPort> _gnbPorts = [];

    /// <param name="rules">Made for <see cref="EndpointFor"/> the same UE.</param>
    public InstallResult TryInstall(SessionOwner owner, FlowRules rules, out UpfSession? session)
    {
        session = null;
        SliceAccess? slice = SliceAccess.All.FirstOrDefault(one => one.Dnn == owner.NetworkInstance);
        if (slice is null) return InstallResult.UnknownNetworkInstance;
        int inSlice = sessions.All.Count(one => one.Slice == slice);
        if (!behaviour.Admission.Admits(slice, inSlice)) return InstallResult.NoRoom;
        session = new()
        {
            Seid = sessions.FreshSeid(),
            PeerSeid = owner.PeerSeid,
            UeAddress = owner.UeAddress,
            Slice = slice,
            N3 = EndpointFor(owner.UeAddress),
            UplinkTeid = sessions.FreshTeid(),
            Rules = rules,
            Record = ledger.Find(owner.UeAddress) ?? ledger.Open(slice.Name, owner.UeAddress),
        };
        if (sessions.TryAdd(session)) return InstallResult.Installed;
        session = null;
        return InstallResult.AddressInUse;
    }

    /// <summary>The N3 address that a UE's session is served from.</summary>
    public N3Endpoint EndpointFor(uint ueAddress)
    {
        string anchor = behaviour.Anchor.AddressFor(ueAddress);
        return n3.First(end => end.Address == anchor);
    }

    /// <summary>The interfaces that a network instance reaches; null when this UPF does not know it.</summary>
    public IReadOnlyList<N6Port>? PortsOf(string networkInstance) =>
        behaviour.NetworkInstances.TryGetValue(networkInstance, out IReadOnlyList<string>? interfaces)
            ? [.. n6.Where(port => interfaces.Contains(port.Interface))]
            : null;

    /// <param name="kbps">As signalled; 0 is no limit here, the gate closes flows.</param>
    /// <param name="isSession">The session's AMBR; else one flow's MFBR.</param>
    public RateLimiter? Limiter(long kbps, bool isSession) => kbps <= 0 ? null
        : new(behaviour.Rates.Enforced(Math.Min(kbps, long.MaxValue / 1000) * 1000, isSession), BurstNs, QueueNs);

    public DownlinkTunnel TunnelTo(N3Endpoint endpoint, GnbEnd gnb, byte dscp)
    {
        lock (_gnbPorts)
        {
            if (!_gnbPorts.TryGetValue((endpoint.Fd, gnb.Address, dscp), out SendPort? port))
                _gnbPorts.Add(
                    (endpoint.Fd, gnb.Address, dscp),
                    port = SendPort.ToPeer(endpoint.Fd, new(gnb.Address, Plan.GtpUPort), dscp));
            return new(gnb.Teid, port);
        }
    }
}
