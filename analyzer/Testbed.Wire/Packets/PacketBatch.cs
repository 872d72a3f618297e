using System.Runtime.InteropServices;

namespace Testbed.Wire.Packets;

/// <summary>One captured frame's place in its batch's slab, and what the capture header said of it.</summary>
/// <param name="Offset">First byte in <see cref="PacketBatch.Slab"/>.</param>
/// <param name="CapturedLength">Bytes kept, at most the snap length.</param>
/// <param name="OriginalLength">Bytes on the wire.</param>
/// <param name="TimestampNs">Nanoseconds since the Unix epoch, from the capture header, never arrival time.</param>
/// <param name="Interface">Index in the source's list of interfaces.</param>
/// <param name="Number">Ordinal of the frame in its source, from 1 as Wireshark counts.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PacketSlot(
    int Offset, int CapturedLength, int OriginalLength, long TimestampNs, int Interface, long Number);

/// <summary>
/// Up to <see cref="Capacity"/> frames over one slab of bytes. Rented from a <see cref="PacketBatchPool"/>;
/// whoever rents, disposes. Spans handed out are valid until the next <see cref="Clear"/>.
/// </summary>
public sealed class PacketBatch : IDisposable
{
    private readonly PacketBatchPool? _pool;
    private readonly PacketSlot[] _slots;
    private byte[] _slab;
    private int _used;

    public PacketBatch(int capacity, int slabBytes, PacketBatchPool? pool = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _slots = new PacketSlot[capacity];
        _slab = GC.AllocateUninitializedArray<byte>(slabBytes);
        _pool = pool;
    }

    public int Capacity => _slots.Length;
    public int Count { get; private set; }
    public bool IsFull => Count == _slots.Length;
    public ReadOnlySpan<PacketSlot> Slots => _slots.AsSpan(0, Count);
    public ReadOnlySpan<byte> Slab => _slab.AsSpan(0, _used);

    public ReadOnlySpan<byte> Frame(int index)
    {
        ref readonly PacketSlot slot = ref _slots.AsSpan(0, Count)[index];
        return _slab.AsSpan(slot.Offset, slot.CapturedLength);
    }

    /// <summary>Copies a frame in. False when no slot or no room is left; the batch is then unchanged.</summary>
    public bool TryAdd(ReadOnlySpan<byte> frame, int originalLength, long timestampNs, int interfaceIndex, long number)
    {
        if (Count == _slots.Length) return false;
        if (_slab.Length - _used < frame.Length)
        {
            // A lone frame larger than the slab must still pass, or its source could never go on.
            if (Count > 0) return false;
            _slab = GC.AllocateUninitializedArray<byte>(frame.Length);
        }
        frame.CopyTo(_slab.AsSpan(_used));
        _slots[Count++] = new(_used, frame.Length, originalLength, timestampNs, interfaceIndex, number);
        _used += frame.Length;
        return true;
    }

    public void Clear()
    {
        Count = 0;
        _used = 0;
    }

    /// <summary>Gives the batch back to its pool.</summary>
    public void Dispose() => _pool?.Return(this);
}

/// <summary>A bounded store of batches, so that a steady stream of packets allocates nothing.</summary>
public sealed class PacketBatchPool(int batchCapacity = 1024, int slabBytes = 1 << 20, int keptMax = 64)
{
    private readonly Stack<PacketBatch> _free = new();
    private readonly Lock _gate = new();

    public PacketBatch Rent()
    {
        lock (_gate)
            if (_free.TryPop(out PacketBatch? batch)) return batch;
        return new(batchCapacity, slabBytes, this);
    }

    internal void Return(PacketBatch batch)
    {
        batch.Clear();
        lock (_gate)
            if (_free.Count < keptMax) _free.Push(batch);
    }
}
