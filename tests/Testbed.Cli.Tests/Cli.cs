using System.Diagnostics;

namespace Testbed.Cli.Tests;

/// <summary>What the command printed and how it ended.</summary>
internal sealed record Ended(int ExitCode, string Out, string Error)
{
    public override string ToString() => $"exit {ExitCode}\n--- stdout\n{Out}\n--- stderr\n{Error}";
}

/// <summary>Runs the built executable as a process, as a user does.</summary>
internal static class Cli
{
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "testbed");
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static Task<Ended> RunAsync(params string[] arguments) => StartAsync(Program, arguments);

    /// <summary>As a user without any capability; null when this machine cannot change to one.</summary>
    public static async Task<Ended?> RunAsNobodyAsync(params string[] arguments)
    {
        if (Environment.UserName != "root") return await RunAsync(arguments);
        string[] drop = ["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"];
        try
        {
            Ended probe = await StartAsync("setpriv", [.. drop, Program, "--version"]);
            return probe.ExitCode == 0 ? await StartAsync("setpriv", [.. drop, Program, .. arguments]) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    public static Process Start(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment["DOTNET_CLI_HOME"] = "/tmp";
        return Process.Start(start) ?? throw new InvalidOperationException($"could not start {program}");
    }

    public static async Task<Ended> EndAsync(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(Deadline);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException("the command did not end");
        }
        return new(process.ExitCode, await output, await error);
    }

    private static async Task<Ended> StartAsync(string program, string[] arguments)
    {
        using Process process = Start(program, arguments);
        process.StandardInput.Close();
        return await EndAsync(process);
    }
}
