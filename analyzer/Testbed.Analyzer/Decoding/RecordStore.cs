using System.Runtime.CompilerServices;

namespace Testbed.Analyzer.Decoding;

/// <summary>A tap's records in capture order, in chunks, so that growing copies nothing.</summary>
public sealed class RecordStore
{
    private const int ChunkBits = 14;
    private const int ChunkMask = (1 << ChunkBits) - 1;
    private readonly List<PacketRecord[]> _chunks = [];

    public int Count { get; private set; }

    public ref PacketRecord this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _chunks[index >> ChunkBits][index & ChunkMask];
    }

    public void Add(in PacketRecord record)
    {
        if (Count >> ChunkBits == _chunks.Count)
            _chunks.Add(GC.AllocateUninitializedArray<PacketRecord>(1 << ChunkBits));
        _chunks[Count >> ChunkBits][Count & ChunkMask] = record;
        Count++;
    }
}
