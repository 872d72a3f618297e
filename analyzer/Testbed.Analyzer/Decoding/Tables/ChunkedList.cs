using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Testbed.Analyzer.Decoding.Tables;

/// <summary>
/// A list in chunks that never move: growing copies nothing, and a reference stays good. Chunks start at a cache line,
/// so that an element of 32 or 64 bytes never lies in two, one of which nobody asked the cache for. One writer; others
/// may read the elements of which they were told through a lock or a queue.
/// </summary>
public sealed class ChunkedList<T> where T : unmanaged
{
    private const int ChunkBits = 14;
    private const int ChunkMask = (1 << ChunkBits) - 1;
    private const int LineBytes = 64;
    // Pinned, so that the place where a chunk's first line starts stays right. As many as are in use.
    private byte[][] _chunks = [];
    private nint[] _starts = [];

    public int Count { get; private set; }

    public unsafe ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref ((T*)_starts[index >> ChunkBits])[index & ChunkMask];
    }

    /// <summary>Appends and returns the element's index.</summary>
    public int Add(in T item)
    {
        if (Count >> ChunkBits == _starts.Length) AddChunk();
        int index = Count++;
        this[index] = item;
        return index;
    }

    /// <summary>Makes elements up to that index be there, with the default value.</summary>
    public void Cover(int index)
    {
        while (Count <= index) Add(default);
    }

    private void AddChunk()
    {
        byte[] chunk = GC.AllocateArray<byte>((Unsafe.SizeOf<T>() << ChunkBits) + LineBytes - 1, pinned: true);
        nint start = Marshal.UnsafeAddrOfPinnedArrayElement(chunk, 0);
        _chunks = [.. _chunks, chunk];
        _starts = [.. _starts, (start + LineBytes - 1) & -LineBytes];
    }
}
