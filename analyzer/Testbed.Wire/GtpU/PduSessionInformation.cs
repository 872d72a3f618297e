namespace Testbed.Wire.GtpU;

/// <summary>
/// What a PDU session container says, as a value: a sender fills it, <see cref="PduSessionContainer.Read"/> yields it.
/// Fields that are null are absent from the wire.
/// </summary>
/// <param name="IsUplink">UL PDU SESSION INFORMATION (type 1), else DL (type 0).</param>
/// <param name="Qfi">QoS flow identifier, 0 to 63.</param>
public readonly record struct PduSessionInformation(bool IsUplink, byte Qfi)
{
    /// <summary>Reflective QoS indicator; downlink only.</summary>
    public bool ReflectiveQos { get; init; }
    /// <summary>Paging policy indicator, 0 to 7; downlink only.</summary>
    public byte? PagingPolicy { get; init; }
    /// <summary>24 bits, counted by the sender per QoS flow.</summary>
    public uint? QfiSequenceNumber { get; init; }
    /// <summary>Downlink only: sequence number of a multicast flow.</summary>
    public uint? MbsSequenceNumber { get; init; }
    /// <summary>
    /// Time stamps of a QoS monitoring packet, NTP format (RFC 5905 §6). Downlink carries the sending time only, in
    /// <see cref="QosMonitoringTimes.DownlinkSent"/>; uplink carries all three.
    /// </summary>
    public QosMonitoringTimes? MonitoringTimes { get; init; }
    /// <summary>Uplink only: downlink delay measured on the radio side, as coded.</summary>
    public uint? DownlinkDelay { get; init; }
    /// <summary>Uplink only: uplink delay measured on the radio side, as coded.</summary>
    public uint? UplinkDelay { get; init; }
    /// <summary>Uplink only: N3 or N9 delay, as coded.</summary>
    public uint? N3N9Delay { get; init; }

    public static PduSessionInformation Uplink(byte qfi) => new(true, qfi);
    public static PduSessionInformation Downlink(byte qfi) => new(false, qfi);
}

/// <summary>Time stamps of a QoS monitoring packet: 64-bit NTP, seconds since 1900 and fraction.</summary>
/// <param name="DownlinkSent">When the UPF sent; repeated back in the uplink.</param>
/// <param name="DownlinkReceived">When the radio side received; uplink only.</param>
/// <param name="UplinkSent">When the radio side sent; uplink only.</param>
public readonly record struct QosMonitoringTimes(
    ulong DownlinkSent, ulong DownlinkReceived = 0, ulong UplinkSent = 0);
