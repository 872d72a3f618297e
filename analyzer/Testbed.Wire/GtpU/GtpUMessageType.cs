namespace Testbed.Wire.GtpU;

/// <summary>Message types of GTP-U (TS 29.281 §6.1, table 6.1-1).</summary>
public enum GtpUMessageType : byte
{
    None = 0,
    EchoRequest = 1,
    EchoResponse = 2,
    ErrorIndication = 26,
    SupportedExtensionHeadersNotification = 31,
    TunnelStatus = 253,
    EndMarker = 254,
    /// <summary>A user's packet in a tunnel.</summary>
    GPdu = 255,
}

/// <summary>Extension header types (TS 29.281 §5.2.1, figure 5.2.1-3).</summary>
public static class GtpUExtensionType
{
    public const byte None = 0x00;
    public const byte LongPdcpPduNumber = 0x03;
    public const byte ServiceClassIndicator = 0x20;
    /// <summary>Source port of the packet that caused an Error Indication (§5.2.2.1).</summary>
    public const byte UdpPort = 0x40;
    public const byte RanContainer = 0x81;
    public const byte XwRanContainer = 0x83;
    public const byte NrRanContainer = 0x84;
    public const byte PduSessionContainer = 0x85;
    public const byte PduSetInformationContainer = 0x86;
    public const byte PdcpPduNumber = 0xC0;
}
