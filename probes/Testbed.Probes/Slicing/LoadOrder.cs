using System.Net;

namespace Testbed.Probes.Slicing;

/// <summary>The parameters of a slice-load: a steady rate in blocks, with pauses before, between and after.</summary>
/// <param name="Number">Names the record, unique in the plan.</param>
/// <param name="IsDownlink">The sender stands in the data network and waits for the UE's hello.</param>
/// <param name="Kbps">IP-layer rate while a block lasts.</param>
internal sealed record LoadOrder(
    IPAddress LocalAddress, int LocalPort, IPAddress RemoteAddress, int Port, int Number, bool IsDownlink, int Kbps,
    int PayloadBytes, int Blocks, long OnNs, long OffNs)
{
    public const string KeyPurpose = "testbed slice load v1";
    /// <summary>
    /// The share of a load that its kit held up for too long to make good, or of a witness's packets that kits
    /// disturbed (docs/decisions/0006).
    /// </summary>
    public const string DisturbedShareId = "load-disturbed-share";
    private const long NsPerMs = 1_000_000;

    public string RecordName => $"load-{Number}.csv";
    public long TotalNs => Blocks * OnNs + (Blocks + 1) * OffNs;

    public static LoadOrder Read(ProbeParameters parameters)
    {
        IPAddress local = parameters.Address("localAddress"), remote = parameters.Address("remoteAddress");
        ProbeParameters.RequireSameFamily("remoteAddress", remote, local);
        return new(
            local, parameters.Port("localPort"), remote, parameters.Port("port"),
            parameters.Whole("number", 1, 10_000), parameters.OneOf("direction", "downlink", "uplink") == "downlink",
            (int)(parameters.Number("mbps", 0.1m, 10_000) * 1000), parameters.Whole("payloadBytes", 64, 8_952),
            parameters.Whole("blocks", 1, 100), parameters.Whole("onMs", 100, 60_000) * NsPerMs,
            parameters.Whole("offMs", 0, 60_000) * NsPerMs);
    }
}
