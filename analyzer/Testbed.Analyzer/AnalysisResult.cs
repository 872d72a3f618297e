using Testbed.Conformance;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer;

/// <summary>
/// Everything that an analysis found. <c>AnalysisJson</c> prints it under the names that other tools
/// rely on; <see cref="Kpis"/> go to the judge, <see cref="Series"/> to plots.
/// </summary>
public sealed record AnalysisResult
{
    public required TapSummary N3 { get; init; }
    public required TapSummary N6 { get; init; }
    public required GtpUSummary GtpU { get; init; }
    public required MatchSummary Match { get; init; }
    /// <summary>By slice name; empty without a claim and without control plane.</summary>
    public required IReadOnlyDictionary<string, SliceSummary> Slices { get; init; }
    public required RateSummary Rates { get; init; }
    /// <summary>What N2 showed; null when no file stands at N2.</summary>
    public N2Summary? N2 { get; init; }
    /// <summary>HTTP/2 in clear; null where no file stands at SBI and none of the others holds any.</summary>
    public SbiSummary? Sbi { get; init; }
    public required IReadOnlyList<KpiResult> Kpis { get; init; }
    public required IReadOnlyList<Series> Series { get; init; }
    /// <summary>Single UEs, tunnels and flows; null unless asked for.</summary>
    public Details.AnalysisDetails? Details { get; init; }
    /// <summary>The course of everything and of each slice over time; null unless asked for.</summary>
    public Intervals.IntervalTable? Intervals { get; init; }
    /// <summary>What the analysis noticed that is no KPI: translation, offloaded frames, odd clocks.</summary>
    public IReadOnlyList<LocalText> Findings { get; init; } = [];
    /// <summary>
    /// Why all packets were kept in memory to be understood; null when they were measured as they came.
    /// </summary>
    public LocalText? KeptBecause { get; init; }
    public required long ElapsedMs { get; init; }
    /// <summary>Frames read a second of elapsed time.</summary>
    public required long PacketsPerSecond { get; init; }
}

/// <summary>What one reference point's files held.</summary>
public sealed record TapSummary
{
    /// <summary>Frames.</summary>
    public required long Packets { get; init; }
    /// <summary>Bytes on the wire, from the capture headers.</summary>
    public required long Bytes { get; init; }
    /// <summary>
    /// N6's times stand by N3's clock where the two are further apart than the matching window; a finding says so.
    /// </summary>
    public required long FirstNs { get; init; }
    public required long LastNs { get; init; }
    /// <summary>Frames that became a record, fragments of one datagram included.</summary>
    public required long Decoded { get; init; }
    /// <summary>Frames that did not, by reason.</summary>
    public required IReadOnlyDictionary<string, long> NotDecoded { get; init; }
    /// <summary>
    /// What was met besides plain GTP-U and IP: carrying tunnels, N9, Ethernet and unstructured PDUs, GTP-C and GTP'.
    /// </summary>
    public IReadOnlyDictionary<string, long> Noticed { get; init; } = new Dictionary<string, long>();
}

/// <summary>Counts of the outermost GTP-U on UDP port 2152; a fragmented datagram counts once.</summary>
public sealed record GtpUSummary
{
    public required long Gpdu { get; init; }
    public required long Echo { get; init; }
    public required long ErrorIndication { get; init; }
    public required long EndMarker { get; init; }
    /// <summary>Distinct pairs of outer destination and TEID among G-PDUs.</summary>
    public required long Tunnels { get; init; }
    /// <summary>Distinct UE addresses.</summary>
    public required long Ues { get; init; }
    /// <summary>G-PDUs by QoS flow identifier of the PDU session container.</summary>
    public required IReadOnlyDictionary<int, long> Qfis { get; init; }
    /// <summary>G-PDUs whose container says uplink (PDU type 1, TS 38.415 §5.5.2.2).</summary>
    public required long Uplink { get; init; }
    /// <summary>G-PDUs whose container says downlink (PDU type 0, TS 38.415 §5.5.2.1).</summary>
    public required long Downlink { get; init; }
}

/// <summary>What crossed the UPF, and what did not and why.</summary>
public sealed record MatchSummary
{
    public required long Matched { get; init; }
    public required long OnlyN3 { get; init; }
    public required long OnlyN6 { get; init; }
    /// <summary>Matched pairs whose key another packet within the window shared.</summary>
    public required long Ambiguous { get; init; }
    /// <summary>True when pairs show that the UPF, or what follows it, translates addresses.</summary>
    public required bool Nat { get; init; }
    /// <summary>Unmatched packets by <c>UnmatchedReason</c>, spelled in camel case.</summary>
    public required IReadOnlyDictionary<string, long> Unmatched { get; init; }
    /// <summary>The share of <see cref="Unmatched"/> that was seen on N3.</summary>
    public required IReadOnlyDictionary<string, long> UnmatchedN3 { get; init; }
    /// <summary>The share of <see cref="Unmatched"/> that was seen on N6.</summary>
    public required IReadOnlyDictionary<string, long> UnmatchedN6 { get; init; }
    public required DirectionSummary Uplink { get; init; }
    public required DirectionSummary Downlink { get; init; }
    /// <summary>How both sides' clocks compare; null when not both directions have pairs.</summary>
    public Matching.Clocks.ClockEstimate? Clock { get; init; }
}

/// <summary>One direction through the UPF.</summary>
public sealed record DirectionSummary
{
    public required long Matched { get; init; }
    /// <summary>Entered the UPF and left it nowhere, with every other reason excluded.</summary>
    public required long Lost { get; init; }
    public required long Duplicated { get; init; }
    /// <summary>
    /// Packets that left the UPF behind one that entered it later, within one flow (RFC 4737, type-P-reordered).
    /// </summary>
    public required long Reordered { get; init; }
    /// <summary>Longest run of consecutive losses in one flow.</summary>
    public required long LossBurstMax { get; init; }
    /// <summary>Null when nothing matched.</summary>
    public required DelaySummary? DelayNs { get; init; }
}

/// <summary>Transit delay in nanoseconds. Minimum, mean and maximum are exact; quantiles keep three digits.</summary>
public sealed record DelaySummary(
    long Samples, long Min, long Mean, long P50, long P90, long P99, long P999, long Max);

/// <summary>One slice's crossing, with its share of each QoS flow.</summary>
public sealed record SliceSummary(DirectionSummary Uplink, DirectionSummary Downlink)
{
    /// <summary>By QFI; packets without container under 0.</summary>
    public IReadOnlyDictionary<int, DirectionSummary> UplinkByQfi { get; init; } =
        new Dictionary<int, DirectionSummary>();
    public IReadOnlyDictionary<int, DirectionSummary> DownlinkByQfi { get; init; } =
        new Dictionary<int, DirectionSummary>();
    /// <summary>
    /// Where the mapping of traffic to this slice comes from: <c>pfcp</c>, <c>ngap</c>, <c>pool</c>, joined by +.
    /// </summary>
    public string Provenance { get; init; } = "";
    public long Ues { get; init; }
}

/// <summary>Rates of inner IP packets in bits a second, by tap and direction.</summary>
public sealed record RateSummary(
    RateFigure N3Uplink, RateFigure N3Downlink, RateFigure N6Uplink, RateFigure N6Downlink);

/// <param name="MeanBps">Over the time between the first and the last packet.</param>
/// <param name="MaxBps">The largest interval of one second.</param>
public sealed record RateFigure(long Packets, long Bytes, long MeanBps, long MaxBps);

/// <summary>One plotted line: equal steps, a gap where nothing was measured.</summary>
/// <param name="Name"><c>rate</c>, <c>transit-p50</c>, <c>transit-p99</c>, <c>round-trip</c>.</param>
/// <param name="Unit"><c>Mbit/s</c>, <c>us</c> or <c>ms</c>.</param>
/// <param name="Scope">Tap, or slice and endpoint; empty for the whole network.</param>
/// <param name="StartNs">Start of the first interval, nanoseconds since the Unix epoch.</param>
public sealed record Series(
    string Name, string Unit, Direction Direction, string Scope, long StartNs, long StepNs,
    IReadOnlyList<double?> Values);
