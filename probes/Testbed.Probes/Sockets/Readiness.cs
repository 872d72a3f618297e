using System.Runtime.InteropServices;

namespace Testbed.Probes.Sockets;

/// <summary>Waits for one descriptor beside the wake.</summary>
internal static unsafe class Readiness
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>Waits until there is something to receive, the wake is signalled or the time is up.</summary>
    /// <param name="untilMonotonicNs">Absolute, so that an interrupted wait does not start again.</param>
    /// <returns>True when there is something to receive.</returns>
    public static bool Wait(SocketHandle handle, long untilMonotonicNs, Wake wake)
    {
        Libc.Pollfd* fds = stackalloc Libc.Pollfd[2];
        fds[0] = new() { Fd = (int)handle.DangerousGetHandle(), Events = Libc.Pollin };
        fds[1] = new() { Fd = (int)wake.Handle.DangerousGetHandle(), Events = Libc.Pollin };
        while (true)
        {
            long left = Math.Max(0, untilMonotonicNs - Clocks.MonotonicNs());
            Libc.Timespec timeout = new() { Seconds = left / NsPerSecond, Ns = left % NsPerSecond };
            int ready = Libc.Ppoll(fds, 2, &timeout, null);
            if (ready >= 0) return fds[0].Revents != 0;
            int errno = Marshal.GetLastPInvokeError();
            if (errno != SocketFault.Eintr) throw new SocketFault("ppoll", errno, "socket");
        }
    }
}
