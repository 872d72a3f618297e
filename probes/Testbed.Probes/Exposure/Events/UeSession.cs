using System.Diagnostics;
using System.Net;

namespace Testbed.Probes.Exposure.Events;

/// <summary>
/// Begins and ends PDU sessions by the command that the kit's environment names for it, e.g. a call of <c>mmcli</c> or
/// <c>nmcli</c>. The command is the kit owner's: no plan can name one.
/// </summary>
internal sealed class UeSession
{
    public const string Variable = "UE_SESSION_COMMAND";
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(15);

    private readonly string? _command = Environment.GetEnvironmentVariable(Variable);

    /// <summary>Whether this kit knows how.</summary>
    public bool IsKnown => !string.IsNullOrWhiteSpace(_command);

    /// <summary>Runs the command with <c>{action}</c> and <c>{address}</c> replaced.</summary>
    /// <param name="action"><c>up</c> or <c>down</c>.</param>
    /// <returns>False when it failed or took too long.</returns>
    public async Task<bool> SwitchAsync(string action, IPAddress ue, CancellationToken cancellation)
    {
        string line = _command!.Replace("{action}", action, StringComparison.Ordinal)
            .Replace("{address}", ue.ToString(), StringComparison.Ordinal);
        ProcessStartInfo start = new("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(line);
        using Process? process = Process.Start(start);
        if (process is null) return false;
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Within);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }
}
