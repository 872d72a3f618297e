using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Testbed.Analyzer.Decoding;

/// <summary>
/// The open-addressing index of a key table: 32 bits of the key's hash and its number in eight bytes, so that a probe
/// touches a key only when it is almost surely the right one, and growing touches no key at all.
/// </summary>
internal struct KeySlots()
{
    // Number plus one in the low half, hash in the high half; 0 is free. A power of two, at most 5/8 full.
    private ulong[] _slots = new ulong[1024];

    public readonly uint Mask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (uint)_slots.Length - 1;
    }

    public readonly ulong this[uint at]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _slots[at];
    }

    /// <summary>The slot where a probe of that hash starts; almost always the one that it ends at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong First(uint hash)
    {
        ulong[] slots = _slots;
        return slots[hash & (uint)(slots.Length - 1)];
    }

    /// <summary>Asks the cache for the place where a probe of that hash starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prefetch(uint hash) => Prefetching.Line(ref _slots[hash & Mask]);

    public void Add(uint hash, int number, int countAfter)
    {
        if ((long)countAfter * 8 > (long)_slots.Length * 5) Grow();
        Put(_slots, (ulong)hash << 32 | ((uint)number + 1));
    }

    private void Grow()
    {
        ulong[] grown = new ulong[_slots.Length * 2];
        foreach (ulong slot in _slots)
            if (slot != 0) Put(grown, slot);
        _slots = grown;
    }

    private static void Put(ulong[] slots, ulong slot)
    {
        uint mask = (uint)slots.Length - 1, at = (uint)(slot >> 32) & mask;
        while (slots[at] != 0) at = (at + 1) & mask;
        slots[at] = slot;
    }
}

/// <summary>Hints to the cache; they change no result.</summary>
internal static class Prefetching
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Line<T>(ref T place) where T : unmanaged
    {
        // A prefetch of a wrong address is harmless: it reads nothing and cannot fault, so a moving heap is no matter.
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref place));
    }
}
