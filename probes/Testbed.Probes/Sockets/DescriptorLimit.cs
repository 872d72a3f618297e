using Testbed.Conformance;

namespace Testbed.Probes.Sockets;

/// <summary>The limit of open files is too low for as many sockets as the order asks for.</summary>
internal sealed class DescriptorLimitFault(long needed, long limit)
    : ProbeFault($"{needed} file descriptors are needed and the limit is {limit}; raise it, e.g. LimitNOFILE={needed}")
{
    public long Needed { get; } = needed;
    public long Limit { get; } = limit;

    public override LocalText Text => new(
        $"需要 {Needed} 个文件描述符，上限为 {Limit}；请调高，例如 LimitNOFILE={Needed}", Message);
}

internal static unsafe class DescriptorLimit
{
    /// <summary>Sockets and files that others of this process may open meanwhile.</summary>
    private const int Spare = 64;

    /// <summary>Makes sure that so many more sockets can be opened; raises the soft limit where it may.</summary>
    /// <exception cref="DescriptorLimitFault">The hard limit is too low.</exception>
    public static void Require(int sockets)
    {
        Libc.Rlimit limit;
        if (Libc.GetRlimit(Libc.RlimitNofile, &limit) != 0) throw SocketFault.Last("getrlimit", "RLIMIT_NOFILE");
        ulong needed = (ulong)(sockets + Spare + Directory.GetFiles("/proc/self/fd").Length);
        if (needed <= limit.Soft) return;
        if (needed > limit.Hard) throw new DescriptorLimitFault((long)needed, (long)limit.Hard);
        limit.Soft = needed;
        if (Libc.SetRlimit(Libc.RlimitNofile, &limit) != 0) throw SocketFault.Last("setrlimit", "RLIMIT_NOFILE");
    }
}
