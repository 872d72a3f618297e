using Microsoft.Win32.SafeHandles;

namespace Testbed.Probes.Sockets;

/// <summary>Owns one file descriptor; the runtime keeps it open while a call is under way.</summary>
internal sealed class SocketHandle : SafeHandleMinusOneIsInvalid
{
    public SocketHandle() : base(ownsHandle: true) { }

    public SocketHandle(int fd) : base(ownsHandle: true) => SetHandle(fd);

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
