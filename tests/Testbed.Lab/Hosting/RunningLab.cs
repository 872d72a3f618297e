using Testbed.Lab.Access;
using Testbed.Lab.Behaviour;
using Testbed.Lab.Control;
using Testbed.Lab.Edge;
using Testbed.Lab.Exposure;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Incidents;
using Testbed.Lab.Native;
using Testbed.Lab.Radio;
using Testbed.Lab.Records;
using Testbed.Lab.Taps;
using Testbed.Lab.Topology;
using Testbed.Lab.UserPlane;
using Testbed.Lab.Users;

namespace Testbed.Lab.Hosting;

/// <summary>All functions of the lab, running.</summary>
internal sealed class RunningLab : IAsyncDisposable
{
    /// <summary>From 1900, where NTP counts from, to 1970 (RFC 5905 §6), seconds.</summary>
    private const long NtpEpochOffset = 2_208_988_800;

    /// <summary>A session that speaks now is part of what is being captured.</summary>
    private static readonly TimeSpan QuietBeforeCapture = TimeSpan.FromSeconds(1);

    private readonly StopSignal _stop = new();
    private readonly Upf _upf;
    private readonly ForwardingLoop _upfPfcp;
    private readonly Smf _smf;
    private readonly Gnb _gnb;
    private N2? _n2;
    private readonly LongHaul _longHaul;
    private readonly AttachService _attach;
    private readonly EchoHost[] _hosts;
    private readonly NameServer _names;
    private readonly Breakout _breakout;
    private readonly BackgroundTraffic _background;
    private readonly CaptureWatch _watch;
    private readonly UeModem _modem;
    private ExposureServers? _exposure;
    private readonly IncidentTimer _incidents;
    private readonly TapFeed? _feed;
    private MecPlatform? _mec;

    private RunningLab(LabBehaviour behaviour, Ledger ledger)
    {
        RecoveryTime upfStarted = unchecked((uint)(ledger.StartedUtc.ToUnixTimeSeconds() + NtpEpochOffset));
        uint started = upfStarted.Seconds;
        _upf = new(behaviour, ledger, _stop);
        int n4 = NetworkNamespace.Run(Plan.Upf, () => LabSockets.OpenUdp(Plan.UpfN4, Plan.PfcpPort));
        _upfPfcp = new("upf n4", new UpfPfcp(n4, _upf.Sessions, _upf.Installer, ledger, upfStarted), _stop, n4);
        _smf = new(behaviour, ledger.Events, _stop, started);
        _gnb = new(behaviour, ledger, _stop, outcome => Connect(behaviour, outcome, ledger.Events));
        _longHaul = new(ledger.Events, _stop);
        _attach = new(_gnb.Sessions, ledger);
        _hosts = [new(Plan.DnA, Plan.HostA), new(Plan.DnB, Plan.HostB), new(Plan.Mec, Plan.EdgeHost)];
        _names = new(behaviour.Names, ledger.Events);
        _breakout = new(_smf.Policy, behaviour.Breakouts, ledger.Events);
        _background = new(behaviour.Background, ledger.Events, TimeProvider.System);
        _incidents = new(behaviour.Incidents, () => new(_upf, upfStarted, Kits), TimeProvider.System);
        if (behaviour.TapFilters.Count > 0) _feed = new(behaviour.TapFilters, _stop);
        _watch = new(
            _stop, () => _gnb.ReleaseIdle(QuietBeforeCapture), () => _n2?.SetUpAgain(), Watched);
        _modem = new(_gnb.Release);
    }

    /// <summary>The kits, once they run; an incident may concern one.</summary>
    public KitProcesses? Kits { get; set; }

    private void Watched(bool isWatched)
    {
        if (isWatched) _incidents.Start();
        _background.Switch(isWatched);
    }

    /// <summary>The edge's data network under the name that applications use.</summary>
    private static readonly Dictionary<string, string> InstanceOfDnai =
        new(StringComparer.Ordinal) { [Plan.EdgeDnai] = Plan.EdgeInstance };

    /// <summary>Starts all functions in their namespaces; returns when sessions can be asked for.</summary>
    public static async Task<RunningLab> StartAsync(LabBehaviour behaviour, Ledger ledger, LabAccess access)
    {
        RunningLab lab = new(behaviour, ledger);
        await lab._smf.AssociateAsync();
        lab._exposure = await ExposureServers.StartAsync(
            behaviour.Exposure, lab._smf.Policy, access, ledger.Events, TimeProvider.System, InstanceOfDnai);
        lab._mec = await MecPlatform.StartAsync(
            behaviour.Mec, new(lab._smf.Policy, TimeProvider.System), access.Authority.Issue(Plan.EdgeHost),
            access.MecToken, behaviour.Seed, ledger.Events);
        return lab;
    }

    private ISessionControl Connect(LabBehaviour behaviour, ISessionOutcome outcome, EventCounts events)
    {
        if (behaviour.HasN2)
            _n2 = new(behaviour, events, _stop, outcome, amf =>
            {
                _smf.Outcome = amf;
                return _smf;
            });
        bool isOverN2 = _n2 is not null && behaviour.RegistersUes;
        if (!isOverN2) _smf.Outcome = outcome;
        SessionBackDoor backDoor = new(_upf.Sessions, _upf.Installer, behaviour.Subscriptions, outcome);
        ISessionControl control = isOverN2 ? _n2!.Control : _smf;
        foreach (Func<ISessionControl, SessionBackDoor, ISessionControl> wrap in behaviour.SessionControls)
            control = wrap(control, backDoor);
        return control;
    }

    public async ValueTask DisposeAsync()
    {
        if (_exposure is not null) await _exposure.DisposeAsync();
        if (_mec is not null) await _mec.DisposeAsync();
        _stop.Set();
        _modem.Dispose();
        _watch.Dispose();
        _incidents.Dispose();
        _feed?.Dispose();
        _background.Dispose();
        _breakout.Dispose();
        _names.Dispose();
        foreach (EchoHost host in _hosts) host.Dispose();
        _longHaul.Dispose();
        _attach.Dispose();
        _gnb.Dispose();
        _n2?.Dispose();
        _smf.Dispose();
        _upfPfcp.Dispose();
        _upf.Dispose();
        _stop.Dispose();
    }
}
