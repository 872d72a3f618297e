namespace Testbed.Wire.Ngap;

/// <summary>Numbers of the protocol elements that this product reads or writes (TS 38.413 §9.4.7).</summary>
public static class NgapElementType
{
    public const int AllowedNssai = 0;
    public const int AmfName = 1;
    public const int AmfUeId = 10;
    public const int Cause = 15;
    public const int DefaultPagingDrx = 21;
    public const int GlobalRanNodeId = 27;
    public const int Guami = 28;
    public const int NasPdu = 38;
    public const int SessionsFailedInContextResponse = 55;
    public const int SessionsFailedInSetupResponse = 58;
    public const int SessionsReleased = 70;
    public const int SessionsInContextRequest = 71;
    public const int SessionsInContextResponse = 72;
    public const int SessionsInHandoverRequest = 73;
    public const int SessionsInSetupRequest = 74;
    public const int SessionsInSetupResponse = 75;
    public const int SessionsToRelease = 79;
    public const int PlmnSupportList = 80;
    public const int RanNodeName = 82;
    public const int RanUeId = 85;
    public const int RelativeAmfCapacity = 86;
    public const int RrcEstablishmentCause = 90;
    public const int SecurityKey = 94;
    public const int ServedGuamiList = 96;
    public const int SupportedTaList = 102;
    public const int UeContextRequest = 112;
    public const int UeNgapIds = 114;
    public const int UeSecurityCapabilities = 119;
    public const int UserLocation = 121;
    public const int AdditionalUplinkTunnels = 126;
    public const int PduSessionAmbr = 130;
    public const int SessionsFailedInContextFailure = 132;
    public const int PduSessionType = 134;
    public const int QosFlowSetupRequestList = 136;
    public const int UplinkTunnel = 139;
    public const int UeRetention = 147;

    /// <summary>
    /// The order in which the messages of TS 38.413 §9.2 name their elements, as far as they are written here.
    /// </summary>
    private static ReadOnlySpan<byte> Written =>
    [
        AmfName, ServedGuamiList, RelativeAmfCapacity, PlmnSupportList, GlobalRanNodeId, RanNodeName, SupportedTaList,
        DefaultPagingDrx, UeRetention, UeNgapIds, AmfUeId, RanUeId, Guami, SessionsInContextRequest, AllowedNssai,
        UeSecurityCapabilities, SecurityKey, NasPdu,
    ];

    /// <summary>Place of an element among those of its message; what has none of its own stands behind.</summary>
    internal static int PlaceOf(int type) =>
        type <= byte.MaxValue && Written.IndexOf((byte)type) is >= 0 and int place ? place : Written.Length;
}
