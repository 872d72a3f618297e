using System.Net;

namespace Testbed.Conformance.Claims;

/// <summary>
/// What an applicant says its testbed is: the content of <c>lab.yaml</c>, checked. Made only by the claim
/// reader; every address, pool and figure in it parsed and is consistent with the others.
/// </summary>
public sealed record Claim
{
    public required string Schema { get; init; }
    public required Applicant Applicant { get; init; }
    /// <summary><c>self-check</c> (自测) or <c>site-visit</c> (现场考察).</summary>
    public required string Purpose { get; init; }
    /// <summary>Name and version of the criteria profile, e.g. <c>miit-2022-220@1</c>.</summary>
    public required string Profile { get; init; }
    public required Site Site { get; init; }
    public required Network Network { get; init; }
    public required IReadOnlyList<Slice> Slices { get; init; }
    public IReadOnlyList<EdgeHost> Edge { get; init; } = [];
    public Exposure? Exposure { get; init; }
    public IReadOnlyList<Tap> Taps { get; init; } = [];
    public IReadOnlyList<TestEndpoint> Endpoints { get; init; } = [];
    public IReadOnlyList<Scenario> Scenarios { get; init; } = [];
    /// <summary>
    /// Of <c>load, scan, spoof, malformed, n3-active, full-capture</c>: what is not listed is not done.
    /// </summary>
    public IReadOnlyList<string> Consent { get; init; } = [];
    public Limits Limits { get; init; } = new(null, null);
    /// <summary>SHA-256 of the file's bytes, lower-case hex.</summary>
    public required string Digest { get; init; }
}

public sealed record Applicant(
    string Name, string? CreditCode, IReadOnlyList<string> Members, IReadOnlyList<string> Industries, string? Province);

/// <param name="AreaKm2">Declared area in square kilometres.</param>
public sealed record Site(string Name, decimal AreaKm2);

public sealed record Network(
    string Plmn, IReadOnlyList<Gnb> Gnbs, IReadOnlyList<Upf> Upfs, CoreNetwork Core, string N3Protection, string Nat)
{
    /// <summary><c>allowed</c> or <c>blocked</c>: packets from one UE to another; not claimed is blocked.</summary>
    public string UeToUe { get; init; } = ClaimWords.Blocked;
    /// <summary><c>allowed</c> or <c>blocked</c>: packets from N6 to a UE that asked for none.</summary>
    public string UnsolicitedDownlink { get; init; } = ClaimWords.Blocked;
    /// <summary>What no UE is to reach, each once: of the UPFs, of the gNBs, of the rest of the core.</summary>
    public IEnumerable<IPAddress> InnerAddresses => Upfs.SelectMany(upf => upf.N4.Concat(upf.N3))
        .Concat(Gnbs.SelectMany(gnb => gnb.N2.Concat(gnb.N3))).Concat(Core.Addresses).Distinct();
}

public sealed record Gnb(string Name, IReadOnlyList<IPAddress> N3, IReadOnlyList<IPAddress> N2);

/// <param name="Role"><c>central</c> (the default) or <c>edge</c>.</param>
public sealed record Upf(string Name, IReadOnlyList<IPAddress> N3, IReadOnlyList<IPAddress> N4, string Role);

/// <param name="Ports">Each as <c>38412/sctp</c>.</param>
public sealed record CoreNetwork(IReadOnlyList<IPAddress> Addresses, IReadOnlyList<string> Ports);

/// <param name="Sst">Slice/service type, 0–255 (TS 23.003 §28.4.2).</param>
/// <param name="Sd">Slice differentiator, 24 bits; null when the claim names none.</param>
public readonly record struct Snssai(byte Sst, uint? Sd)
{
    public override string ToString() => Sd is { } sd ? $"{Sst}-{sd:x6}" : $"{Sst}";
}

public sealed record Slice(
    string Name, Snssai Snssai, string Dnn, IReadOnlyList<IPNetwork> UePools, string Upf,
    IReadOnlyList<QosFlow> Flows, decimal? AmbrUlMbps, decimal? AmbrDlMbps)
{
    /// <summary>DSCP that the operator says it sets, by QFI.</summary>
    public IReadOnlyDictionary<int, int> Dscp { get; init; } = new Dictionary<int, int>();
    /// <summary>What the slice was ordered to be (TS 28.541 §6.3.3); null where the claim imports none.</summary>
    public ServiceProfile? ServiceProfile { get; init; }
}

/// <param name="GfbrMbps">Guaranteed flow bit rate, each way; null for a non-GBR flow.</param>
public sealed record QosFlow(int Qfi, int FiveQi, decimal? GfbrMbps, decimal? MfbrMbps)
{
    /// <summary>
    /// Which packets are on the flow, as a flow description (TS 29.214 §5.3.8), e.g. <c>permit out 17 from any
    /// 5000-5099 to assigned</c>; null for the flow of what no other takes.
    /// </summary>
    public string? Filter { get; init; }
    /// <summary>
    /// What an application asks the NEF for to get its packets on this flow (<c>qosReference</c>, TS 29.122 §5.14.2).
    /// </summary>
    public string? QosReference { get; init; }
    /// <summary>The same for CAMARA QualityOnDemand (<c>qosProfile</c>).</summary>
    public string? QosProfile { get; init; }
    /// <summary>The flow is there only while an application asks for it.</summary>
    public bool IsOnDemand => QosReference is not null || QosProfile is not null;
}

/// <param name="App">Domain name of the edge application.</param>
/// <param name="Mec011">Root of the platform's service management API (ETSI GS MEC 011).</param>
/// <param name="Token">Where a kit finds the platform's access token, as <c>env:NAME</c>.</param>
public sealed record EdgeHost(string Name, IPAddress Address, string App, Uri? Mec011, string? Token)
{
    /// <summary>Where its data network is reached, as TrafficInfluence names it (TS 23.501 §5.6.7).</summary>
    public string? Dnai { get; init; }

    /// <summary>
    /// The DNS server that the SMF gives to UEs which may use the edge (TS 23.548 §6.2.3.2); null for one on the edge
    /// host itself.
    /// </summary>
    public IPAddress? Dns { get; init; }

    /// <summary>Root of the location API (ETSI GS MEC 013); null where none is claimed.</summary>
    public Uri? Mec013 { get; init; }

    /// <summary>
    /// The application instance that tests register services for (appInstanceId, ETSI GS MEC 011 §8.2.6.2); null where
    /// the platform takes the host's name.
    /// </summary>
    public string? AppInstance { get; init; }

    /// <summary>File with the certificates that the platform's own is checked against, beside the claim.</summary>
    public string? Ca { get; init; }
}

public sealed record Exposure(Nef? Nef, Uri? CapifRoot, Uri? CamaraQualityOnDemand);

public sealed record Nef(
    Uri Root, Uri TokenEndpoint, string ClientId, string Secret, string? Ca, string AfId, IReadOnlyList<string> Apis)
{
    /// <summary>
    /// The slice whose UEs make up <see cref="UeGroup"/>: their sessions are what MonitoringEvent reports on.
    /// </summary>
    public string? UeGroupSlice { get; init; }
    /// <summary><c>externalGroupId</c> (TS 23.003 §19.7.3) of all UEs of that slice.</summary>
    public string? UeGroup { get; init; }
    /// <summary>A second application function, whose resources the first must not reach; null for none.</summary>
    public OtherAf? OtherAf { get; init; }
}

/// <param name="AfId">As in paths of the NEF's APIs (<c>scsAsId</c>, <c>afId</c>).</param>
/// <param name="Secret">Where a kit finds the client's secret, as <c>env:NAME</c>.</param>
public sealed record OtherAf(string AfId, string ClientId, string Secret);

/// <param name="Point">Reference point: <c>n3</c>, <c>n6</c>, <c>n6-edge</c>, <c>n4</c>, <c>n2</c>.</param>
/// <param name="Slices">Names of the slices whose traffic passes here; empty means all.</param>
public sealed record Tap(string Point, string Kit, string Interface, IReadOnlyList<string> Slices);

/// <param name="Role"><c>ue</c>, <c>dn</c> or <c>edge</c>.</param>
/// <param name="Emulated">True when no radio and no real terminal stands behind it.</param>
public sealed record TestEndpoint(
    string Role, string Kit, string? Slice, string? Interface, IPAddress Address, bool Emulated)
{
    /// <summary>
    /// Where the kit asks a UE for PDU sessions (docs/attach-interface.md), as it sees it; null where it cannot.
    /// </summary>
    public IPEndPoint? Attach { get; init; }
}

/// <summary>One of the notice's typical scenarios with the figures that the applicant claims for it.</summary>
/// <param name="Type">
/// <c>large-bandwidth</c> 大带宽, <c>massive-connection</c> 大连接, <c>low-latency</c> 低时延,
/// <c>high-reliability</c> 高可靠.
/// </param>
/// <param name="To"><c>dn</c> or <c>edge</c>: the far end of the measured path.</param>
/// <param name="Figures">
/// By key of the claim file: <c>dlMbps ulMbps rttMsP99 jitterMs upfMsP99 ratio withinMs packetBytes
/// concurrentSessions setupSuccess availability survivalMs</c>.
/// </param>
public sealed record Scenario(string Type, string Slice, string To, IReadOnlyDictionary<string, decimal> Figures);

/// <summary>What the verifier never exceeds on this site; null means the product's own ceiling.</summary>
public sealed record Limits(decimal? Mbps, int? Sessions)
{
    /// <summary>
    /// So many times the rate that it is to show must a search be allowed to offer: one that ends right at it shows a
    /// little less, whatever the network.
    /// </summary>
    public const decimal RateRoom = 1.05m;
}
