namespace Testbed.Lab.Native;

/// <summary>A flag that blocked threads can poll for beside their sockets.</summary>
internal sealed unsafe class StopSignal : IDisposable
{
    private volatile bool _isSet;

    public int Fd { get; } = Libc.Check(Libc.EventFd(0, LinuxConstants.CloseOnExec), "eventfd");

    public bool IsSet => _isSet;

    public void Set()
    {
        _isSet = true;
        ulong one = 1;
        _ = Libc.Write(Fd, &one, sizeof(ulong));
    }

    public void Dispose() => _ = Libc.Close(Fd);
}
