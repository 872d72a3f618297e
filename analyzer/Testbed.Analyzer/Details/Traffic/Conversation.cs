using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Details.Traffic;

/// <summary>
/// Both directions of a flow. <paramref name="Near"/> is the UE's end, or, where the direction is not known, the lower
/// of both.
/// </summary>
internal readonly record struct Conversation(
    HostAddress Near, ushort NearPort, HostAddress Far, ushort FarPort, byte Protocol, bool IsDirectionKnown)
    : IComparable<Conversation>
{
    /// <param name="fromNear">True for what the first end sends.</param>
    public static Conversation Of(in FlowKey flow, PacketDirection direction, out bool fromNear)
    {
        bool isKnown = direction is not PacketDirection.Unknown;
        fromNear = isKnown ? direction is PacketDirection.Uplink
            : (flow.Source, flow.SourcePort).CompareTo((flow.Destination, flow.DestinationPort)) <= 0;
        return fromNear
            ? new(flow.Source, flow.SourcePort, flow.Destination, flow.DestinationPort, flow.Protocol, isKnown)
            : new(flow.Destination, flow.DestinationPort, flow.Source, flow.SourcePort, flow.Protocol, isKnown);
    }

    public int CompareTo(Conversation other) =>
        (Near, NearPort, Far, FarPort, Protocol, IsDirectionKnown).CompareTo(
            (other.Near, other.NearPort, other.Far, other.FarPort, other.Protocol, other.IsDirectionKnown));
}
