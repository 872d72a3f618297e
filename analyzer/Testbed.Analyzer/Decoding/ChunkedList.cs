using System.Runtime.CompilerServices;

namespace Testbed.Analyzer.Decoding;

/// <summary>
/// A list in chunks that never move: growing copies nothing, and a reference stays good. One writer; others may read
/// the elements of which they were told through a lock or a queue.
/// </summary>
public sealed class ChunkedList<T> where T : unmanaged
{
    private const int ChunkBits = 14;
    private const int ChunkMask = (1 << ChunkBits) - 1;
    private T[][] _chunks = [];

    public int Count { get; private set; }

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _chunks[index >> ChunkBits][index & ChunkMask];
    }

    /// <summary>Appends and returns the element's index.</summary>
    public int Add(in T item)
    {
        int chunk = Count >> ChunkBits;
        if (chunk == _chunks.Length) Array.Resize(ref _chunks, Math.Max(4, _chunks.Length * 2));
        _chunks[chunk] ??= new T[1 << ChunkBits];
        _chunks[chunk][Count & ChunkMask] = item;
        return Count++;
    }

    /// <summary>Makes elements up to that index be there, with the default value.</summary>
    public void Cover(int index)
    {
        while (Count <= index) Add(default);
    }
}
