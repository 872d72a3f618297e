using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Testbed.Analyzer.Decoding.Tables;

/// <summary>
/// The index of a key table: 32 bits of the key's hash and its number in eight bytes, eight of them in a cache line
/// that are compared at once. A probe branches on nothing that a processor must guess, touches a key only when it is
/// almost surely the right one, and growing touches no key at all.
/// </summary>
internal struct KeySlots()
{
    private const int LineSlots = 8;
    private const int LineBytes = LineSlots * sizeof(ulong);
    /// <summary>Set in every hash that is kept, so that none looks like a free slot.</summary>
    private const uint Taken = 0x8000_0000;
    // Number plus one in the low half, hash in the high half; 0 is free. At most 5/8 full.
    private Lines _lines = new(1024 / LineSlots);

    /// <summary>Lines of slots, a power of two of them, each a cache line of its own.</summary>
    private readonly struct Lines
    {
        private readonly ulong[] _slots;
        private readonly int _first;
        public readonly uint Mask;

        public Lines(int count)
        {
            _slots = GC.AllocateArray<ulong>((count + 1) * LineSlots, pinned: true);
            // It never moves, so the place where its first line starts stays right.
            nint past = Marshal.UnsafeAddrOfPinnedArrayElement(_slots, 0) & (LineBytes - 1);
            _first = past == 0 ? 0 : (int)(LineBytes - past) / sizeof(ulong);
            Mask = (uint)count - 1;
        }

        public int Capacity => (int)(Mask + 1) * LineSlots;
        public ReadOnlySpan<ulong> All => _slots;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref ulong At(uint line) =>
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), _first + (nint)(line & Mask) * LineSlots);
    }

    /// <summary>Asks the cache for the line where a probe of that hash starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prefetch(uint hash) => Prefetching.Line(ref _lines.At(hash));

    /// <summary>
    /// The number of a key that is almost surely the one with that hash; −1 when none is near, which proves nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Likely(uint hash)
    {
        ref ulong line = ref _lines.At(hash);
        uint matches = Matches(ref line, hash);
        return matches == 0 ? -1 : NumberAt(ref line, matches);
    }

    /// <summary>Where a search for the keys of one hash has come to.</summary>
    public struct Probe
    {
        internal uint Hash, Line, Matches;
    }

    public readonly Probe Start(uint hash) =>
        new() { Hash = hash, Line = hash, Matches = Matches(ref _lines.At(hash), hash) };

    /// <summary>The number of the next key with the probe's hash; false when there is no other.</summary>
    public readonly bool TryNext(ref Probe probe, out int number)
    {
        number = -1;
        while (probe.Matches == 0)
        {
            // A line that has room never sent a key on to the next.
            if (Unsafe.Add(ref _lines.At(probe.Line), LineSlots - 1) == 0) return false;
            probe.Matches = Matches(ref _lines.At(++probe.Line), probe.Hash);
        }
        number = NumberAt(ref _lines.At(probe.Line), probe.Matches);
        probe.Matches &= probe.Matches - 1;
        return true;
    }

    public void Add(uint hash, int number, int countAfter)
    {
        if ((long)countAfter * 8 > (long)_lines.Capacity * 5) Grow();
        Put(_lines, (ulong)(hash | Taken) << 32 | ((uint)number + 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NumberAt(ref ulong line, uint matches) =>
        (int)(uint)Unsafe.Add(ref line, BitOperations.TrailingZeroCount(matches)) - 1;

    // One bit a slot.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Matches(ref ulong line, uint hash)
    {
        Vector256<ulong> upper = Vector256.Create(0xFFFF_FFFF_0000_0000), wanted =
            Vector256.Create((ulong)(hash | Taken) << 32);
        uint low = Vector256.Equals(Vector256.LoadUnsafe(ref line) & upper, wanted).ExtractMostSignificantBits();
        uint high = Vector256.Equals(Vector256.LoadUnsafe(ref line, 4) & upper, wanted).ExtractMostSignificantBits();
        return low | high << 4;
    }

    private void Grow()
    {
        Lines grown = new(_lines.Capacity / LineSlots * 2);
        foreach (ulong slot in _lines.All)
            if (slot != 0) Put(grown, slot);
        _lines = grown;
    }

    // The bit that marks a hash as taken is beyond those that choose a line.
    private static void Put(in Lines lines, ulong slot)
    {
        for (uint at = (uint)(slot >> 32); ; at++)
        {
            ref ulong line = ref lines.At(at);
            for (int i = 0; i < LineSlots; i++)
            {
                if (Unsafe.Add(ref line, i) != 0) continue;
                Unsafe.Add(ref line, i) = slot;
                return;
            }
        }
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
