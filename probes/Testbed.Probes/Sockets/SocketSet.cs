using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Testbed.Probes.Sockets;

/// <summary>Waits for many sockets at once (epoll); each is known by its index.</summary>
internal sealed unsafe class SocketSet : IDisposable
{
    /// <summary>struct epoll_event is packed on x86-64 alone: 4 bytes of events, then 8 of data.</summary>
    private static readonly int EventLength = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataAt = EventLength - 8;
    private const int EventsMax = 256;
    private const ulong WakeData = ulong.MaxValue;

    private readonly SocketHandle _epoll;
    private readonly byte[] _events = GC.AllocateArray<byte>(EventsMax * 16, pinned: true);

    public SocketSet(Wake wake)
    {
        int fd = Libc.EpollCreate(Libc.EpollCloexec);
        if (fd < 0) throw SocketFault.Last("epoll_create1", "sockets");
        _epoll = new(fd);
        Add(wake.Handle, WakeData);
    }

    public void Add(UdpSocket socket, int index) => Add(socket.Handle, (ulong)index);

    /// <summary>Fills in which sockets have something, at most 256 at once.</summary>
    /// <returns>How many; 0 when the time is up or the wake was signalled.</returns>
    public int Wait(Span<int> ready, int timeoutMs)
    {
        fixed (byte* events = _events)
        {
            int count = Libc.EpollWait(_epoll, events, Math.Min(EventsMax, ready.Length), timeoutMs);
            if (count < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                return errno == SocketFault.Eintr ? 0 : throw new SocketFault("epoll_wait", errno, "sockets");
            }
            int sockets = 0;
            for (int i = 0; i < count; i++)
            {
                ulong data = BinaryPrimitives.ReadUInt64LittleEndian(_events.AsSpan(i * EventLength + DataAt));
                if (data != WakeData) ready[sockets++] = (int)data;
            }
            return sockets;
        }
    }

    public void Dispose() => _epoll.Dispose();

    private void Add(SocketHandle handle, ulong data)
    {
        Span<byte> @event = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(@event, Libc.Epollin);
        BinaryPrimitives.WriteUInt64LittleEndian(@event[DataAt..], data);
        fixed (byte* bytes = @event)
        {
            if (Libc.EpollCtl(_epoll, Libc.EpollCtlAdd, handle, bytes) != 0)
                throw SocketFault.Last("epoll_ctl", "sockets");
        }
    }
}
