using System.Diagnostics;
using Testbed.Lab.Behaviour;
using Testbed.Lab.Native;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Hosting;

/// <summary>One process a kit, each inside its kit's namespace and in a session of its own.</summary>
internal sealed class KitProcesses : IAsyncDisposable
{
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(5);

    // /sys shows the interfaces of the namespace that mounted it. A system that refuses the mount leaves the old
    // one in place. What a kit prints must not mix with the main command's results.
    private const string Shell =
        "mount -t sysfs sysfs /sys 2>/dev/null; exec </dev/null 1>&2; exec sh -c \"$0\"";

    private readonly List<(string Kit, Process Process)> _running = [];
    private volatile bool _isStopping;

    /// <param name="command">A line for sh; <c>{kit}</c> becomes the kit's name.</param>
    /// <param name="environment">Variables that each kit gets beside its own.</param>
    public void Start(
        string command, IReadOnlyDictionary<string, string> environment, KitSurroundings surroundings)
    {
        surroundings.WriteFiles();
        foreach ((string kit, string networkNamespace) in Plan.Kits)
        {
            ProcessStartInfo start = new("setsid");
            start.ArgumentList.Add("nsenter");
            start.ArgumentList.Add("--net=" + NetworkNamespace.PathOf(networkNamespace));
            string shell = surroundings.CommandsFor(kit) + Shell;
            foreach (string argument in (string[])["unshare", "--mount", "sh", "-c", shell])
                start.ArgumentList.Add(argument);
            start.ArgumentList.Add(command.Replace("{kit}", kit, StringComparison.Ordinal));
            foreach ((string name, string value) in environment) start.Environment[name] = value;
            Process process = Process.Start(start) ?? throw new LabException($"cannot start {kit}");
            _running.Add((kit, process));
            _ = ReportAsync(kit, process);
        }
    }

    private async Task ReportAsync(string kit, Process process)
    {
        await process.WaitForExitAsync();
        // A kit that its server has dismissed ends by itself, and well.
        if (!_isStopping && process.ExitCode != 0)
            await Console.Error.WriteLineAsync($"lab: {kit} ended early with exit code {process.ExitCode}");
    }

    /// <summary>Asks all kits to end, waits a little, then insists.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        Signal(LinuxConstants.SignalTerminate);
        using CancellationTokenSource patience = new(StopMax);
        foreach ((_, Process process) in _running)
        {
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Signal(LinuxConstants.SignalKill);
            }
        }
        foreach ((_, Process process) in _running) process.Dispose();
        _running.Clear();
    }

    /// <summary>Stops a kit's processes where they are, as a host does that is busy with something else.</summary>
    public void Pause(string kit) => Signal(kit, LinuxConstants.SignalStop);

    public void Resume(string kit) => Signal(kit, LinuxConstants.SignalContinue);

    private void Signal(string kit, int signal)
    {
        foreach ((string name, Process process) in _running)
            if (name == kit && !process.HasExited) _ = Libc.Kill(-process.Id, signal);
    }

    private void Signal(int signal)
    {
        // setsid made each kit the leader of a process group of the same number.
        foreach ((_, Process process) in _running)
            if (!process.HasExited) _ = Libc.Kill(-process.Id, signal);
    }
}
