using System.Net;
using System.Runtime.InteropServices;

namespace Testbed.Probes.Sockets.Raw;

/// <summary>
/// Packets of one IP protocol from one local address; the kernel writes the IPv4 header (raw(7)). Needs CAP_NET_RAW.
/// One thread.
/// </summary>
internal sealed unsafe class RawIpSocket : IDisposable
{
    private readonly string _name;

    public RawIpSocket(IPAddress local, int protocol)
    {
        SockAddr address = SockAddr.Create(local, 0);
        _name = $"{local} protocol {protocol}";
        int fd = Libc.Socket(address.Family, Libc.SockRaw | Libc.SockCloexec | Libc.SockNonblock, protocol);
        if (fd < 0) throw SocketFault.Last("socket", _name);
        Handle = new(fd);
        if (Libc.Bind(Handle, &address, address.Length) == 0) return;
        SocketFault fault = SocketFault.Last("bind", _name);
        Handle.Dispose();
        throw fault;
    }

    private SocketHandle Handle { get; }

    /// <returns>0, or the error number when the packet was not handed to the network.</returns>
    public int Send(ReadOnlySpan<byte> payload, IPAddress destination)
    {
        SockAddr address = SockAddr.Create(destination, 0);
        fixed (byte* bytes = payload)
        {
            while (true)
            {
                nint sent = Libc.SendTo(
                    Handle, bytes, (nuint)payload.Length, Libc.MsgDontwait, &address, address.Length);
                if (sent >= 0) return 0;
                int errno = Marshal.GetLastPInvokeError();
                if (errno != SocketFault.Eintr) return errno;
            }
        }
    }

    /// <summary>Takes one packet with its IPv4 header, if there is one; longer ones are cut.</summary>
    public bool TryReceive(Span<byte> buffer, out int length)
    {
        length = 0;
        fixed (byte* bytes = buffer)
        {
            Libc.Iovec iov = new() { Base = bytes, Length = (nuint)buffer.Length };
            Libc.Msghdr message = new() { Iov = &iov, IovLength = 1 };
            while (true)
            {
                nint received = Libc.RecvMsg(Handle, &message, Libc.MsgDontwait);
                if (received >= 0)
                {
                    length = (int)received;
                    return true;
                }
                int errno = Marshal.GetLastPInvokeError();
                if (errno == SocketFault.Eintr) continue;
                if (errno is SocketFault.Eagain or SocketFault.Econnrefused or SocketFault.Ehostunreach
                    or SocketFault.Enetunreach) return false;
                throw new SocketFault("recvmsg", errno, _name);
            }
        }
    }

    public void Dispose() => Handle.Dispose();
}
