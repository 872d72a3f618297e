namespace Testbed.Probes.Sockets;

/// <summary>An eventfd that ends a wait for packets, e.g. when a run is cancelled. Stays signalled.</summary>
internal sealed unsafe class Wake : IDisposable
{
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _signalled;

    public Wake(CancellationToken cancellation = default)
    {
        int fd = Libc.Eventfd(0, Libc.EfdCloexec | Libc.EfdNonblock);
        if (fd < 0) throw SocketFault.Last("eventfd", "wake");
        Handle = new(fd);
        _registration = cancellation.UnsafeRegister(static state => ((Wake)state!).Signal(), this);
    }

    public SocketHandle Handle { get; }

    public bool IsSignalled => _signalled;

    public void Signal()
    {
        _signalled = true;
        ulong one = 1;
        // A full counter (EAGAIN) is as signalled as can be.
        Libc.Write(Handle, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        _registration.Dispose();
        Handle.Dispose();
    }
}
