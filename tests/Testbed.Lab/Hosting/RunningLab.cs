using Testbed.Lab.Behaviour;
using Testbed.Lab.Control;
using Testbed.Lab.Native;
using Testbed.Lab.Radio;
using Testbed.Lab.Records;
using Testbed.Lab.UserPlane;

namespace Testbed.Lab.Hosting;

/// <summary>All functions of the lab, running.</summary>
internal sealed class RunningLab : IDisposable
{
    private readonly StopSignal _stop = new();
    private readonly Upf _upf;
    private readonly Gnb _gnb;

    public RunningLab(LabBehaviour behaviour, Ledger ledger)
    {
        _upf = new(behaviour, ledger, _stop);
        _gnb = new(behaviour, ledger, _stop, outcome => Connect(behaviour, outcome));
    }

    private ISessionControl Connect(LabBehaviour behaviour, ISessionOutcome outcome)
    {
        SessionBackDoor backDoor = new(_upf.Sessions, _upf.Installer, behaviour.Subscriptions, outcome);
        ISessionControl control = backDoor;
        foreach (Func<ISessionControl, SessionBackDoor, ISessionControl> wrap in behaviour.SessionControls)
            control = wrap(control, backDoor);
        return control;
    }

    public void Dispose()
    {
        _stop.Set();
        _gnb.Dispose();
        _upf.Dispose();
        _stop.Dispose();
    }
}
