namespace Testbed.Wire.Pfcp;

/// <summary>PFCP message types (TS 29.244 table 7.3-1).</summary>
public enum PfcpMessageType : byte
{
    None = 0,
    HeartbeatRequest = 1,
    HeartbeatResponse = 2,
    PfdManagementRequest = 3,
    PfdManagementResponse = 4,
    AssociationSetupRequest = 5,
    AssociationSetupResponse = 6,
    AssociationUpdateRequest = 7,
    AssociationUpdateResponse = 8,
    AssociationReleaseRequest = 9,
    AssociationReleaseResponse = 10,
    VersionNotSupportedResponse = 11,
    NodeReportRequest = 12,
    NodeReportResponse = 13,
    SessionSetDeletionRequest = 14,
    SessionSetDeletionResponse = 15,
    SessionEstablishmentRequest = 50,
    SessionEstablishmentResponse = 51,
    SessionModificationRequest = 52,
    SessionModificationResponse = 53,
    SessionDeletionRequest = 54,
    SessionDeletionResponse = 55,
    SessionReportRequest = 56,
    SessionReportResponse = 57,
}

/// <summary>Causes (TS 29.244 §8.2.1).</summary>
public enum PfcpCause : byte
{
    None = 0,
    RequestAccepted = 1,
    RequestRejected = 64,
    SessionContextNotFound = 65,
    MandatoryIeMissing = 66,
    ConditionalIeMissing = 67,
    InvalidLength = 68,
    MandatoryIeIncorrect = 69,
    InvalidForwardingPolicy = 70,
    InvalidFTeidAllocationOption = 71,
    NoEstablishedPfcpAssociation = 72,
    RuleCreationFailure = 73,
    PfcpEntityInCongestion = 74,
    NoResourcesAvailable = 75,
    ServiceNotSupported = 76,
    SystemFailure = 77,
}

/// <summary>Source and destination interfaces of rules (TS 29.244 §8.2.2 and §8.2.24).</summary>
public enum PfcpInterface : byte
{
    Access = 0,
    Core = 1,
    SgiLanOrN6Lan = 2,
    CpFunction = 3,
}

/// <summary>3GPP interface types (TS 29.244 §8.2.118) that tell N3 from N6 and N9.</summary>
public static class PfcpInterfaceType
{
    public const byte N3 = 11;
    public const byte N9 = 13;
    public const byte N6 = 17;
    public const byte N19 = 18;
}

/// <summary>Types of information elements (TS 29.244 table 8.1.2-1).</summary>
public static class PfcpElementType
{
    public const ushort CreatePdr = 1;
    public const ushort Pdi = 2;
    public const ushort CreateFar = 3;
    public const ushort ForwardingParameters = 4;
    public const ushort CreateQer = 7;
    public const ushort CreatedPdr = 8;
    public const ushort UpdatePdr = 9;
    public const ushort UpdateFar = 10;
    public const ushort UpdateForwardingParameters = 11;
    public const ushort UpdateQer = 14;
    public const ushort RemovePdr = 15;
    public const ushort RemoveFar = 16;
    public const ushort RemoveQer = 18;
    public const ushort Cause = 19;
    public const ushort SourceInterface = 20;
    public const ushort FTeid = 21;
    public const ushort NetworkInstance = 22;
    public const ushort SdfFilter = 23;
    public const ushort GateStatus = 25;
    public const ushort Mbr = 26;
    public const ushort Gbr = 27;
    public const ushort Precedence = 29;
    public const ushort TransportLevelMarking = 30;
    public const ushort OffendingElement = 40;
    public const ushort DestinationInterface = 42;
    public const ushort UpFunctionFeatures = 43;
    public const ushort ApplyAction = 44;
    public const ushort PdrId = 56;
    public const ushort FSeid = 57;
    public const ushort NodeId = 60;
    public const ushort OuterHeaderCreation = 84;
    public const ushort CpFunctionFeatures = 89;
    public const ushort UeIpAddress = 93;
    public const ushort OuterHeaderRemoval = 95;
    public const ushort RecoveryTimeStamp = 96;
    public const ushort FarId = 108;
    public const ushort QerId = 109;
    public const ushort PdnType = 113;
    public const ushort Qfi = 124;
    public const ushort CreateTrafficEndpoint = 127;
    public const ushort CreatedTrafficEndpoint = 128;
    public const ushort UpdateTrafficEndpoint = 129;
    public const ushort TrafficEndpointId = 131;
    public const ushort ApnDnn = 159;
    public const ushort InterfaceType = 160;
    public const ushort UpdatedPdr = 256;
    public const ushort Snssai = 257;
    /// <summary>This bit marks an element of a vendor, whose value starts with an enterprise number.</summary>
    public const ushort VendorBit = 0x8000;
}
