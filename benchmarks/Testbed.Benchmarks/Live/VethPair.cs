using System.Diagnostics;

namespace Testbed.Benchmarks.Live;

/// <summary>
/// Two interfaces joined by a wire: one here, one in another network namespace, which a sleeping process holds. Nobody
/// speaks on it but the sender: no addresses, no IPv6. To be made in a namespace of one's own.
/// </summary>
internal sealed class VethPair : IDisposable
{
    public const string Sender = "benchtx", Receiver = "benchrx";
    private readonly Process _holder;

    public VethPair()
    {
        _holder = Process.Start(new ProcessStartInfo("unshare", ["-n", "sleep", "86400"]))!;
        try
        {
            Await(() => NamespaceOf(_holder.Id) is { } other && other != NamespaceOf(Environment.ProcessId));
            // Whether the system forbids IPv6 altogether does not matter.
            TryRun("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
            TryRun("nsenter", [.. Enter, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1"]);
            Run("ip", "link", "add", Sender, "type", "veth", "peer", "name", Receiver, "netns", $"{_holder.Id}");
            Run("ip", "link", "set", Sender, "up");
            Run("nsenter", [.. Enter, "ip", "link", "set", Receiver, "up"]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Words that bring a command into the receiver's namespace.</summary>
    public string[] Enter => ["-t", $"{_holder.Id}", "-n"];

    /// <summary>Frames that the receiving interface took, and those it dropped before any capture saw them.</summary>
    public (long Received, long Dropped) ReceiverCounters()
    {
        foreach (string line in File.ReadLines($"/proc/{_holder.Id}/net/dev"))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || line[..colon].Trim() != Receiver) continue;
            // Receive columns: bytes packets errs drop fifo frame …
            string[] columns = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return (long.Parse(columns[1]), long.Parse(columns[2]) + long.Parse(columns[3]) + long.Parse(columns[4]));
        }
        throw new BenchException($"{Receiver} is gone");
    }

    public void Dispose()
    {
        // With its namespace goes its end of the wire, and with that the other end.
        _holder.Kill();
        _holder.WaitForExit();
        _holder.Dispose();
    }

    private static string? NamespaceOf(int process) =>
        new FileInfo($"/proc/{process}/ns/net").LinkTarget;

    private static void Await(Func<bool> isSo)
    {
        long started = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > 5)
                throw new BenchException("a network namespace could not be made: run as root or allow user namespaces");
            Thread.SpinWait(1_000);
        }
    }

    private static void Run(string tool, params string[] arguments)
    {
        if (!TryRun(tool, arguments))
            throw new BenchException($"{tool} {string.Join(' ', arguments)}: refused; is iproute2 installed?");
    }

    private static bool TryRun(string tool, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
