using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Decoding.Tables;

namespace Testbed.Analyzer.Streaming;

/// <summary>Some thousand records on their way from a tap's reader to the join, and back empty.</summary>
internal sealed class Slab(int capacity = Slab.Capacity)
{
    public const int Capacity = 4096;
    public PacketRecord[] Records { get; } = new PacketRecord[capacity];
    public int Count { get; set; }
    /// <summary>Flows that N3 shows for the first time among these records, with their direction.</summary>
    public List<(FlowKey Flow, PacketDirection Direction)> Seen { get; } = [];

    public bool HasRoom => Count + VectorDecoder.FramesMax <= Records.Length;

    public void Clear()
    {
        Count = 0;
        Seen.Clear();
    }
}
