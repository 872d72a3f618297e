using System.Net;
using System.Runtime.InteropServices;

namespace Testbed.Probes.Sockets;

/// <summary>What came with a datagram.</summary>
/// <param name="Length">Bytes of UDP payload; more than the buffer when it was truncated.</param>
/// <param name="RealtimeNs">When the kernel received it; read after the call where the kernel gave no stamp.</param>
/// <param name="Ttl">TTL or hop limit on arrival; 255 when the kernel did not say.</param>
internal readonly record struct Received(int Length, SockAddr Source, long RealtimeNs, byte Ttl, bool KernelStamped);

/// <param name="Device">Interface to bind to, or null; needs CAP_NET_RAW.</param>
/// <param name="FreeBind">The address need not be configured on an interface.</param>
/// <param name="BufferBytes">Asked of the kernel for either direction; the kernel may give less.</param>
internal sealed record UdpOptions(string? Device = null, bool FreeBind = false, int BufferBytes = 1 << 20);

/// <summary>
/// A non-blocking UDP socket with kernel receive stamps. Not connected: sources are checked by those who receive.
/// One thread may send while another receives.
/// </summary>
internal sealed unsafe class UdpSocket : IDisposable
{
    private const long NsPerSecond = 1_000_000_000;
    /// <summary>Three control messages: stamp, TTL, overflow counter.</summary>
    internal const int ControlLength = 128;

    private readonly string _name;

    public UdpSocket(IPAddress address, int port, UdpOptions? options = null)
    {
        options ??= new();
        SockAddr local = SockAddr.Create(address, port);
        _name = local.ToString();
        int fd = Libc.Socket(local.Family, Libc.SockDgram | Libc.SockCloexec | Libc.SockNonblock, 0);
        if (fd < 0) throw SocketFault.Last("socket", _name);
        Handle = new(fd);
        try
        {
            Set(Libc.SolSocket, Libc.SoTimestampns, 1);
            Set(Libc.SolSocket, Libc.SoRxqOvfl, 1);
            if (local.IsIpv6) Set(Libc.IpprotoIpv6, Libc.Ipv6Recvhoplimit, 1);
            else Set(Libc.IpprotoIp, Libc.IpRecvttl, 1);
            SetBuffer(Libc.SoRcvbufforce, Libc.SoRcvbuf, options.BufferBytes);
            SetBuffer(Libc.SoSndbufforce, Libc.SoSndbuf, options.BufferBytes);
            if (options.FreeBind)
            {
                if (local.IsIpv6) Set(Libc.IpprotoIpv6, Libc.Ipv6Freebind, 1);
                else Set(Libc.IpprotoIp, Libc.IpFreebind, 1);
            }
            if (options.Device is { } device) SetDevice(device);
            if (Libc.Bind(Handle, &local, local.Length) != 0) throw SocketFault.Last("bind", _name);
            uint length = (uint)sizeof(SockAddr);
            SockAddr bound = default;
            if (Libc.GetSockName(Handle, &bound, &length) != 0) throw SocketFault.Last("getsockname", _name);
            Local = bound;
        }
        catch
        {
            Handle.Dispose();
            throw;
        }
    }

    public SocketHandle Handle { get; }
    public SockAddr Local { get; }
    /// <summary>Datagrams that this socket's full buffer dropped, as far as the kernel has told.</summary>
    public uint Overflows { get; private set; }

    /// <summary>Sends one datagram.</summary>
    /// <returns>0, or the error number when the datagram was not handed to the network.</returns>
    public int Send(ReadOnlySpan<byte> payload, in SockAddr destination)
    {
        SockAddr address = destination;
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

    /// <summary>Takes one datagram if there is one.</summary>
    public bool TryReceive(Span<byte> buffer, out Received received)
    {
        SockAddr source = default;
        byte* control = stackalloc byte[ControlLength];
        fixed (byte* bytes = buffer)
        {
            Libc.Iovec iov = new() { Base = bytes, Length = (nuint)buffer.Length };
            Libc.Msghdr message = new() { Iov = &iov, IovLength = 1, Name = &source, Control = control };
            while (true)
            {
                message.NameLength = (uint)sizeof(SockAddr);
                message.ControlLength = ControlLength;
                nint length = Libc.RecvMsg(Handle, &message, Libc.MsgDontwait | Libc.MsgTrunc);
                if (length >= 0)
                {
                    received = Describe(in message, (int)length, in source);
                    return true;
                }
                int errno = Marshal.GetLastPInvokeError();
                if (errno == SocketFault.Eintr) continue;
                received = default;
                // An ICMP error of an earlier datagram is that datagram's loss, not this call's failure.
                if (errno is SocketFault.Eagain or SocketFault.Econnrefused) return false;
                throw new SocketFault("recvmsg", errno, _name);
            }
        }
    }

    /// <summary>Waits until a datagram is there, the wake is signalled or the time is up.</summary>
    /// <param name="untilMonotonicNs">Absolute, so that an interrupted wait does not start again.</param>
    /// <returns>True when there is something to receive.</returns>
    public bool Wait(long untilMonotonicNs, Wake wake) => Readiness.Wait(Handle, untilMonotonicNs, wake);

    public void Dispose() => Handle.Dispose();

    /// <summary>Reads the control messages of a datagram that has just been received.</summary>
    internal Received Describe(in Libc.Msghdr message, int length, in SockAddr source)
    {
        long stampNs = 0;
        byte ttl = 255;
        byte* at = (byte*)message.Control, end = at + message.ControlLength;
        while (end - at >= sizeof(Libc.Cmsghdr))
        {
            Libc.Cmsghdr* header = (Libc.Cmsghdr*)at;
            if (header->Length < (nuint)sizeof(Libc.Cmsghdr) || (long)header->Length > end - at) break;
            byte* data = at + sizeof(Libc.Cmsghdr);
            switch (header->Level, header->Type)
            {
                case (Libc.SolSocket, Libc.SoTimestampns):
                    Libc.Timespec* stamp = (Libc.Timespec*)data;
                    stampNs = stamp->Seconds * NsPerSecond + stamp->Ns;
                    break;
                case (Libc.SolSocket, Libc.SoRxqOvfl):
                    Overflows = *(uint*)data;
                    break;
                case (Libc.IpprotoIp, Libc.IpTtl) or (Libc.IpprotoIpv6, Libc.Ipv6Hoplimit):
                    ttl = (byte)*(int*)data;
                    break;
            }
            at += ((long)header->Length + 7) & ~7;
        }
        bool stamped = stampNs != 0;
        return new(length, source, stamped ? stampNs : Clocks.RealtimeNs(), ttl, stamped);
    }

    private void Set(int level, int option, int value)
    {
        if (Libc.SetSockOpt(Handle, level, option, &value, sizeof(int)) != 0)
            throw SocketFault.Last("setsockopt", _name);
    }

    /// <summary>With CAP_NET_ADMIN beyond the system's limit, else as far as it goes.</summary>
    private void SetBuffer(int forced, int plain, int bytes)
    {
        if (Libc.SetSockOpt(Handle, Libc.SolSocket, forced, &bytes, sizeof(int)) != 0)
            Set(Libc.SolSocket, plain, bytes);
    }

    private void SetDevice(string device)
    {
        byte[] name = [.. System.Text.Encoding.ASCII.GetBytes(device), 0];
        fixed (byte* bytes = name)
        {
            if (Libc.SetSockOpt(Handle, Libc.SolSocket, Libc.SoBindtodevice, bytes, (uint)name.Length) != 0)
                throw SocketFault.Last("setsockopt SO_BINDTODEVICE", device);
        }
    }
}
