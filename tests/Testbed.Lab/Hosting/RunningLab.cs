using Testbed.Lab.Behaviour;
using Testbed.Lab.Control;
using Testbed.Lab.Exposure;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Radio;
using Testbed.Lab.Records;
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
    private readonly LongHaul _longHaul;
    private readonly AttachService _attach;
    private readonly EchoHost[] _hosts;
    private readonly BackgroundTraffic _background;
    private readonly CaptureWatch _watch;
    private readonly UeModem _modem;
    private ExposureServers? _exposure;

    private RunningLab(LabBehaviour behaviour, Ledger ledger)
    {
        uint started = unchecked((uint)(ledger.StartedUtc.ToUnixTimeSeconds() + NtpEpochOffset));
        _upf = new(behaviour, ledger, _stop);
        int n4 = NetworkNamespace.Run(Plan.Upf, () => LabSockets.OpenUdp(Plan.UpfN4, Plan.PfcpPort));
        _upfPfcp = new("upf n4", new UpfPfcp(n4, _upf.Sessions, _upf.Installer, ledger, started), _stop, n4);
        _smf = new(behaviour, ledger.Events, _stop, started);
        _gnb = new(behaviour, ledger, _stop, outcome => Connect(behaviour, outcome));
        _longHaul = new(ledger.Events, _stop);
        _attach = new(_gnb.Sessions);
        _hosts = [new(Plan.DnA, Plan.HostA), new(Plan.DnB, Plan.HostB), new(Plan.Mec, Plan.EdgeHost)];
        _background = new(behaviour.Background, ledger.Events, TimeProvider.System);
        _watch = new(_stop, () => _gnb.ReleaseIdle(QuietBeforeCapture), _background.Switch);
        _modem = new(_gnb.Release);
    }

    /// <summary>The edge's data network under the name that applications use.</summary>
    private static readonly Dictionary<string, string> InstanceOfDnai =
        new(StringComparer.Ordinal) { [Plan.EdgeDnai] = "edge" };

    /// <summary>Starts all functions in their namespaces; returns when sessions can be asked for.</summary>
    public static async Task<RunningLab> StartAsync(LabBehaviour behaviour, Ledger ledger, LabAccess access)
    {
        RunningLab lab = new(behaviour, ledger);
        await lab._smf.AssociateAsync();
        lab._exposure = await ExposureServers.StartAsync(
            behaviour.Exposure, lab._smf.Policy, access, ledger.Events, TimeProvider.System, InstanceOfDnai);
        return lab;
    }

    private ISessionControl Connect(LabBehaviour behaviour, ISessionOutcome outcome)
    {
        _smf.Outcome = outcome;
        SessionBackDoor backDoor = new(_upf.Sessions, _upf.Installer, behaviour.Subscriptions, outcome);
        ISessionControl control = _smf;
        foreach (Func<ISessionControl, SessionBackDoor, ISessionControl> wrap in behaviour.SessionControls)
            control = wrap(control, backDoor);
        return control;
    }

    public async ValueTask DisposeAsync()
    {
        if (_exposure is not null) await _exposure.DisposeAsync();
        _stop.Set();
        _modem.Dispose();
        _watch.Dispose();
        _background.Dispose();
        foreach (EchoHost host in _hosts) host.Dispose();
        _longHaul.Dispose();
        _attach.Dispose();
        _gnb.Dispose();
        _smf.Dispose();
        _upfPfcp.Dispose();
        _upf.Dispose();
        _stop.Dispose();
    }
}
