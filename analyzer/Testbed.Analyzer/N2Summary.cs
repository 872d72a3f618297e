namespace Testbed.Analyzer;

/// <summary>What NGAP on N2 showed. Nothing here names a subscriber.</summary>
public sealed record N2Summary
{
    /// <summary>Frames of the files that stand at N2; what did not decode, frames and messages, by reason.</summary>
    public required TapSummary Files { get; init; }
    /// <summary>NGAP messages read.</summary>
    public required long Messages { get; init; }
    /// <summary>Chunks that were seen before: sent again, or captured twice.</summary>
    public required long Retransmitted { get; init; }
    /// <summary>Messages by procedure: <c>ngSetup</c>, or <c>procedure39</c> where it has no name here.</summary>
    public required IReadOnlyDictionary<string, long> Procedures { get; init; }
    /// <summary>Elements that were stepped over.</summary>
    public required long OtherElements { get; init; }
    public required IReadOnlyList<N2RanNode> RanNodes { get; init; }
    public required IReadOnlyList<N2Amf> Amfs { get; init; }
    /// <summary>Initial UE messages: a UE asks for registration or service.</summary>
    public required long InitialUeMessages { get; init; }
    /// <summary>UE contexts that were set up: the registration, or the service, was granted.</summary>
    public required long ContextsSetUp { get; init; }
    public required long ContextsFailed { get; init; }
    public required long SessionsSetUp { get; init; }
    public required long SessionsFailed { get; init; }
    public required long SessionsReleased { get; init; }
    /// <summary>By S-NSSAI, as <c>1-000001</c>.</summary>
    public required IReadOnlyDictionary<string, N2Slice> Slices { get; init; }
}

/// <param name="Id">PLMN, identity in hex and its length in bits; null when its set-up was not captured.</param>
/// <param name="N3">Addresses at which it receives GTP-U, as its sessions tell.</param>
/// <param name="IsAccepted">An AMF accepted its set-up.</param>
public sealed record N2RanNode(
    string Address, string? Id, string? Name, bool IsAccepted, IReadOnlyList<N2Area> Areas, IReadOnlyList<string> N3);

/// <param name="TrackingAreaCode">Six hex digits.</param>
public sealed record N2Area(string TrackingAreaCode, string Plmn, IReadOnlyList<string> Slices);

public sealed record N2Amf(
    string Address, string? Name, IReadOnlyList<string> Guamis, IReadOnlyList<N2Support> Support);

public sealed record N2Support(string Plmn, IReadOnlyList<string> Slices);

public sealed record N2Slice(long Sessions, IReadOnlyList<N2Flow> Flows);

/// <summary>A QoS flow that the core ordered, as often as it differs.</summary>
/// <param name="FiveQi">Null for a dynamic one that is not named.</param>
/// <param name="GbrDownlinkBps">Guaranteed rate; null without a guarantee.</param>
public sealed record N2Flow(
    int Qfi, int? FiveQi, bool IsDynamic, int Priority, long? GbrDownlinkBps, long? GbrUplinkBps, long Sessions);
