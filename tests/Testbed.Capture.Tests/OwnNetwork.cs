using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Testbed.Capture.Tests;

/// <summary>Runs a test's body on a thread that lives in a network namespace of its own.</summary>
internal static partial class OwnNetwork
{
    private const int NewNetwork = 0x40000000;

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    /// <summary>Skips the test, with the reason, where namespaces are refused.</summary>
    public static void Run(Action body)
    {
        Exception? failure = null;
        string? refused = null;
        Thread thread = new(() =>
        {
            try
            {
                if (Unshare(NewNetwork) != 0)
                    refused = $"errno {Marshal.GetLastPInvokeError()}";
                else if (!Ip("link set lo up"))
                    refused = "`ip link set lo up` failed";
                else
                    body();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (refused is not null)
            Assert.Ignore($"No network namespace to capture in ({refused}): run as root, or in "
                + "`unshare -Urn` after `ip link set lo up`.");
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    public static bool Ip(string arguments)
    {
        using Process process = Process.Start("ip", arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>A pair of interfaces: what tapa sends, tapb receives, and nobody else speaks.</summary>
    public static void AddPair()
    {
        foreach (string step in (string[])["link add tapa type veth peer name tapb", "addr add 10.99.0.1/24 dev tapa",
            // The kernel speaks of its own accord where it gives itself an IPv6 address.
            "link set tapa addrgenmode none", "link set tapb addrgenmode none",
            "link set tapa up", "link set tapb up",
            "neigh add 10.99.0.2 lladdr 02:00:00:00:00:02 dev tapa nud permanent"])
            if (!Ip(step)) Assert.Ignore($"`ip {step}` is refused here.");
    }
}
