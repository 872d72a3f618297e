using Testbed.Lab.Behaviour;
using Testbed.Lab.Control;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Radio;

/// <summary>
/// The gNB: a leg a slice towards the UEs, one N3 address, one thread a direction, a delay line each.
/// </summary>
internal sealed class Gnb : IDisposable
{
    /// <summary>A session without packets for this long is released.</summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan IdleCheck = TimeSpan.FromSeconds(1);

    private readonly UeTable _ues;
    private readonly DelayLine _uplinkLine;
    private readonly DelayLine _downlinkLine;
    private readonly GnbUplink _uplink;
    private readonly GnbDownlink _downlink;
    private readonly ForwardingLoop _uplinkLoop;
    private readonly ForwardingLoop _downlinkLoop;
    private readonly Timer _idleTimer;
    private readonly IReadOnlyList<RadioLeg> _legs;
    private readonly Ledger _ledger;

    public Gnb(LabBehaviour behaviour, Ledger ledger, StopSignal stop, Func<ISessionOutcome, ISessionControl> connect)
    {
        _ledger = ledger;
        (IReadOnlyList<RadioLeg> legs, int n3) = NetworkNamespace.Run(Plan.Gnb, OpenSockets);
        _legs = legs;
        // Another seed than the UPF's, or both ends of a tunnel would draw the same numbers.
        _ues = new(unchecked(behaviour.Seed * 31 + 17));
        Sessions = new(_ues, n3, behaviour, ledger);
        Sessions.Control = connect(Sessions);
        _uplinkLine = new("gnb delay uplink", stop);
        _downlinkLine = new("gnb delay downlink", stop);
        _uplink = new(_ues, Sessions, legs, behaviour, _uplinkLine, ledger.Events);
        _downlink = new(_ues, legs, n3, behaviour, _downlinkLine, ledger.Events);
        _uplinkLoop = new("gnb uplink", _uplink, stop, [.. legs.Select(leg => leg.Fd)]);
        _downlinkLoop = new("gnb downlink", _downlink, stop, n3);
        _idleTimer = new(_ => ReleaseIdle(IdleMax), null, IdleCheck, IdleCheck);
    }

    public GnbSessions Sessions { get; }

    private static (IReadOnlyList<RadioLeg> Legs, int N3) OpenSockets() =>
        ([.. SliceAccess.All.Select(RadioLeg.Open)], LabSockets.OpenUdp(Plan.GnbN3, Plan.GtpUPort));

    /// <summary>Releases every session without packets for so long.</summary>
    public void ReleaseIdle(TimeSpan idle)
    {
        long beforeNs = DelayLine.NowNs - (long)idle.TotalNanoseconds;
        foreach (UeContext ue in _ues.All)
            if (ue.LastPacketNs < beforeNs) Sessions.Release(ue);
    }

    /// <summary>Releases the session of one UE, as that UE may ask for.</summary>
    public void Release(uint ueAddress)
    {
        if (_ues.TryFind(ueAddress, out UeContext? ue)) Sessions.Release(ue);
    }

    /// <summary>Call after the stop signal is set.</summary>
    public void Dispose()
    {
        _idleTimer.Dispose();
        _uplinkLoop.Dispose();
        _downlinkLoop.Dispose();
        _uplinkLine.Dispose();
        _downlinkLine.Dispose();
        _ledger.Events.Add("gnb: packets that the kernel refused", _uplink.RefusedCount + _downlink.RefusedCount);
        _ledger.Events.Add("gnb: packets too long", _uplinkLoop.TruncatedCount + _downlinkLoop.TruncatedCount);
        long drops = NetworkNamespace.Run(Plan.Gnb, LabSockets.UdpDrops)
            + _legs.Sum(leg => LabSockets.PacketDrops(leg.Fd));
        _ledger.Events.Add("gnb: packets that its sockets had no room for", drops);
        _uplink.Dispose();
        _downlink.Dispose();
    }
}
