using Testbed.Lab.Behaviour;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;

namespace Testbed.Lab.UserPlane;

/// <summary>What a session establishment asks of the UPF, taken from PDRs, FARs and QERs.</summary>
/// <param name="Qfi">Null when the rules name no QoS flow.</param>
/// <param name="UplinkKbps">Maximum bit rate, kbit/s; null without one.</param>
/// <param name="Downlink">The gNB's end of the tunnel; null when it is not known yet.</param>
internal sealed record SessionRules(
    ulong PeerSeid, uint UeAddress, string NetworkInstance, byte? Qfi, ulong? UplinkKbps, ulong? DownlinkKbps,
    GnbEnd? Downlink);

/// <param name="Address">N3 address of the gNB as a big-endian number.</param>
internal sealed record GnbEnd(uint Address, uint Teid);

internal enum InstallResult
{
    Installed,
    UnknownNetworkInstance,
    NoRoom,
    AddressInUse,
}

/// <summary>Turns rules into a session of the UPF's table.</summary>
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

    private readonly Dictionary<(int Fd, uint Gnb), SendPort> _gnbPorts = [];

    public InstallResult TryInstall(SessionRules rules, out UpfSession? session)
    {
        session = null;
        if (!behaviour.NetworkInstances.TryGetValue(rules.NetworkInstance, out IReadOnlyList<string>? interfaces))
            return InstallResult.UnknownNetworkInstance;
        SliceAccess slice = SliceAccess.All.First(one => one.Dnn == rules.NetworkInstance);
        int inSlice = sessions.All.Count(one => one.Slice == slice);
        if (!behaviour.Admission.Admits(slice, inSlice)) return InstallResult.NoRoom;
        string anchor = behaviour.Anchor.AddressFor(rules.UeAddress);
        N3Endpoint endpoint = n3.First(end => end.Address == anchor);
        session = new()
        {
            Seid = sessions.FreshSeid(),
            PeerSeid = rules.PeerSeid,
            UeAddress = rules.UeAddress,
            Slice = slice,
            N6 = [.. n6.Where(port => interfaces.Contains(port.Interface))],
            N3 = endpoint,
            UplinkTeid = sessions.FreshTeid(),
            Qfi = rules.Qfi,
            Downlink = TunnelTo(endpoint, rules.Downlink),
            UplinkRate = Limiter(rules.UplinkKbps),
            DownlinkRate = Limiter(rules.DownlinkKbps),
            Record = ledger.Find(rules.UeAddress) ?? ledger.Open(slice.Name, rules.UeAddress),
        };
        if (sessions.TryAdd(session)) return InstallResult.Installed;
        session = null;
        return InstallResult.AddressInUse;
    }

    private RateLimiter? Limiter(ulong? kbps) =>
        kbps is { } rate and > 0
            ? new(behaviour.Rates.Enforced((long)Math.Min(rate, long.MaxValue / 1000) * 1000), BurstNs, QueueNs)
            : null;

    /// <summary>Points a session's downlink at another tunnel, as a modification asks for.</summary>
    public void Redirect(UpfSession session, GnbEnd gnb) => session.Downlink = TunnelTo(session.N3, gnb);

    private DownlinkTunnel? TunnelTo(N3Endpoint endpoint, GnbEnd? gnb) =>
        gnb is null ? null : new(gnb.Teid, GnbPort(endpoint, gnb.Address));

    private SendPort GnbPort(N3Endpoint endpoint, uint gnb)
    {
        lock (_gnbPorts)
        {
            if (!_gnbPorts.TryGetValue((endpoint.Fd, gnb), out SendPort? port))
                _gnbPorts.Add((endpoint.Fd, gnb), port = SendPort.ToPeer(endpoint.Fd, new(gnb, Plan.GtpUPort)));
            return port;
        }
    }
}
