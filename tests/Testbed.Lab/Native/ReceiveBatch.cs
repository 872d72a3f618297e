using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Testbed.Lab.Native;

/// <summary>
/// Buffers for receiving up to <see cref="Capacity"/> datagrams with one call. One instance a thread.
/// </summary>
internal sealed unsafe class ReceiveBatch : IDisposable
{
    public const int Capacity = 64;
    /// <summary>Enough for the GTP-U header with its container that a packet gets in place.</summary>
    private const int Headroom = 64;
    private const int SlotBytes = 2048;
    private const int AddressBytes = 32;
    /// <summary>A control message's head and a <c>struct timespec</c>.</summary>
    private const int ControlBytes = 32;

    private readonly byte* _slab;
    private readonly byte* _addresses;
    private readonly byte* _controls;
    private readonly IoVector* _vectors;
    private readonly MessageHeader* _messages;

    public ReceiveBatch()
    {
        _slab = (byte*)NativeMemory.AllocZeroed(Capacity * SlotBytes);
        _addresses = (byte*)NativeMemory.AllocZeroed(Capacity * AddressBytes);
        _controls = (byte*)NativeMemory.AllocZeroed(Capacity * ControlBytes);
        _vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)(Capacity * sizeof(IoVector)));
        _messages = (MessageHeader*)NativeMemory.AllocZeroed((nuint)(Capacity * sizeof(MessageHeader)));
        for (int i = 0; i < Capacity; i++)
        {
            _vectors[i] = new() { Base = _slab + i * SlotBytes + Headroom, Length = SlotBytes - Headroom };
            _messages[i] = new()
            {
                Name = _addresses + i * AddressBytes,
                NameLength = AddressBytes,
                Vectors = _vectors + i,
                VectorCount = 1,
                Control = _controls + i * ControlBytes,
            };
        }
    }

    /// <summary>Datagrams that were longer than a slot and are not handed out.</summary>
    public long TruncatedCount { get; private set; }

    /// <summary>Takes what is waiting, without blocking; 0 when nothing is.</summary>
    public int Receive(int fd)
    {
        for (int i = 0; i < Capacity; i++)
            (_messages[i].NameLength, _messages[i].ControlLength) = (AddressBytes, ControlBytes);
        int count = Libc.ReceiveMany(fd, _messages, Capacity, LinuxConstants.MessageDontWait, null);
        // ICMP errors of earlier sends come back here (ECONNREFUSED, ...); they concern no datagram that waits.
        return Math.Max(0, count);
    }

    /// <summary>False for one that was cut off.</summary>
    public bool TryGet(int index, out Datagram datagram)
    {
        ref MessageHeader message = ref _messages[index];
        datagram = new(_vectors[index].Base, (int)message.Transferred, Headroom);
        if ((message.Flags & LinuxConstants.MessageTruncated) == 0) return true;
        TruncatedCount++;
        return false;
    }

    /// <summary>
    /// When the kernel took the datagram, ns of Unix time; 0 from a socket without
    /// <see cref="LabSockets.StampArrivals"/>.
    /// </summary>
    public long ArrivedUnixNs(int index)
    {
        ref MessageHeader message = ref _messages[index];
        long* control = (long*)(_controls + index * ControlBytes);
        // struct cmsghdr: length, then level and type as 32 bits each; then seconds and nanoseconds.
        return message.ControlLength >= ControlBytes && (int)(control[1] >> 32) == LinuxConstants.OptionTimestampNs
            ? control[2] * 1_000_000_000 + control[3]
            : 0;
    }

    /// <summary>IPv4 source of a datagram from a UDP socket.</summary>
    public UdpPeer SourceOf(int index)
    {
        ReadOnlySpan<byte> address = new(_addresses + index * AddressBytes, AddressBytes);
        return new(
            BinaryPrimitives.ReadUInt32BigEndian(address[4..]), BinaryPrimitives.ReadUInt16BigEndian(address[2..]));
    }

    /// <summary>Index of the interface that a frame from a packet socket passed.</summary>
    public int InterfaceOf(int index) => *(int*)(_addresses + index * AddressBytes + 4);

    /// <summary>Whether a frame from a packet socket left its interface; else it came in.</summary>
    public bool IsOutgoing(int index) => _addresses[index * AddressBytes + 10] == LinuxConstants.PacketOutgoing;

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_addresses);
        NativeMemory.Free(_slab);
    }
}

/// <summary>IPv4 address as a big-endian number, and UDP port.</summary>
internal readonly record struct UdpPeer(uint Address, ushort Port);
