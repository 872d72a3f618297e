using System.Runtime.InteropServices;
using Testbed.Lab.Native;
using Testbed.Lab.Records;

namespace Testbed.Lab.Forwarding;

/// <summary>
/// Packets that wait for their time, in a fixed slab: a packet that finds no room is refused, and nothing is
/// allocated per packet. Equal times leave in the order of arrival. Not thread-safe.
/// </summary>
internal sealed unsafe class DelayQueue : IDisposable
{
    public const int PacketBytesMax = 2048;

    private readonly PriorityQueue<Entry, (long DueNs, long Order)> _waiting;
    private readonly Stack<int> _free;
    private readonly byte* _slab;
    private long _order;

    /// <summary>A packet whose time has come; its bytes stay valid until <see cref="Release"/>.</summary>
    internal readonly record struct Entry(int Slot, int Length, SendPort Port, Arrival Arrival);

    public DelayQueue(int capacity)
    {
        _waiting = new(capacity);
        _free = new(capacity);
        for (int slot = capacity - 1; slot >= 0; slot--) _free.Push(slot);
        _slab = (byte*)NativeMemory.Alloc((nuint)capacity * PacketBytesMax);
    }

    public int Count => _waiting.Count;

    /// <summary>When the next packet is due; <see cref="long.MaxValue"/> when none waits.</summary>
    public long NextDueNs => _waiting.TryPeek(out _, out (long DueNs, long Order) key) ? key.DueNs : long.MaxValue;

    /// <summary>Copies a packet in. False when it is too long or no slot is free.</summary>
    public bool TryAdd(ReadOnlySpan<byte> packet, SendPort port, long dueNs, Arrival arrival = default)
    {
        if (packet.Length > PacketBytesMax || !_free.TryPop(out int slot)) return false;
        packet.CopyTo(new(BytesOf(slot), PacketBytesMax));
        _waiting.Enqueue(new(slot, packet.Length, port, arrival), (dueNs, _order++));
        return true;
    }

    /// <summary>Takes the next packet that is due at <paramref name="nowNs"/>.</summary>
    public bool TryTake(long nowNs, out Entry entry)
    {
        entry = default;
        return NextDueNs <= nowNs && _waiting.TryDequeue(out entry, out _);
    }

    public byte* BytesOf(int slot) => _slab + (long)slot * PacketBytesMax;

    public void Release(int slot) => _free.Push(slot);

    public void Dispose() => NativeMemory.Free(_slab);
}
