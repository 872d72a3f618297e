using System.Net;
using Testbed.Probes.Stamp;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Edge;

/// <summary>
/// The parameters of edge-paths: localAddress, slice, deadlineMs, and for each far end (edge, dn) its address, port,
/// localPort, session, count and ratePps; claimedMs where the claim states a round trip to the edge.
/// </summary>
internal sealed record EdgePathsOrder(StampSenderOrder Edge, StampSenderOrder Centre, decimal? ClaimedMs)
{
    /// <summary>An authenticated base packet, the header of a padding TLV (RFC 8972 §4) and the marker.</summary>
    public const int PacketBytes = StampLayout.AuthenticatedLength + 4 + PayloadMarker.Length;
    private const int CountMax = 1_000_000;

    public static EdgePathsOrder Read(ProbeParameters parameters)
    {
        IPAddress local = parameters.Address("localAddress");
        bool isClaimed = parameters.Has("claimedMs");
        return new(
            End(parameters, local, "edge"), End(parameters, local, "dn"),
            isClaimed ? parameters.Number("claimedMs", 0.001m, 10_000) : null);
    }

    private static StampSenderOrder End(ProbeParameters parameters, IPAddress local, string role)
    {
        IPAddress remote = parameters.Address(role + "Address");
        ProbeParameters.RequireSameFamily(role + "Address", remote, local);
        return new(
            local, parameters.Whole(role + "LocalPort", 0, ushort.MaxValue), remote, parameters.Port(role + "Port"),
            parameters.Whole(role + "Session", 1, ushort.MaxValue), parameters.Slice,
            parameters.Whole(role + "Count", 1, CountMax), parameters.Number(role + "RatePps", 0.1m, 10_000),
            PacketBytes, PacketBytes, parameters.Number("deadlineMs", 0.001m, 10_000))
        {
            Marker = PayloadMarker.Derive(parameters.RunNonce.Span, role),
        };
    }
}
