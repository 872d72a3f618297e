using System.Runtime.InteropServices;
using Testbed.Conformance;

namespace Testbed.Probes.Sockets;

/// <summary>This kit cannot do the work, with the cause in words for the inspector.</summary>
internal abstract class ProbeFault(string message) : IOException(message)
{
    public abstract LocalText Text { get; }
}

/// <summary>The kernel refused a call. Names the call, what it was for and the error as the manual pages do.</summary>
internal sealed class SocketFault : ProbeFault
{
    public SocketFault(string call, int errno, string subject)
        : base($"{call} {subject}: {NameOf(errno)}")
    {
        Call = call;
        Errno = errno;
        Subject = subject;
    }

    public string Call { get; }
    public int Errno { get; }
    public string Subject { get; }

    public const int Eperm = 1, Eintr = 4, Eagain = 11, Eacces = 13, Emfile = 24, Emsgsize = 90,
        Eaddrinuse = 98, Eaddrnotavail = 99, Enetdown = 100, Enetunreach = 101, Enobufs = 105,
        Econnrefused = 111, Ehostunreach = 113;

    public override LocalText Text => new($"{Subject}：系统调用 {Call} 失败（{NameOf(Errno)}）", Message);

    /// <summary>The fault of the call that has just failed on this thread.</summary>
    public static SocketFault Last(string call, string subject) => new(call, Marshal.GetLastPInvokeError(), subject);

    public static string NameOf(int errno) => errno switch
    {
        Eperm => "EPERM",
        Eintr => "EINTR",
        Eagain => "EAGAIN",
        12 => "ENOMEM",
        Eacces => "EACCES",
        19 => "ENODEV",
        22 => "EINVAL",
        23 => "ENFILE",
        Emfile => "EMFILE",
        Emsgsize => "EMSGSIZE",
        97 => "EAFNOSUPPORT",
        Eaddrinuse => "EADDRINUSE",
        Eaddrnotavail => "EADDRNOTAVAIL",
        Enetdown => "ENETDOWN",
        Enetunreach => "ENETUNREACH",
        Enobufs => "ENOBUFS",
        Econnrefused => "ECONNREFUSED",
        Ehostunreach => "EHOSTUNREACH",
        _ => $"errno {errno}",
    };
}
