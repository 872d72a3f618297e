using System.Diagnostics;

namespace Testbed.Benchmarks.Ladder;

/// <summary>What the race ran on, and with which versions.</summary>
internal static class Machine
{
    private static readonly (string Tool, string Package)[] Peers =
    [
        ("tshark", "tshark"), ("tcpdump", "tcpdump"), ("dumpcap", "wireshark-common"),
        ("ndpiReader", "libndpi-bin"), ("nfpcapd", "nfdump"),
    ];

    public static string Describe()
    {
        const string Model = "model name";
        string model = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith(Model, StringComparison.Ordinal))?
            .Split(':', 2)[1].Trim() ?? "unknown";
        long memoryMiB = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
        return $"{Environment.ProcessorCount} processors ({model}), {memoryMiB:N0} MiB, .NET {Environment.Version}";
    }

    /// <summary>Where a tool lies, also where only root looks; null when it is not installed.</summary>
    public static string? Find(string tool) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':')
            .Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);

    /// <summary>Versions of the peers, by their Debian packages.</summary>
    public static IEnumerable<string> PeerVersions()
    {
        foreach ((string tool, string package) in Peers)
            if (Find(tool) is not null) yield return $"{tool} {PackageVersion(package)}";
    }

    private static string PackageVersion(string package)
    {
        ProcessStartInfo start = new("dpkg-query", ["-W", "-f", "${Version}", package])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            string version = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? version : "(version unknown)";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "(version unknown)";
        }
    }
}
