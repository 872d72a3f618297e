namespace Testbed.Analyzer.Matching.Losses;

/// <summary>Why a packet was seen on one side of the UPF only. Only <see cref="Lost"/> is loss.</summary>
public enum UnmatchedReason : byte
{
    /// <summary>Matched, or no user traffic.</summary>
    None = 0,
    /// <summary>So near an end of a capture that its twin may lie outside.</summary>
    CaptureEdge = 1,
    /// <summary>Seen after the UPF but not before it: the tap before it missed the packet.</summary>
    TapLoss = 2,
    /// <summary>From UE to UE: turned round inside the UPF and seen on N3 again.</summary>
    Hairpin = 3,
    /// <summary>To or from the UPF itself.</summary>
    ToUpf = 4,
    /// <summary>The far end answers, but no packet of it passes any N6 tap: that network is not tapped.</summary>
    UntappedNetwork = 5,
    /// <summary>
    /// Neither the claim nor N4 nor N2 names such a QoS flow, and no packet of it crossed: the UPF has no rule for it.
    /// </summary>
    NotSubscribed = 6,
    /// <summary>The inner packet is damaged; a UPF may drop it.</summary>
    Malformed = 7,
    /// <summary>Another sighting of a packet that counts already.</summary>
    Duplicate = 8,
    /// <summary>One tap saw TCP segments merged or not yet cut (GRO, TSO), the other one by one.</summary>
    Offload = 9,
    /// <summary>On N6, but neither to nor from a UE that N3 shows.</summary>
    NotUserTraffic = 10,
    /// <summary>Nothing tells which way the packet went.</summary>
    UnknownDirection = 12,
    /// <summary>The PDU is no IP packet: what N6 carries of it has another form.</summary>
    NotIp = 13,
    /// <summary>Entered the UPF and left it nowhere.</summary>
    Lost = 11,
}
