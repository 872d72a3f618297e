using System.Net;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Stamp;

/// <summary>The parameters of a stamp-sender.</summary>
/// <param name="Path">Slice and far end: the scope of the figures.</param>
/// <param name="PacketBytes">UDP payload; an authenticated packet has at least 112 (RFC 8762 §4.2.2).</param>
/// <param name="AskedBytes">What the plan asked for.</param>
/// <param name="DeadlineMs">Later than this after the actual sending is lost.</param>
internal sealed record StampSenderOrder(
    IPAddress LocalAddress, int LocalPort, IPAddress RemoteAddress, int Port, int Session, string Path, int Count,
    decimal RatePps, int PacketBytes, int AskedBytes, decimal DeadlineMs)
{
    /// <summary>Enough for 99.9999 % with one failure (4,742,965 packets).</summary>
    private const int CountMax = 5_000_000;
    private const long NsPerMs = 1_000_000;
    /// <summary>A lost packet is waited for at least this long, so that it surely missed any limit.</summary>
    private const long WaitNsMin = 2_000 * NsPerMs;

    /// <summary>What the padding holds, by which a packet is found in any frame; empty for none.</summary>
    public ReadOnlyMemory<byte> Marker { get; init; }

    public long DeadlineNs => (long)(DeadlineMs * NsPerMs);
    public long WaitNs => Math.Max(WaitNsMin, 2 * DeadlineNs);
    public int WindowPackets => (int)(RatePps * WaitNs / 1_000_000_000m) * 2 + 1024;
    public string RecordName => $"stamp-{Session}.csv";

    public static StampSenderOrder Read(ProbeParameters parameters)
    {
        IPAddress local = parameters.Address("localAddress"), remote = parameters.Address("remoteAddress");
        ProbeParameters.RequireSameFamily("remoteAddress", remote, local);
        int asked = parameters.Whole("packetBytes", 1, 9_000);
        return new(
            local, parameters.Whole("localPort", 0, ushort.MaxValue), remote, parameters.Port("port"),
            parameters.Whole("session", 1, ushort.MaxValue), parameters.Path, parameters.Whole("count", 1, CountMax),
            parameters.Number("ratePps", 0.1m, 10_000), Math.Max(asked, StampLayout.AuthenticatedLength), asked,
            parameters.Number("deadlineMs", 0.001m, 10_000));
    }
}
