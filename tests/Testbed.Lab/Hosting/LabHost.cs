using System.ComponentModel;
using System.Diagnostics;
using Testbed.Lab.Behaviour;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Hosting;

/// <summary>Brings the lab up, runs kits and the main command, takes all down and hands the exit code on.</summary>
internal sealed class LabHost(HostOptions options) : IAsyncDisposable
{
    private const int InterruptedExit = 130;

    private readonly Lock _gate = new();
    private Process? _main;
    private bool _isInterrupted;

    public async Task<int> RunAsync()
    {
        LabBehaviour behaviour = new(options.Seed);
        Ledger ledger = new(TimeProvider.System);
        await NetworkBuilder.BuildAsync([]);
        using RunningLab lab = await RunningLab.StartAsync(behaviour, ledger);
        await using KitProcesses kits = new();
        if (options.KitCommand is { } command) kits.Start(command);
        return await RunMainAsync();
    }

    /// <summary>A byte from the process outside: a signal that was meant for the main command, or a wish.</summary>
    public void Told(byte what)
    {
        switch (what)
        {
            case Lifeline.Interrupt: Pass(LinuxConstants.SignalInterrupt); break;
            case Lifeline.Terminate: Pass(LinuxConstants.SignalTerminate); break;
        }
    }

    /// <summary>Ctrl-C on the terminal: a main command that already runs has had it too.</summary>
    public void Interrupted()
    {
        lock (_gate) _isInterrupted = true;
    }

    private void Pass(int signal)
    {
        lock (_gate)
        {
            _isInterrupted = true;
            if (_main is { HasExited: false } main) _ = Libc.Kill(main.Id, signal);
        }
    }

    private async Task<int> RunMainAsync()
    {
        ProcessStartInfo start = new(options.MainCommand[0]);
        foreach (string argument in options.MainCommand.Skip(1)) start.ArgumentList.Add(argument);
        lock (_gate)
        {
            if (_isInterrupted) return InterruptedExit;
            try
            {
                _main = Process.Start(start);
            }
            catch (Win32Exception exception)
            {
                throw new LabException(
                    $"cannot start '{options.MainCommand[0]}': {exception.Message}", ExitCodes.Usage);
            }
        }
        if (_main is null) throw new LabException($"cannot start '{options.MainCommand[0]}'", ExitCodes.Usage);
        await _main.WaitForExitAsync();
        return _main.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        _main?.Dispose();
        return ValueTask.CompletedTask;
    }
}
