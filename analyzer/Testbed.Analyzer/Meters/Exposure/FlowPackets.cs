using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Exposure;

/// <summary>A packet of a test flow at a tap.</summary>
/// <param name="IsOn">Where, or on which QoS flow, the call wants it.</param>
/// <param name="Bytes">Of the inner IP packet.</param>
internal readonly record struct FlowPacket(long TimeNs, bool IsUplink, bool IsOn, int Bytes, int Tap, int Record);

/// <summary>All packets of a test flow at some taps, by time.</summary>
internal sealed class FlowPackets
{
    private const byte Udp = 17;
    private readonly AnalysisContext _context;
    private readonly List<FlowPacket> _packets = [];

    private FlowPackets(AnalysisContext context) => _context = context;

    public IReadOnlyList<FlowPacket> All => _packets;

    /// <summary>
    /// On N3, at the tap that shows most of them: packets are on where they are on this QoS flow.
    /// </summary>
    public static FlowPackets OnN3(AnalysisContext context, ClosedLoopContext loop)
    {
        FlowPackets best = new(context);
        for (int tap = 0; tap < context.Taps.Count; tap++)
        {
            if (context.Taps[tap].Role is TapRole.N6) continue;
            FlowPackets here = new(context);
            here.Gather(tap, loop, RecordKind.Gpdu, record => record.Qfi == loop.Qfi);
            if (here._packets.Count > best._packets.Count) best = here;
        }
        return best.Sorted();
    }

    /// <summary>On N6, at all taps: packets are on where they are at an edge's own N6.</summary>
    public static FlowPackets OnN6(AnalysisContext context, ClosedLoopContext loop, Func<TapCapture, bool> isEdge)
    {
        FlowPackets packets = new(context);
        for (int tap = 0; tap < context.Taps.Count; tap++)
        {
            if (context.Taps[tap].Role is TapRole.N3) continue;
            bool isOn = isEdge(context.Taps[tap]);
            packets.Gather(tap, loop, RecordKind.Plain, _ => isOn);
        }
        return packets.Sorted();
    }

    public string Evidence(in FlowPacket packet) =>
        _context.Taps[packet.Tap].Evidence(_context.Taps[packet.Tap].Records[packet.Record]);

    /// <summary>Place of the first packet at or after a time.</summary>
    public int From(long timeNs)
    {
        int low = 0, high = _packets.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_packets[middle].TimeNs < timeNs) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private void Gather(int tap, ClosedLoopContext loop, RecordKind kind, Func<PacketRecord, bool> isOn)
    {
        TapCapture capture = _context.Taps[tap];
        // 1 for the flow's uplink, 2 for its downlink, by the decoder's numbers.
        byte[] ways = [.. Enumerable.Range(0, capture.Decoder.Flows.Count)
            .Select(flow => Way(capture.Decoder.Flows[flow], loop, kind))];
        for (int i = 0; i < capture.Records.Count; i++)
        {
            ref PacketRecord record = ref capture.Records[i];
            if (record.Kind != kind || record.Flow < 0 || ways[record.Flow] is var way && way == 0) continue;
            _packets.Add(new(record.TimeNs, way == 1, isOn(record), record.InnerLength, tap, i));
        }
    }

    // A network may translate the UE's address and port on N6; the far end's port is the nonce's.
    private static byte Way(in FlowKey flow, ClosedLoopContext loop, RecordKind kind)
    {
        if (flow.Protocol != Udp) return 0;
        HostAddress ue = HostAddress.From(loop.UeAddress), remote = HostAddress.From(loop.RemoteAddress);
        bool onN3 = kind is RecordKind.Gpdu;
        if (flow.Destination == remote && flow.DestinationPort == loop.RemotePort
            && (!onN3 || (flow.Source == ue && flow.SourcePort == loop.UePort))) return 1;
        return flow.Source == remote && flow.SourcePort == loop.RemotePort
            && (!onN3 || (flow.Destination == ue && flow.DestinationPort == loop.UePort)) ? (byte)2 : (byte)0;
    }

    private FlowPackets Sorted()
    {
        _packets.Sort(static (one, other) => one.TimeNs.CompareTo(other.TimeNs));
        return this;
    }
}
