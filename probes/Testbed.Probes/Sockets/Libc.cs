using System.Runtime.InteropServices;

namespace Testbed.Probes.Sockets;

/// <summary>
/// The kernel's doors that .NET's Socket keeps shut: kernel receive stamps, TTL, batches, absolute sleeps.
/// Numbers are those of x86-64 and arm64 Linux, which agree on every one used here.
/// </summary>
internal static unsafe partial class Libc
{
    public const int AfInet = 2, AfInet6 = 10;
    public const int SockRaw = 3;
    public const int SockDgram = 2, SockCloexec = 0x80000, SockNonblock = 0x800;
    public const int SolSocket = 1, IpprotoIp = 0, IpprotoIpv6 = 41;
    public const int SoSndbuf = 7, SoRcvbuf = 8, SoBindtodevice = 25, SoSndbufforce = 32, SoRcvbufforce = 33;
    public const int SoTimestampns = 35, SoRxqOvfl = 40;
    public const int IpTtl = 2, IpRecvttl = 12, IpFreebind = 15;
    public const int Ipv6Recvhoplimit = 51, Ipv6Hoplimit = 52, Ipv6Freebind = 78;
    public const int MsgTrunc = 0x20, MsgDontwait = 0x40;
    public const int ClockRealtime = 0, ClockMonotonic = 1, TimerAbstime = 1;
    public const short Pollin = 1;
    public const int EfdCloexec = 0x80000, EfdNonblock = 0x800;
    public const int EpollCloexec = 0x80000, EpollCtlAdd = 1;
    public const uint Epollin = 1;
    public const int RlimitNofile = 7;

    [StructLayout(LayoutKind.Sequential)]
    public struct Timespec
    {
        public long Seconds, Ns;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Iovec
    {
        public void* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Msghdr
    {
        public void* Name;
        public uint NameLength;
        public Iovec* Iov;
        public nuint IovLength;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Mmsghdr
    {
        public Msghdr Header;
        public uint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Cmsghdr
    {
        public nuint Length;
        public int Level, Type;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Pollfd
    {
        public int Fd;
        public short Events, Revents;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Rlimit
    {
        public ulong Soft, Hard;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);
    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int fd);
    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(SocketHandle fd, SockAddr* address, uint length);
    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetSockName(SocketHandle fd, SockAddr* address, uint* length);
    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSockOpt(SocketHandle fd, int level, int option, void* value, uint length);
    /// <returns>0 when there is no such interface.</returns>
    [LibraryImport("libc", EntryPoint = "if_nametoindex", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint InterfaceIndex(string name);
    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    public static partial nint SendTo(
        SocketHandle fd, byte* buffer, nuint length, int flags, SockAddr* address, uint addressLength);
    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint RecvMsg(SocketHandle fd, Msghdr* message, int flags);
    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMmsg(SocketHandle fd, Mmsghdr* messages, uint count, int flags);
    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int RecvMmsg(SocketHandle fd, Mmsghdr* messages, uint count, int flags, Timespec* timeout);
    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Ppoll(Pollfd* fds, ulong count, Timespec* timeout, void* signals);
    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int Eventfd(uint initial, int flags);
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SocketHandle fd, void* buffer, nuint length);
    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int ClockGettime(int clock, Timespec* time);
    /// <returns>The error number itself; errno is not touched.</returns>
    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    public static partial int ClockNanosleep(int clock, int flags, Timespec* request, Timespec* remain);
    [LibraryImport("libc", EntryPoint = "adjtimex", SetLastError = true)]
    public static partial int Adjtimex(void* timex);
    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);
    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollCtl(SocketHandle epoll, int operation, SocketHandle fd, void* @event);
    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(SocketHandle epoll, void* events, int eventsMax, int timeoutMs);
    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int GetRlimit(int resource, Rlimit* limit);
    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    public static partial int SetRlimit(int resource, Rlimit* limit);
}
