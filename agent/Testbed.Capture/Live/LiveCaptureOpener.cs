using SharpPcap;
using SharpPcap.LibPcap;

namespace Testbed.Capture.Live;

/// <summary>Opens a device through SharpPcap and says in people's words what stands in the way.</summary>
internal static class LiveCaptureOpener
{
    private const int SnapLengthMin = 64;
    private const int SnapLengthMax = 262_144;

    public static LiveCapture Open(LiveCaptureOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SnapLength, SnapLengthMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SnapLength, SnapLengthMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.GatherMs);
        try
        {
            return OpenDevice(options);
        }
        catch (Exception e) when (IsMissingLibrary(e))
        {
            throw new CaptureException(CaptureFault.LibraryMissing, "未找到抓包库 libpcap。",
                "The capture library libpcap is not installed.", "安装：sudo apt-get install libpcap0.8",
                "Install it: sudo apt-get install libpcap0.8", e);
        }
        catch (PcapException e)
        {
            throw Explain(options.Interface, e);
        }
    }

    private static LiveCapture OpenDevice(LiveCaptureOptions options)
    {
        LibPcapLiveDevice device = new(Find(options.Interface));
        try
        {
            device.Open(new DeviceConfiguration
            {
                Mode = options.Promiscuous ? DeviceModes.Promiscuous : DeviceModes.None,
                Snaplen = options.SnapLength,
                BufferSize = options.BufferBytes,
                ReadTimeout = options.GatherMs,
                TimestampResolution = TimestampResolution.Nanosecond,
            });
            SetFilter(device, options.Filter);
            nint pcap = device.Handle.DangerousGetHandle();
            if (device.TimestampResolution != TimestampResolution.Nanosecond || !LibPcap.TrySetNonBlocking(pcap))
                throw new CaptureException(CaptureFault.NotSupported,
                    $"接口 {options.Interface} 不支持纳秒时间戳或非阻塞读取。",
                    $"Interface {options.Interface} offers no nanosecond stamps or no non-blocking reads.",
                    "请使用 libpcap 1.5 或更高版本以及普通网络接口。",
                    "Use libpcap 1.5 or later and an ordinary network interface.");
            return new LiveCapture(device, options);
        }
        catch
        {
            device.Close();
            throw;
        }
    }

    private static PcapInterface Find(string name)
    {
        IReadOnlyList<PcapInterface> all = PcapInterface.GetAllPcapInterfaces();
        foreach (PcapInterface candidate in all)
            if (candidate.Name == name) return candidate;
        string known = string.Join(", ", all.Select(i => i.Name));
        throw new CaptureException(CaptureFault.UnknownInterface, $"没有名为 {name} 的网络接口；现有：{known}。",
            $"There is no network interface {name}; there are: {known}.", "请改用其中之一；ip link 可列出接口。",
            "Name one of them; `ip link` lists them.");
    }

    private static void SetFilter(LibPcapLiveDevice device, string filter)
    {
        try
        {
            // Also when it is empty: only a filter tells the kernel to cut frames at the snap length, and whole
            // frames would fill the ring in no time.
            device.Filter = filter;
        }
        catch (PcapException e)
        {
            throw new CaptureException(CaptureFault.BadFilter, $"过滤表达式“{filter}”无效：{e.Message}",
                $"The filter '{filter}' is not valid: {e.Message}.",
                "示例：udp port 2152；语法见 man pcap-filter。",
                "Example: udp port 2152 — the syntax is in `man pcap-filter`.", e);
        }
    }

    private static CaptureException Explain(string name, PcapException e) => e.Error switch
    {
        PcapError.PermissionDenied or PcapError.PromiscuousPermissionDenied => new(CaptureFault.PermissionDenied,
            $"没有在接口 {name} 上抓包的权限。", $"No permission to capture on {name}.",
            $"授权一次：{CapturePrivilege.Grant}；或用 sudo 运行。",
            $"Grant it once: {CapturePrivilege.Grant} — or run with sudo.", e),
        PcapError.NoSuchDevice => new(CaptureFault.UnknownInterface, $"网络接口 {name} 不存在。",
            $"There is no network interface {name}.", "ip link 可列出接口。",
            "`ip link` lists the interfaces.", e),
        PcapError.InterfaceNotUp => new(CaptureFault.InterfaceDown, $"网络接口 {name} 未启用。",
            $"Interface {name} is down.", $"启用：sudo ip link set {name} up",
            $"Bring it up: sudo ip link set {name} up", e),
        _ => new(CaptureFault.NotSupported, $"无法在接口 {name} 上抓包：{e.Message}",
            $"Cannot capture on {name}: {e.Message}.", "", "", e),
    };

    private static bool IsMissingLibrary(Exception e) =>
        e is DllNotFoundException || (e is TypeInitializationException && e.InnerException is DllNotFoundException);
}
