using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Testbed.Capture.Live;
using Testbed.Conformance;

namespace Testbed.Cli.Checks;

/// <summary>Looks at this host; changes nothing.</summary>
internal static class HostChecks
{
    /// <summary>CAP_NET_ADMIN (12) and CAP_NET_RAW (13) of capabilities(7).</summary>
    private const ulong CaptureCapabilities = (1UL << 12) | (1UL << 13);
    /// <summary>
    /// An hour of header capture at 100,000 frames a second takes some 100 GB; a quick run under 1 GB.
    /// </summary>
    private const long FreeBytesMin = 2L << 30;

    public static IReadOnlyList<HostCheck> All() =>
        [LibPcap(), Privilege(), UserNamespaces(), Clock(), Stamping(), Cores(), Disk()];

    private static HostCheck LibPcap()
    {
        foreach (string name in (ReadOnlySpan<string>)["libpcap.so.1", "libpcap.so.0.8", "libpcap.so"])
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                NativeLibrary.Free(handle);
                return Ok("libpcap", name, name, isNeeded: true);
            }
        return new("libpcap", false, true, new("未安装", "not installed"),
            Same("sudo apt-get install -y libpcap0.8"));
    }

    private static HostCheck Privilege()
    {
        ulong effective = StatusHex("CapEff");
        if ((effective & CaptureCapabilities) == CaptureCapabilities)
            return Ok("privilege", "可在网络接口上抓包", "may capture on interfaces", isNeeded: true);
        return new("privilege", false, true, new("没有 CAP_NET_RAW 与 CAP_NET_ADMIN", "no CAP_NET_RAW and CAP_NET_ADMIN"),
            Same(CapturePrivilege.Grant));
    }

    private static HostCheck UserNamespaces()
    {
        const string Path = "/proc/sys/user/max_user_namespaces";
        bool isOpen = ReadNumber(Path) is not 0 && ReadNumber("/proc/sys/kernel/unprivileged_userns_clone") is not 0;
        return isOpen
            ? Ok("user-namespaces", "可用（演练环境需要）", "available (the rehearsal lab needs them)", isNeeded: false)
            : new("user-namespaces", false, false, new("已关闭：无法运行演练环境", "closed: the rehearsal lab cannot run"),
                Same("sudo sysctl -w user.max_user_namespaces=15000 kernel.unprivileged_userns_clone=1"));
    }

    private static HostCheck Clock()
    {
        string? tracking = Run("chronyc", "-n -c tracking");
        if (tracking is null)
            return new("clock", false, false,
                new("未找到运行中的 chrony：单向时延将不予采信，只用往返时延",
                    "no running chrony: one-way delays will not be used, round trips only"),
                Same("sudo apt-get install -y chrony"));
        bool isSynchronised = !tracking.Contains("Not synchronised", StringComparison.Ordinal);
        return isSynchronised
            ? Ok("clock", "chrony 已同步", "chrony is synchronised", isNeeded: false)
            : new("clock", false, false, new("chrony 尚未同步", "chrony is not synchronised"), Same("chronyc waitsync 30"));
    }

    private static HostCheck Stamping()
    {
        string source = ReadText("/sys/devices/system/clocksource/clocksource0/current_clocksource");
        bool isFine = source is "tsc" or "kvm-clock" or "arch_sys_counter" or "hyperv_clocksource_tsc_page";
        return isFine
            ? Ok("time-stamping", $"内核时钟源 {source}", $"kernel clock source {source}", isNeeded: false)
            : new("time-stamping", false, false,
                new($"内核时钟源 {source} 分辨率低或开销大", $"kernel clock source {source} is coarse or slow"),
                new("更换测量主机，或在内核参数中指定 clocksource=tsc", "use another host, or boot with clocksource=tsc"));
    }

    private static HostCheck Cores()
    {
        int cores = Environment.ProcessorCount;
        return cores >= 2
            ? Ok("cores", $"{cores} 个处理器核", $"{cores} processor cores", isNeeded: false)
            : new("cores", false, false, new("只有一个处理器核：抓包与探测会互相干扰",
                "one processor core: capture and probes disturb each other"),
                new("使用至少两核的主机", "use a host with two cores or more"));
    }

    private static HostCheck Disk()
    {
        DriveInfo drive = new(Directory.GetCurrentDirectory());
        string free = $"{drive.AvailableFreeSpace / (1 << 30)} GiB";
        return drive.AvailableFreeSpace >= FreeBytesMin
            ? Ok("disk", $"当前目录可用 {free}", $"{free} free here", isNeeded: true)
            : new("disk", false, true, new($"当前目录仅可用 {free}", $"only {free} free here"),
                new("用 --out 指定空间充足的磁盘", "name a roomier disc with --out"));
    }

    private static HostCheck Ok(string id, string zh, string en, bool isNeeded) =>
        new(id, true, isNeeded, new(zh, en), null);

    private static LocalText Same(string command) => new($"执行：{command}", $"run: {command}");

    private static ulong StatusHex(string field)
    {
        foreach (string line in ReadText("/proc/self/status").Split('\n'))
            if (line.StartsWith(field + ":", StringComparison.Ordinal)
                && ulong.TryParse(line[(field.Length + 1)..].Trim(), NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture, out ulong value))
                return value;
        return 0;
    }

    private static long? ReadNumber(string path) => long.TryParse(ReadText(path), out long number) ? number : null;

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string? Run(string program, string arguments)
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            });
            string? line = process?.StandardOutput.ReadLine();
            return process is not null && process.WaitForExit(2_000) && process.ExitCode == 0 ? line : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
