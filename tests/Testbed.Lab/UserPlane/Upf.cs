using Testbed.Lab.Behaviour;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;

namespace Testbed.Lab.UserPlane;

/// <summary>The user plane function: sockets in its namespace, one thread a direction, a delay line each.</summary>
internal sealed class Upf : IDisposable
{
    private readonly DelayLine _uplinkLine;
    private readonly DelayLine _downlinkLine;
    private readonly UpfUplink _uplink;
    private readonly UpfDownlink _downlink;
    private readonly ForwardingLoop _uplinkLoop;
    private readonly ForwardingLoop _downlinkLoop;
    private readonly IReadOnlyList<N6Port> _n6;
    private readonly IReadOnlyList<N3Endpoint> _n3;
    private readonly Ledger _ledger;

    public Upf(LabBehaviour behaviour, Ledger ledger, StopSignal stop)
    {
        _ledger = ledger;
        (IReadOnlyList<N3Endpoint> n3, IReadOnlyList<N6Port> n6) =
            NetworkNamespace.Run(Plan.Upf, () => OpenSockets(behaviour));
        (_n3, _n6) = (n3, n6);
        Sessions = new(behaviour.Seed, behaviour.Teids);
        Installer = new(Sessions, n3, n6, behaviour, ledger);
        _uplinkLine = new("upf delay uplink", stop);
        _downlinkLine = new("upf delay downlink", stop);
        _uplink = new(Sessions, n3, behaviour, _uplinkLine, ledger);
        _downlink = new(Sessions, n6, behaviour, _downlinkLine, ledger);
        _uplinkLoop = new("upf uplink", _uplink, stop, [.. n3.Select(end => end.Fd)]);
        _downlinkLoop = new("upf downlink", _downlink, stop, [.. n6.Select(port => port.Fd)]);
    }

    public SessionTable Sessions { get; }
    public SessionInstaller Installer { get; }

    private static (IReadOnlyList<N3Endpoint> N3, IReadOnlyList<N6Port> N6) OpenSockets(LabBehaviour behaviour) =>
    (
        [N3Endpoint.Open(Plan.UpfN3), N3Endpoint.Open(Plan.HiddenUpfN3)],
        [
            .. SliceAccess.All.Select(slice => N6Port.Open(
                slice, behaviour.EdgeIsBehindCentre && slice == SliceAccess.Embb ? [Plan.EdgeHost] : [])),
            N6Port.OpenEdge(),
        ]);

    /// <summary>From now on what it sends on N3 is made by another stack, twice as far away.</summary>
    public void SendAsAnotherHost()
    {
        const int timeToLive = 128;
        foreach (N3Endpoint end in _n3) LabSockets.ChangeHeaders(end.Fd, timeToLive);
    }

    /// <summary>Call after the stop signal is set.</summary>
    public void Dispose()
    {
        _uplinkLoop.Dispose();
        _downlinkLoop.Dispose();
        _uplinkLine.Dispose();
        _downlinkLine.Dispose();
        _ledger.Events.Add("upf: packets that the kernel refused", _uplink.RefusedCount + _downlink.RefusedCount);
        _ledger.Events.Add("upf: packets too long", _uplinkLoop.TruncatedCount + _downlinkLoop.TruncatedCount);
        long drops = NetworkNamespace.Run(Plan.Upf, LabSockets.UdpDrops)
            + _n6.Sum(port => LabSockets.PacketDrops(port.Fd));
        _ledger.Events.Add("upf: packets that its sockets had no room for", drops);
        _uplink.Dispose();
        _downlink.Dispose();
    }
}
