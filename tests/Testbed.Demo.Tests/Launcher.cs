using System.Diagnostics;

namespace Testbed.Demo.Tests;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Errors}";
}

/// <summary>Runs <c>./testbed</c> and the tools of others as a user would, each with a deadline.</summary>
internal static class Launcher
{
    public static string Root { get; } = FindRoot();

    public static Task<CommandResult> TestbedAsync(TimeSpan deadline, params string[] arguments)
        => RunAsync(Path.Combine(Root, "testbed"), deadline, arguments);

    public static async Task<CommandResult> RunAsync(string program, TimeSpan deadline, params string[] arguments)
    {
        ProcessStartInfo start = new(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Root,
        };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["NO_COLOR"] = "1";
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException("Could not start " + program);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource timeout = new(deadline);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {deadline}");
        }
        return new(process.ExitCode, await output, await errors);
    }

    public static bool Has(string tool)
        => Environment.GetEnvironmentVariable("PATH")!.Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, tool)));

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Testbed.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("No Testbed.sln above " + AppContext.BaseDirectory);
    }
}
