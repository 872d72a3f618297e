using System.ComponentModel;
using System.Diagnostics;
using Testbed.Lab.Behaviour;
using Testbed.Lab.Behaviour.Security;
using Testbed.Lab.Claims;
using Testbed.Lab.Edge;
using Testbed.Lab.Exposure;
using Testbed.Lab.Faults;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Taps;
using Testbed.Lab.Topology;
using Testbed.Lab.Users;

namespace Testbed.Lab.Hosting;

/// <summary>Brings the lab up, runs kits and the main command, takes all down and hands the exit code on.</summary>
internal sealed class LabHost(HostOptions options) : IAsyncDisposable
{
    private const int InterruptedExit = 130;

    private readonly Lock _gate = new();
    private Process? _main;
    private bool _isInterrupted;

    private readonly Ledger _ledger = new(TimeProvider.System);

    public async Task<int> RunAsync()
    {
        LabBehaviour behaviour = new(options.Seed) { InsiderFolder = options.InsiderFolder };
        foreach (IFault fault in FaultCatalogue.Select(options.Faults)) fault.Apply(behaviour);
        await NetworkBuilder.BuildAsync(
            behaviour.Background.Select(population => (population.Pool, population.Slice))
                .Where(entry => SliceAccess.All.All(slice => slice.Pool != entry.Pool)).Distinct(),
            behaviour.EdgeIsBehindCentre);
        int exitCode;
        await TapFeed.RewireAsync(behaviour.TapFilters.Keys);
        using LabAccess access = new(TimeProvider.System);
        await using (RunningLab lab = await RunningLab.StartAsync(behaviour, _ledger, access))
        {
            await WriteClaimAsync(access, behaviour.Claimed);
            await using KitProcesses kits = new();
            if (options.KitCommand is { } command) kits.Start(command, Environment(access), behaviour.Kits);
            lab.Kits = kits;
            exitCode = await RunMainAsync();
        }
        WriteLedger();
        return exitCode;
    }

    /// <summary>The claim, and beside it the CA certificate that it names.</summary>
    private async Task WriteClaimAsync(LabAccess access, ClaimedSecurity security)
    {
        string folder = Path.GetDirectoryName(options.ClaimPath)!;
        await File.WriteAllTextAsync(Path.Combine(folder, LabAccess.CaFile), access.Authority.RootPem);
        await File.WriteAllTextAsync(options.ClaimPath, ClaimText.For(options.ConcurrentSessions, security));
    }

    /// <summary>What an operator gives the kits by hand: secrets, and how a UE's modem is told.</summary>
    private static Dictionary<string, string> Environment(LabAccess access) => new(StringComparer.Ordinal)
    {
        [LabAccess.SecretVariable] = access.Account.Secret,
        [LabAccess.OtherSecretVariable] = access.OtherAccount.Secret,
        [MecPlatform.TokenVariable] = access.MecToken,
        [UeModem.CommandVariable] = UeModem.Command,
    };

    private void WriteLedger()
    {
        if (options.LedgerPath is not { } path) return;
        lock (_ledger)
            LedgerFile.Write(path, _ledger, options.Faults, TimeProvider.System.GetUtcNow());
    }

    /// <summary>A byte from the process outside: a signal that was meant for the main command, or a wish.</summary>
    public void Told(byte what)
    {
        switch (what)
        {
            case Lifeline.Interrupt: Pass(LinuxConstants.SignalInterrupt); break;
            case Lifeline.Terminate: Pass(LinuxConstants.SignalTerminate); break;
            case Lifeline.WriteLedger: WriteLedger(); break;
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
