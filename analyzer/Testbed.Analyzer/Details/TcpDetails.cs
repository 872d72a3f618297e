namespace Testbed.Analyzer.Details;

/// <summary>TCP inside the tunnels, or on N6 where no tap stands at N3.</summary>
public sealed record TcpDetails
{
    /// <summary>Pairs of ends.</summary>
    public required long Flows { get; init; }
    /// <summary>Segments, those without data included and copies left out.</summary>
    public required long Segments { get; init; }
    /// <summary>
    /// Segments that a tap showed more than once: on several interfaces, by a mirror port, or doubled on their way.
    /// </summary>
    public required long Copies { get; init; }
    /// <summary>Segments in IP fragments, which are not looked at.</summary>
    public required long Fragments { get; init; }
    public required TcpHandshakes OpenedByUe { get; init; }
    public required TcpHandshakes OpenedByNetwork { get; init; }
    /// <summary>Of flows whose direction is not known.</summary>
    public required TcpHandshakes OpenedByUnknown { get; init; }
    public required TcpDirection Uplink { get; init; }
    public required TcpDirection Downlink { get; init; }
    public required TcpDirection UnknownDirection { get; init; }
    /// <summary>Flows with retransmissions, most first.</summary>
    public required Ranked<TcpFlowDetail> Retransmitting { get; init; }
}

/// <summary>Connections by the end that opened them, and their round trips as the tap splits them.</summary>
/// <param name="Opened">SYN with a new sequence number.</param>
/// <param name="Answered">Those that got a SYN/ACK.</param>
/// <param name="Ambiguous">Answered ones with a repeated SYN or SYN/ACK: which one was answered cannot be told, so they
/// give no round trip (Karn's rule, RFC 6298 §3).</param>
/// <param name="ServerSideNs">SYN to SYN/ACK at the tap: from the tap to the server and back.</param>
/// <param name="ClientSideNs">
/// SYN/ACK to the first segment of the client that carries no data: from the tap to the client and back.
/// </param>
public sealed record TcpHandshakes(
    long Opened, long Answered, long Ambiguous, DelaySummary? ServerSideNs, DelaySummary? ClientSideNs);

/// <summary>Segments that go one way.</summary>
public sealed record TcpDirection
{
    /// <summary>Segments with data.</summary>
    public long DataSegments { get; init; }
    /// <summary>Payload bytes of those.</summary>
    public long DataBytes { get; init; }
    /// <summary>Data or FIN that had passed the tap before.</summary>
    public long SeenBefore { get; init; }
    /// <summary>Bytes of sequence space of those that had passed before.</summary>
    public long SeenBeforeBytes { get; init; }
    /// <summary>
    /// Fill a gap too late to be a packet that others overtook: sent again after a loss ahead of the tap.
    /// </summary>
    public long LostBeforeTap { get; init; }
    /// <summary>SYN and SYN/ACK with the sequence number of an earlier one.</summary>
    public long SynAgain { get; init; }
    /// <summary>Fill a gap early: others overtook them ahead of the tap. No retransmissions.</summary>
    public long OutOfOrder { get; init; }
    /// <summary>One byte ahead of what is sent next (RFC 9293 §3.8.4). No retransmissions.</summary>
    public long KeepAlives { get; init; }
    /// <summary>Older than the gaps that are remembered.</summary>
    public long Undecided { get; init; }

    public long Retransmissions => SeenBefore + LostBeforeTap + SynAgain;
}

/// <summary>What TCP did in one flow. Retransmissions count as in <see cref="TcpDirection"/>.</summary>
/// <param name="ServerSideNs">Of its first connection with a round trip that is sure; null without one.</param>
public sealed record TcpFlowFigures(
    long Connections, long? ServerSideNs, long? ClientSideNs, long UplinkRetransmissions,
    long DownlinkRetransmissions, long OutOfOrder);

/// <param name="FirstEvidence">Frame that holds the first retransmission.</param>
public sealed record TcpFlowDetail(
    string Ue, int UePort, string Remote, int RemotePort, bool IsDirectionKnown, TcpFlowFigures Figures,
    string FirstEvidence);
