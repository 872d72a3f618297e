namespace Testbed.Wire.Pfcp;

/// <summary>
/// A packet detection rule (TS 29.244 §7.5.2.2) with its packet detection information. In an update only what changes
/// is set.
/// </summary>
public sealed record PacketDetectionRule(ushort Id)
{
    public uint? Precedence { get; set; }
    public PfcpInterface? SourceInterface { get; set; }
    /// <summary>N3, N6 or N9; see <see cref="PfcpInterfaceType"/>.</summary>
    public byte? InterfaceType { get; set; }
    public FTeid? FTeid { get; set; }
    public string? NetworkInstance { get; set; }
    public UeIpAddress? UeAddress { get; set; }
    public byte? TrafficEndpointId { get; set; }
    public List<byte> Qfis { get; } = [];
    /// <summary>Flow descriptions (IPFilterRule) of the SDF filters that have one.</summary>
    public List<string> FlowDescriptions { get; } = [];
    /// <summary>0 is GTP-U over UDP over IPv4, 1 over IPv6, 6 either.</summary>
    public byte? OuterHeaderRemoval { get; set; }
    public uint? FarId { get; set; }
    public List<uint> QerIds { get; } = [];

    /// <summary>Whether any part of the packet detection information is set.</summary>
    internal bool HasDetection => SourceInterface is not null || FTeid is not null || NetworkInstance is not null
        || UeAddress is not null || TrafficEndpointId is not null || InterfaceType is not null
        || Qfis.Count + FlowDescriptions.Count > 0;
}

/// <summary>What the user plane chose for a rule (TS 29.244 §7.5.3.2): its tunnel end, a UE address.</summary>
public sealed record CreatedPdr(ushort Id)
{
    public FTeid? FTeid { get; set; }
    public UeIpAddress? UeAddress { get; set; }
}

/// <summary>A traffic endpoint (TS 29.244 §7.5.2.7): a tunnel end and UE address that several rules share.</summary>
public sealed record TrafficEndpoint(byte Id)
{
    public FTeid? FTeid { get; set; }
    public string? NetworkInstance { get; set; }
    public UeIpAddress? UeAddress { get; set; }
    public List<byte> Qfis { get; } = [];
}
