namespace Testbed.Lab.Native;

/// <summary>Wakes one thread that polls <see cref="Fd"/>; setting it twice before it is cleared wakes once.</summary>
internal sealed unsafe class Wakeup : IDisposable
{
    public int Fd { get; } =
        Libc.Check(Libc.EventFd(0, LinuxConstants.CloseOnExec | LinuxConstants.NonBlocking), "eventfd");

    public void Set()
    {
        ulong one = 1;
        _ = Libc.Write(Fd, &one, sizeof(ulong));
    }

    public void Clear()
    {
        ulong count;
        _ = Libc.Read(Fd, &count, sizeof(ulong));
    }

    public void Dispose() => _ = Libc.Close(Fd);
}
