using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Streaming;

/// <summary>
/// Packets that wait for their twin, by key: first in, first out on either side. A key leaves with its last packet, so
/// the table holds what is on its way through the UPF and stays in cache. One thread.
/// </summary>
internal sealed class PendingPackets
{
    public const int None = -1;
    private const int CapacityMin = 4096;

    /// <summary>Packets of one key that wait, side 0 and side 1.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Slot
    {
        public ulong Key;
        public int Head0, Tail0, Head1, Tail1;

        public readonly int Head(int side) => side == 0 ? Head0 : Head1;
        public readonly int Tail(int side) => side == 0 ? Tail0 : Tail1;
        public readonly bool IsEmpty => (Head0 & Head1) == None;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Node
    {
        public PacketRecord Record;
        /// <summary>Place among all packets that entered the UPF in this direction.</summary>
        public long Ordinal;
        /// <summary>Place among those of its flow.</summary>
        public uint FlowOrdinal;
        public int Next;
        public byte Tap;
    }

    private Slot[] _slots = new Slot[CapacityMin];
    private Node[] _nodes = new Node[CapacityMin];
    private int _count, _nodeCount, _free = None;

    public int NodesInUse { get; private set; }

    public ref Node this[int node]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _nodes[node];
    }

    /// <summary>The key's slot, a fresh one if there is none. Valid until the next call.</summary>
    public ref Slot Find(ulong key)
    {
        if (_count * 2 >= _slots.Length) Rebuild(_slots.Length * 2);
        int mask = _slots.Length - 1;
        int at = (int)(key >> 8) & mask;
        while (_slots[at].Key != 0)
        {
            if (_slots[at].Key == key) return ref _slots[at];
            at = (at + 1) & mask;
        }
        _count++;
        ref Slot slot = ref _slots[at];
        slot = new()
        {
            Key = key, Head0 = None, Tail0 = None, Head1 = None, Tail1 = None,
        };
        return ref slot;
    }

    /// <summary>Lets a packet wait; the caller fills in its node.</summary>
    public ref Node Append(ref Slot slot, int side)
    {
        int node = _free;
        if (node != None) _free = _nodes[node].Next;
        else
        {
            if (_nodeCount == _nodes.Length) Array.Resize(ref _nodes, _nodes.Length * 2);
            node = _nodeCount++;
        }
        NodesInUse++;
        int tail = slot.Tail(side);
        if (tail != None) _nodes[tail].Next = node;
        else if (side == 0) slot.Head0 = node;
        else slot.Head1 = node;
        if (side == 0) slot.Tail0 = node;
        else slot.Tail1 = node;
        _nodes[node].Next = None;
        return ref _nodes[node];
    }

    /// <summary>Takes out a node; <paramref name="before"/> is the one in front of it or <see cref="None"/>.</summary>
    public void Remove(ref Slot slot, int side, int node, int before)
    {
        int next = _nodes[node].Next;
        if (before != None) _nodes[before].Next = next;
        else if (side == 0) slot.Head0 = next;
        else slot.Head1 = next;
        if (next == None)
        {
            if (side == 0) slot.Tail0 = before;
            else slot.Tail1 = before;
        }
        _nodes[node].Next = _free;
        _free = node;
        NodesInUse--;
    }

    /// <summary>Forgets a slot that is empty; what probed past it moves up.</summary>
    public void Forget(ref Slot slot)
    {
        int mask = _slots.Length - 1;
        int hole = (int)(Unsafe.ByteOffset(ref _slots[0], ref slot) / Unsafe.SizeOf<Slot>());
        for (int at = (hole + 1) & mask; _slots[at].Key != 0; at = (at + 1) & mask)
        {
            int home = (int)(_slots[at].Key >> 8) & mask;
            // The packet may move into the hole unless its own place lies between the hole and it.
            if (((at - home) & mask) < ((at - hole) & mask)) continue;
            _slots[hole] = _slots[at];
            hole = at;
        }
        _slots[hole] = default;
        _count--;
    }

    /// <summary>
    /// Visits every waiting packet, first in first out within a key; where the visitor answers true it is taken out.
    /// </summary>
    public void Sweep(Func<int, int, bool> takesOut)
    {
        int live = 0;
        for (int i = 0; i < _slots.Length; i++)
        {
            ref Slot slot = ref _slots[i];
            if (slot.Key == 0) continue;
            for (int side = 0; side < 2; side++)
                while (slot.Head(side) != None && takesOut(slot.Head(side), side))
                    Remove(ref slot, side, slot.Head(side), None);
            if (!slot.IsEmpty) live++;
        }
        int capacity = _slots.Length;
        while (capacity > CapacityMin && live * 8 < capacity) capacity /= 2;
        Rebuild(capacity);
    }

    private void Rebuild(int capacity)
    {
        Slot[] old = _slots;
        _slots = new Slot[capacity];
        _count = 0;
        int mask = capacity - 1;
        foreach (ref readonly Slot slot in old.AsSpan())
        {
            if (slot.Key == 0 || slot.IsEmpty) continue;
            int at = (int)(slot.Key >> 8) & mask;
            while (_slots[at].Key != 0) at = (at + 1) & mask;
            _slots[at] = slot;
            _count++;
        }
    }
}
