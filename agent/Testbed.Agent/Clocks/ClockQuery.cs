using System.Diagnostics;
using Testbed.Agent.Facts;

namespace Testbed.Agent.Clocks;

/// <summary>Asks who disciplines the wall clock, and how well. An unknown bound is null, never zero.</summary>
internal static class ClockQuery
{
    private const string ClockSourcePath = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

    public static async Task<ClockReading> AskAsync(CancellationToken cancellation)
    {
        string clockSource = File.Exists(ClockSourcePath)
            ? (await File.ReadAllTextAsync(ClockSourcePath, cancellation)).Trim() : "";
        long? boundNs = Find("chronyc") is { } chronyc && await RunAsync(chronyc, cancellation) is { } line
            ? ChronyTracking.BoundNs(line) : null;
        return new(boundNs is null ? "none" : "chrony", boundNs, HostFacts.BootId(), clockSource);
    }

    private static string? Find(string program)
    {
        string folders = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin";
        return folders.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }

    private static async Task<string?> RunAsync(string chronyc, CancellationToken cancellation)
    {
        using CancellationTokenSource bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(AnswerWithin);
        using Process process = new()
        {
            // -n: names would be looked up, and a site may have no resolver.
            StartInfo = new(chronyc, ["-n", "-c", "tracking"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
            string? line = await process.StandardOutput.ReadLineAsync(bounded.Token);
            await process.WaitForExitAsync(bounded.Token);
            return process.ExitCode == 0 ? line : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process.Kill();
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
