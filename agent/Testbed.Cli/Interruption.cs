using System.Runtime.InteropServices;

namespace Testbed.Cli;

/// <summary>
/// SIGINT and SIGTERM as a cancellation. A second one ends the process at once, unless it comes so soon that it is the
/// same: a terminal tells every process of its group, and a wrapper that was told passes it on.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan SamePressWithin = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _source = new();
    private long _firstAt;
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
    ];

    public CancellationToken Token => _source.Token;

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        long now = TimeProvider.System.GetTimestamp();
        if (Interlocked.CompareExchange(ref _firstAt, now, 0) is var first and not 0)
        {
            if (TimeProvider.System.GetElapsedTime(first, now) > SamePressWithin)
                Environment.Exit(ExitCode.Interrupted);
            return;
        }
        _source.Cancel();
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }
}
