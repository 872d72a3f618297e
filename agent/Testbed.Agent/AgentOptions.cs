namespace Testbed.Agent;

/// <summary>How one agent runs.</summary>
public sealed record AgentOptions
{
    /// <summary>Name of the kit as the claim has it, e.g. <c>kit-a</c>.</summary>
    public required string Kit { get; init; }
    /// <summary>The site server: <c>unix:PATH</c> inside one machine, <c>https://HOST:PORT</c> elsewhere.</summary>
    public required string Connect { get; init; }
    /// <summary>Where evidence waits until the server has acknowledged it. Each agent makes a folder in it.</summary>
    public string SpoolFolder { get; init; } = DefaultSpoolFolder();
    /// <summary>Version that the server is told; the command line gives its own.</summary>
    public string Version { get; init; } = typeof(AgentOptions).Assembly.GetName().Version?.ToString(3) ?? "0";
    /// <summary>How long to look for the server before giving up.</summary>
    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>How long running tasks may take to end after an interruption or after the server has gone.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(10);
    public TimeProvider Time { get; init; } = TimeProvider.System;

    // Under the user's own folder: /tmp may be memory, and its names may be anybody's.
    private static string DefaultSpoolFolder()
    {
        string home = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), "testbed", "spool");
    }
}
