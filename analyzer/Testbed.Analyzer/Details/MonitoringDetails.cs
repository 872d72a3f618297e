namespace Testbed.Analyzer.Details;

/// <summary>
/// QoS monitoring per QoS flow (TS 23.501 §5.33.3.2): time stamps that UPF and gNB put into PDU session containers.
/// Each stamp stands by its own node's clock, and a capture's time by the tap's.
/// </summary>
public sealed record MonitoringDetails
{
    /// <summary>Downlink packets with the UPF's sending time.</summary>
    public required long DownlinkPackets { get; init; }
    /// <summary>Uplink packets with all three times.</summary>
    public required long UplinkPackets { get; init; }
    /// <summary>By QFI.</summary>
    public required IReadOnlyList<MonitoringFlow> Flows { get; init; }
    /// <summary>Uplink packets that repeat a sending time which no downlink packet on N3 carried.</summary>
    public required long Unpaired { get; init; }
    /// <summary>
    /// Uplink packets whose sending time several downlink packets of different tunnels to one gNB carried.
    /// </summary>
    public required long Ambiguous { get; init; }
    /// <summary>Uplink packets that were sent before the gNB received, by its own clock.</summary>
    public required long Disordered { get; init; }
    /// <summary>Downlink packets beyond those that are remembered for pairing.</summary>
    public required long BeyondMemory { get; init; }
    /// <summary>Containers whose flags promise more than they hold.</summary>
    public required long Damaged { get; init; }
}

/// <summary>Monitoring of one QoS flow over all its tunnels.</summary>
public sealed record MonitoringFlow(int Qfi, long DownlinkPackets, long UplinkPackets)
{
    /// <summary>
    /// Downlink packet at the tap to the uplink packet that answers it, less the gNB's holding time: from the tap to
    /// the gNB and back. Each of both times is a difference by one clock, so no clock need agree with another.
    /// </summary>
    public DelaySummary? RoundTripTapGnbNs { get; init; }
    /// <summary>
    /// How long the gNB held the report: received to sent, by its clock. No delay of the network.
    /// </summary>
    public DelaySummary? GnbHoldingNs { get; init; }
    /// <summary>
    /// The gNB's receiving less the UPF's sending time: the downlink delay on N3 plus what the gNB's clock is ahead of
    /// the UPF's. A delay only where both are known to agree.
    /// </summary>
    public DelaySummary? DownlinkDifferenceNs { get; init; }
    /// <summary>
    /// Capture time less the gNB's sending time: the uplink delay up to the tap plus what the tap's clock is ahead of
    /// the gNB's. A delay only where both are known to agree.
    /// </summary>
    public DelaySummary? UplinkDifferenceNs { get; init; }
    /// <summary>
    /// What the gNB reports of the downlink between itself and the UE, milliseconds (TS 38.415 §5.5.3.14).
    /// </summary>
    public DelaySummary? ReportedDownlinkMs { get; init; }
    /// <summary>The same of the uplink (§5.5.3.16).</summary>
    public DelaySummary? ReportedUplinkMs { get; init; }
    /// <summary>What is reported of N3 and N9, milliseconds.</summary>
    public DelaySummary? ReportedN3N9Ms { get; init; }
}
