using System.Runtime.InteropServices;

namespace Testbed.Probes.Sockets;

/// <summary>
/// Slots for a batch of datagrams, laid out once as sendmmsg and recvmmsg want them. Pinned, reused, owned by one
/// thread.
/// </summary>
internal sealed unsafe class PacketRing
{
    private readonly byte[] _payload, _control;
    private readonly SockAddr[] _names;
    private readonly Libc.Iovec[] _iovecs;
    private readonly Libc.Mmsghdr[] _headers;
    private readonly int _slotLength;

    public PacketRing(int slots, int slotLength)
    {
        _slotLength = slotLength;
        _payload = GC.AllocateArray<byte>(slots * slotLength, pinned: true);
        _control = GC.AllocateArray<byte>(slots * UdpSocket.ControlLength, pinned: true);
        _names = GC.AllocateArray<SockAddr>(slots, pinned: true);
        _iovecs = GC.AllocateArray<Libc.Iovec>(slots, pinned: true);
        _headers = GC.AllocateArray<Libc.Mmsghdr>(slots, pinned: true);
        for (int i = 0; i < slots; i++)
        {
            _iovecs[i].Base = Address(_payload, i * slotLength);
            _headers[i].Header.Iov = (Libc.Iovec*)Address(_iovecs, i);
            _headers[i].Header.IovLength = 1;
            _headers[i].Header.Name = Address(_names, i);
        }
    }

    public int Slots => _headers.Length;

    /// <summary>The bytes of a slot: whole for writing, as received for reading.</summary>
    public Span<byte> Slot(int index) => _payload.AsSpan(index * _slotLength, _slotLength);

    /// <summary>The received datagram of a slot, cut at the slot's length.</summary>
    public ReadOnlySpan<byte> Payload(int index) =>
        _payload.AsSpan(index * _slotLength, (int)Math.Min(_headers[index].Length, (uint)_slotLength));

    /// <summary>Sends the first slots to one destination.</summary>
    /// <returns>How many the kernel took; fewer when its buffer is full, 0 when it refused.</returns>
    public int Send(UdpSocket socket, int count, int length, in SockAddr destination)
    {
        for (int i = 0; i < count; i++)
        {
            _names[i] = destination;
            _iovecs[i].Length = (nuint)length;
            _headers[i].Header.NameLength = destination.Length;
            _headers[i].Header.Control = null;
            _headers[i].Header.ControlLength = 0;
        }
        int taken = 0;
        while (taken < count)
        {
            Libc.Mmsghdr* first = (Libc.Mmsghdr*)Address(_headers, taken);
            int sent = Libc.SendMmsg(socket.Handle, first, (uint)(count - taken), Libc.MsgDontwait);
            if (sent > 0) taken += sent;
            else if (sent == 0 || Marshal.GetLastPInvokeError() != SocketFault.Eintr) break;
        }
        return taken;
    }

    /// <summary>Takes what is there, at most one datagram a slot, without waiting.</summary>
    public int Receive(UdpSocket socket)
    {
        for (int i = 0; i < _headers.Length; i++)
        {
            _iovecs[i].Length = (nuint)_slotLength;
            _headers[i].Header.NameLength = (uint)sizeof(SockAddr);
            _headers[i].Header.Control = Address(_control, i * UdpSocket.ControlLength);
            _headers[i].Header.ControlLength = UdpSocket.ControlLength;
        }
        while (true)
        {
            int count = Libc.RecvMmsg(socket.Handle, (Libc.Mmsghdr*)Address(_headers, 0), (uint)_headers.Length,
                Libc.MsgDontwait, null);
            if (count >= 0) return count;
            int errno = Marshal.GetLastPInvokeError();
            if (errno is SocketFault.Eagain or SocketFault.Econnrefused) return 0;
            if (errno != SocketFault.Eintr) throw new SocketFault("recvmmsg", errno, socket.Local.ToString());
        }
    }

    /// <summary>Source, stamp and TTL of a received slot.</summary>
    public Received Describe(UdpSocket socket, int index) =>
        socket.Describe(in _headers[index].Header, (int)_headers[index].Length, in _names[index]);

    private static void* Address<T>(T[] pinned, int index) where T : unmanaged =>
        System.Runtime.CompilerServices.Unsafe.AsPointer(ref pinned[index]);
}
