using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;

namespace Testbed.Analyzer.Streaming;

/// <summary>A tap's packets that found no twin, with their places among those that entered the UPF.</summary>
internal sealed class Residue
{
    /// <summary>More than this of one tap is no residue: 256 MB.</summary>
    private const int CountMax = 4_000_000;
    private readonly ChunkedList<PacketRecord> _records = new();
    private readonly ChunkedList<Place> _places = new();

    /// <param name="Ordinal">Among all packets of its direction that entered; −1 of one that did not.</param>
    /// <param name="FlowOrdinal">Among those of its flow.</param>
    public readonly record struct Place(long Ordinal, uint FlowOrdinal);

    public int Count => _records.Count;

    public void Add(in PacketRecord record, Place place)
    {
        if (Count >= CountMax) throw HandOverException.TooMany("unmatched packets");
        _records.Add(record);
        _places.Add(place);
    }

    /// <summary>Everything in the order of the tap's files.</summary>
    public (RecordStore Records, Place[] Places) InOrder()
    {
        int[] order = new int[Count];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        order.AsSpan().Sort((a, b) => Name(a).CompareTo(Name(b)));
        RecordStore records = new();
        Place[] places = new Place[Count];
        for (int i = 0; i < order.Length; i++)
        {
            records.Add(_records[order[i]]);
            places[i] = _places[order[i]];
        }
        return (records, places);
    }

    private ulong Name(int index) => (ulong)_records[index].File << 32 | _records[index].FrameNumber;
}
