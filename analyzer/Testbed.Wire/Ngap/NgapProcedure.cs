namespace Testbed.Wire.Ngap;

/// <summary>
/// Elementary procedures (TS 38.413 §9.4.7) that this product reads or must know of; any other code is a number.
/// </summary>
public enum NgapProcedure : byte
{
    AmfConfigurationUpdate = 0,
    DownlinkNasTransport = 4,
    ErrorIndication = 9,
    HandoverCancel = 10,
    HandoverNotification = 11,
    HandoverPreparation = 12,
    HandoverResourceAllocation = 13,
    InitialContextSetup = 14,
    InitialUeMessage = 15,
    NgReset = 20,
    NgSetup = 21,
    Paging = 24,
    PathSwitchRequest = 25,
    PduSessionResourceModify = 26,
    PduSessionResourceModifyIndication = 27,
    PduSessionResourceRelease = 28,
    PduSessionResourceSetup = 29,
    PduSessionResourceNotify = 30,
    RanConfigurationUpdate = 35,
    UeContextModification = 40,
    UeContextRelease = 41,
    UeContextReleaseRequest = 42,
    UeRadioCapabilityInfoIndication = 44,
    UplinkNasTransport = 46,
    UeContextResume = 58,
    UeContextSuspend = 59,
}

/// <summary>Which part of a procedure a message is (TS 38.413 §9.4.3, NGAP-PDU).</summary>
public enum NgapOutcome : byte { Initiating = 0, Successful = 1, Unsuccessful = 2 }
