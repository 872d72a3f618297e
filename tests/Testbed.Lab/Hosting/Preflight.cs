using System.Diagnostics;
using Testbed.Lab.Native;

namespace Testbed.Lab.Hosting;

/// <summary>What the lab needs of the machine, asked before anything is built.</summary>
internal static class Preflight
{
    private static readonly (string Tool, string Package)[] Tools =
    [
        ("unshare", "util-linux"), ("nsenter", "util-linux"), ("setsid", "util-linux"), ("ip", "iproute2"),
    ];

    /// <summary>Kernel switches that close user namespaces to ordinary users: file, value that closes, cure.</summary>
    private static readonly (string File, string Closed, string Cure)[] Switches =
    [
        ("/proc/sys/kernel/unprivileged_userns_clone", "0", "sudo sysctl -w kernel.unprivileged_userns_clone=1"),
        ("/proc/sys/user/max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=15000"),
        ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
            "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
    ];

    /// <summary>Root needs no user namespace, and some systems forbid one even to root.</summary>
    public static IReadOnlyList<string> UnshareFlags { get; } =
    [
        .. Libc.EffectiveUser() == 0 ? Array.Empty<string>() : ["--user", "--map-root-user"],
        "--net", "--mount", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc",
    ];

    /// <exception cref="LabException">Exit code 4, with the command that helps.</exception>
    public static async Task CheckAsync()
    {
        AddSystemFolders();
        foreach ((string tool, string package) in Tools)
            if (!IsOnPath(tool))
                throw new LabException($"'{tool}' is not installed. Run: sudo apt-get install -y {package}");
        ProcessStartInfo start = new("unshare") { RedirectStandardError = true };
        foreach (string flag in UnshareFlags) start.ArgumentList.Add(flag);
        start.ArgumentList.Add("true");
        using Process process = Process.Start(start) ?? throw new LabException("cannot start unshare");
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new LabException(Explain(errors.ReplaceLineEndings(" ").Trim()));
        if (SmallBuffers() is { } advice) await Console.Error.WriteLineAsync("lab: " + advice);
    }

    /// <summary>An ordinary user's sockets are as small as the system says: bursts are then really lost.</summary>
    private static string? SmallBuffers()
    {
        const int bytesMin = 2 << 20;
        return Libc.EffectiveUser() != 0
            && int.TryParse(File.ReadAllText("/proc/sys/net/core/rmem_max"), out int bytes) && bytes < bytesMin
            ? $"socket buffers are limited to {bytes} bytes and bursts may be lost. " +
                "Run: sudo sysctl -w net.core.rmem_max=8388608 net.core.wmem_max=8388608"
            : null;
    }

    private static string Explain(string errors)
    {
        foreach ((string file, string closed, string cure) in Switches)
            if (File.Exists(file) && File.ReadAllText(file).Trim() == closed)
                return $"namespaces are closed to ordinary users ({errors}). Run: {cure}";
        return $"the system refuses namespaces ({errors}). Run the lab as root, or in a container started with " +
            "--privileged";
    }

    /// <summary>Debian keeps <c>ip</c> where an ordinary user's PATH does not look.</summary>
    private static void AddSystemFolders() => Environment.SetEnvironmentVariable(
        "PATH", Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin");

    private static bool IsOnPath(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, tool)));
}
