using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Testbed.Probes.Sockets.Raw;

/// <summary>
/// IP packets on one interface as they are (packet(7), SOCK_DGRAM): any source address, past the kernel's routing,
/// which would turn a packet between two addresses of this host round inside it. Needs CAP_NET_RAW. One thread.
/// </summary>
internal sealed unsafe class LinkSocket : IDisposable
{
    private const int AfPacket = 17, AddressLength = 20, HardwareLengthMax = 8;
    private const ushort EtherTypeIpv4 = 0x0800, EtherTypeAll = 0x0003;
    private const int BufferBytes = 4 << 20;

    private readonly string _name;
    private readonly int _index;

    /// <param name="hearsAll">To receive what passes in either direction; else the socket only sends.</param>
    public LinkSocket(string interfaceName, bool hearsAll = false)
    {
        _name = interfaceName;
        // Protocol 0 receives nothing, so a socket that only sends fills no buffer.
        ushort protocol = hearsAll ? BinaryPrimitives.ReverseEndianness(EtherTypeAll) : (ushort)0;
        int fd = Libc.Socket(AfPacket, Libc.SockDgram | Libc.SockCloexec | Libc.SockNonblock, protocol);
        if (fd < 0) throw SocketFault.Last("socket", interfaceName);
        Handle = new(fd);
        try
        {
            _index = (int)Libc.InterfaceIndex(interfaceName);
            if (_index == 0) throw SocketFault.Last("if_nametoindex", interfaceName);
            int size = BufferBytes;
            if (hearsAll && Libc.SetSockOpt(Handle, Libc.SolSocket, Libc.SoRcvbufforce, &size, sizeof(int)) != 0)
                _ = Libc.SetSockOpt(Handle, Libc.SolSocket, Libc.SoRcvbuf, &size, sizeof(int));
            byte* address = stackalloc byte[AddressLength];
            Fill(new(address, AddressLength), protocol, []);
            if (Libc.Bind(Handle, (SockAddr*)address, AddressLength) != 0)
                throw SocketFault.Last("bind", interfaceName);
        }
        catch
        {
            Handle.Dispose();
            throw;
        }
    }

    public SocketHandle Handle { get; }

    /// <summary>Sends one IPv4 packet to a station of the link.</summary>
    /// <param name="mac">Hardware address of the next hop; empty on links without any.</param>
    /// <returns>0, or the error number when the packet was not handed to the network.</returns>
    public int Send(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> mac)
    {
        byte* address = stackalloc byte[AddressLength];
        Fill(new(address, AddressLength), BinaryPrimitives.ReverseEndianness(EtherTypeIpv4), mac);
        fixed (byte* bytes = packet)
        {
            while (true)
            {
                nint sent = Libc.SendTo(
                    Handle, bytes, (nuint)packet.Length, Libc.MsgDontwait, (SockAddr*)address, AddressLength);
                if (sent >= 0) return 0;
                int errno = Marshal.GetLastPInvokeError();
                if (errno != SocketFault.Eintr) return errno;
            }
        }
    }

    /// <summary>Takes one packet from its network header on, if there is one; longer ones are cut.</summary>
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
                if (errno == SocketFault.Eagain) return false;
                throw new SocketFault("recvmsg", errno, _name);
            }
        }
    }

    public void Dispose() => Handle.Dispose();

    // struct sockaddr_ll; the protocol is in network order already.
    private void Fill(Span<byte> address, ushort protocol, ReadOnlySpan<byte> mac)
    {
        address.Clear();
        MemoryMarshal.Write(address, (ushort)AfPacket);
        MemoryMarshal.Write(address[2..], in protocol);
        MemoryMarshal.Write(address[4..], in _index);
        int length = Math.Min(mac.Length, HardwareLengthMax);
        address[11] = (byte)length;
        mac[..length].CopyTo(address[12..]);
    }
}
