namespace Testbed.Wire.Pfcp;

/// <summary>A forwarding action rule (TS 29.244 §7.5.2.3). In an update only what changes is set.</summary>
public sealed record ForwardingActionRule(uint Id)
{
    /// <summary>First byte of the Apply Action element.</summary>
    public const byte Drop = 0x01, Forward = 0x02, Buffer = 0x04, NotifyControlPlane = 0x08;

    public byte? ApplyAction { get; set; }
    public PfcpInterface? DestinationInterface { get; set; }
    /// <summary>N3, N6 or N9; see <see cref="PfcpInterfaceType"/>.</summary>
    public byte? InterfaceType { get; set; }
    public string? NetworkInstance { get; set; }
    public OuterHeaderCreation? OuterHeaderCreation { get; set; }
    /// <summary>
    /// DSCP of the outer header, 0–63 (TS 29.244 §8.2.12): the upper six bits of the type of service. Bits that the
    /// mask leaves out read as 0.
    /// </summary>
    public byte? Dscp { get; set; }

    internal bool HasParameters => DestinationInterface is not null || InterfaceType is not null
        || NetworkInstance is not null || OuterHeaderCreation is not null || Dscp is not null;
}

/// <summary>Uplink and downlink bit rates in kbit/s, 40 bits each (TS 29.244 §8.2.8, §8.2.9).</summary>
public readonly record struct PfcpBitRate(long UplinkKbps, long DownlinkKbps);

/// <summary>A QoS enforcement rule (TS 29.244 §7.5.2.5). In an update only what changes is set.</summary>
public sealed record QosEnforcementRule(uint Id)
{
    /// <summary>0 is open both ways; bits 0 and 1 the downlink, 2 and 3 the uplink.</summary>
    public byte? GateStatus { get; set; }
    public PfcpBitRate? MaximumBitRate { get; set; }
    public PfcpBitRate? GuaranteedBitRate { get; set; }
    public byte? Qfi { get; set; }
}
