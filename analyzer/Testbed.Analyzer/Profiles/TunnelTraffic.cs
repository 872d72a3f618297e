using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Decoding.Tables;

namespace Testbed.Analyzer.Profiles;

/// <summary>What the G-PDUs of one tap's tunnels carried: who and which QoS flows, each with its first frame.</summary>
internal sealed class TunnelTraffic
{
    public struct Count
    {
        public long Packets;
        public long FirstNs;
        public FrameName First;
    }

    /// <summary>The first packet of one flow and QFI in one tunnel.</summary>
    public readonly record struct Use(int Tunnel, int Flow, byte Qfi, PacketDirection Direction, FrameName First);

    private readonly HashSet<(int, int, byte)> _known = [];
    private readonly ChunkedList<Count> _counts = new();
    private readonly List<Use> _uses = [];

    /// <summary>In the order of packets.</summary>
    public IReadOnlyList<Use> Uses => _uses;
    public int Tunnels => _counts.Count;

    public ref readonly Count this[int tunnel] => ref _counts[tunnel];

    /// <param name="isNew">Flow, tunnel and QFI are not those of the flow's latest packet.</param>
    public void Add(in PacketRecord record, bool isNew)
    {
        _counts.Cover(record.Tunnel);
        ref Count count = ref _counts[record.Tunnel];
        if (count.Packets == 0) count.FirstNs = long.MaxValue;
        count.Packets++;
        if (record.TimeNs < count.FirstNs) (count.FirstNs, count.First) = (record.TimeNs, FrameName.Of(record));
        if (isNew && _known.Add((record.Tunnel, record.Flow, record.Qfi)))
            _uses.Add(new(record.Tunnel, record.Flow, record.Qfi, record.Direction, FrameName.Of(record)));
    }
}
