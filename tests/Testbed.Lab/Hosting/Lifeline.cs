using Testbed.Lab.Native;

namespace Testbed.Lab.Hosting;

/// <summary>
/// A pipe from the process outside to process 1 of the lab. Its end says that the outer process is gone; single
/// bytes carry what signals cannot, because <c>unshare</c> stands between the two and blocks them.
/// </summary>
internal sealed unsafe class Lifeline : IDisposable
{
    public const byte Terminate = (byte)'T';
    public const byte Interrupt = (byte)'I';
    public const byte WriteLedger = (byte)'L';

    private readonly int _writeFd;
    private int _readFd;

    private Lifeline(int readFd, int writeFd)
    {
        _readFd = readFd;
        _writeFd = writeFd;
    }

    public int ReadFd => _readFd;

    /// <summary>Only the read end survives the start of another program.</summary>
    public static Lifeline Open()
    {
        int* ends = stackalloc int[2];
        Libc.Check(Libc.Pipe(ends, LinuxConstants.CloseOnExec), "pipe");
        Libc.Check(Libc.Fcntl(ends[0], LinuxConstants.FcntlSetFlags, 0), "fcntl");
        return new(ends[0], ends[1]);
    }

    public void CloseReadEnd()
    {
        if (_readFd >= 0) _ = Libc.Close(_readFd);
        _readFd = -1;
    }

    public void Tell(byte what) => _ = Libc.Write(_writeFd, &what, 1);

    /// <summary>
    /// Reads from <paramref name="readFd"/> on a thread of its own until the pipe ends, then ends the process at
    /// once: as it is process 1, the kernel takes everything else of the lab with it.
    /// </summary>
    public static void Watch(int readFd, Action<byte> told)
    {
        _ = Libc.Fcntl(readFd, LinuxConstants.FcntlSetFlags, 1);
        Thread thread = new(() =>
        {
            byte what;
            while (Libc.Read(readFd, &what, 1) == 1) told(what);
            Libc.ExitNow(128 + LinuxConstants.SignalKill);
        })
        { IsBackground = true, Name = "lifeline" };
        thread.Start();
    }

    public void Dispose()
    {
        CloseReadEnd();
        _ = Libc.Close(_writeFd);
    }
}
