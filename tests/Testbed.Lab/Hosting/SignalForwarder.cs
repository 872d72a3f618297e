using System.Runtime.InteropServices;

namespace Testbed.Lab.Hosting;

/// <summary>Takes signals over from the runtime and does something else instead of dying.</summary>
internal sealed class SignalForwarder : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public SignalForwarder(params ReadOnlySpan<(PosixSignal Signal, Action Act)> reactions)
    {
        foreach ((PosixSignal signal, Action act) in reactions)
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                act();
            }));
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }
}
