namespace Testbed.Wire.Ngap;

/// <summary>Numbers of the protocol elements that this product reads (TS 38.413 §9.4.7).</summary>
internal static class NgapElementType
{
    public const int AllowedNssai = 0;
    public const int AmfName = 1;
    public const int AmfUeId = 10;
    public const int GlobalRanNodeId = 27;
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
    public const int ServedGuamiList = 96;
    public const int SupportedTaList = 102;
    public const int UeNgapIds = 114;
    public const int AdditionalUplinkTunnels = 126;
    public const int SessionsFailedInContextFailure = 132;
    public const int QosFlowSetupRequestList = 136;
    public const int UplinkTunnel = 139;
}
