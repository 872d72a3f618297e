namespace Testbed.Analyzer.Details;

/// <summary>
/// What an analysis tells of single UEs, tunnels and flows, on request. Counts are of inner packets as the captures
/// hold them, a copy that an "any" capture keeps of a packet included; bytes are those of inner IP packets.
/// </summary>
public sealed record AnalysisDetails
{
    /// <summary>
    /// Where packets, bytes and TCP were measured: <c>n3</c>, or <c>n6</c> where no tap stands at N3.
    /// </summary>
    public required string Point { get; init; }
    /// <summary>Most rows of each list.</summary>
    public required int Top { get; init; }
    /// <summary>
    /// False where the clocks of both sides disagree: then no delay is given here, as none would be true.
    /// </summary>
    public required bool OneWayDelaysUsable { get; init; }
    public required Ranked<UeDetail> Ues { get; init; }
    public required Ranked<TunnelDetail> Tunnels { get; init; }
    public required Ranked<QosFlowDetail> QosFlows { get; init; }
    public required Ranked<DnnDetail> Dnns { get; init; }
    /// <summary>Top talkers.</summary>
    public required Ranked<FlowDetail> Flows { get; init; }
    /// <summary>
    /// Packets that stand in no row of a UE: what they carry is no IP packet, is damaged, or goes nobody knows where.
    /// </summary>
    public required TrafficCount WithoutUe { get; init; }
    /// <summary>
    /// Downlink losses of flows of which no packet ever reached N3: nobody knows their tunnel and QFI, so they stand in
    /// the rows of UEs, data networks and flows only.
    /// </summary>
    public required long LostBeforeAnyTunnel { get; init; }
    /// <summary>Null where not both sides of the UPF were captured.</summary>
    public LossBursts? UplinkLossBursts { get; init; }
    public LossBursts? DownlinkLossBursts { get; init; }
    public required TcpDetails Tcp { get; init; }
    /// <summary>Null where no PDU session container carries time stamps.</summary>
    public MonitoringDetails? Monitoring { get; init; }
}

/// <summary>The first rows of a longer list.</summary>
/// <param name="Total">Rows that there are.</param>
public sealed record Ranked<T>(IReadOnlyList<T> Shown, long Total);

/// <param name="Bytes">Of inner IP packets, by their headers.</param>
public readonly record struct TrafficCount(long Packets, long Bytes);

/// <summary>One direction of a UE, a tunnel, a QoS flow, a data network or a flow.</summary>
public sealed record DirectionTraffic(long Packets, long Bytes)
{
    /// <summary>Found on the other side of the UPF too; null where only one side was captured.</summary>
    public long? Matched { get; init; }
    /// <summary>
    /// Entered the UPF and left it nowhere. A downlink packet got lost before it had a tunnel and a QFI: it counts with
    /// those of the other packets of its flow.
    /// </summary>
    public long? Lost { get; init; }
    /// <summary>Transit through the UPF; null where nothing matched or nothing may be said.</summary>
    public DelaySummary? DelayNs { get; init; }
}

/// <param name="Slice">Null where neither claim nor control plane names one.</param>
/// <param name="Dnn">Null where neither N4 nor the claim names one; names joined by / where N4 tells several.</param>
public sealed record UeDetail(
    string Address, string? Slice, string? Dnn, DirectionTraffic Uplink, DirectionTraffic Downlink, long FirstNs,
    long LastNs);

/// <param name="Receiver">Address of the end that chose the TEID.</param>
/// <param name="Direction"><c>uplink</c>, <c>downlink</c> or <c>unknown</c>.</param>
/// <param name="Qfis">In order; empty where no container was seen.</param>
/// <param name="Ue">The only UE, or the first of several; null where none is known.</param>
/// <param name="Ues">Distinct UE addresses.</param>
public sealed record TunnelDetail(
    string Receiver, uint Teid, string Direction, IReadOnlyList<int> Qfis, string? Ue, long Ues, string? Slice,
    string? Dnn, DirectionTraffic Traffic, long FirstNs, long LastNs);

/// <param name="Qfi">Null for packets without PDU session container.</param>
/// <param name="Direction">As of a tunnel.</param>
public sealed record QosFlowDetail(int? Qfi, string Direction, long Tunnels, DirectionTraffic Traffic);

/// <summary>Traffic whose direction is not known stands in no row.</summary>
/// <param name="Dnn">Null for the traffic of which no data network's name is known.</param>
/// <param name="Source">Where the name is from: <c>pfcp</c>, <c>claim</c>, joined by +; empty without name.</param>
public sealed record DnnDetail(
    string? Dnn, string Source, long Ues, DirectionTraffic Uplink, DirectionTraffic Downlink);

/// <summary>A conversation of two ends. Where the direction is not known, either end may be the UE's.</summary>
/// <param name="Ue">The UE's end; where the direction is not known the lower of both addresses.</param>
/// <param name="Protocol">IANA protocol number.</param>
/// <param name="Uplink">From the first end to the second.</param>
public sealed record FlowDetail(
    string Ue, int UePort, string Remote, int RemotePort, int Protocol, bool IsDirectionKnown,
    DirectionTraffic Uplink, DirectionTraffic Downlink, long FirstNs, long LastNs)
{
    /// <summary>Null for another protocol, and for fragments that carry no ports.</summary>
    public TcpFlowFigures? Tcp { get; init; }
}
