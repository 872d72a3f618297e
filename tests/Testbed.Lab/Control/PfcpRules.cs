using Testbed.Lab.UserPlane;
using Testbed.Wire.Pfcp;

namespace Testbed.Lab.Control;

/// <summary>A refusal: its cause, and the element that caused it where one did.</summary>
internal sealed record PfcpRefusal(PfcpCause Cause, ushort? OffendingElement = null);

/// <summary>Reads what a session establishment must hold before any of its rules is looked at.</summary>
internal static class PfcpRules
{
    /// <summary>
    /// Uplink rules from the access side with a TEID that the UPF chooses, a downlink rule towards the UE. Null when
    /// all is understood.
    /// </summary>
    public static PfcpRefusal? Read(PfcpMessage request, out SessionOwner? owner)
    {
        owner = null;
        if (request.FSeid is not { } seid) return new(PfcpCause.MandatoryIeMissing, PfcpElementType.FSeid);
        PacketDetectionRule? downlink = request.CreatePdrs.FirstOrDefault(
            rule => rule.SourceInterface is PfcpInterface.Core);
        if (!Uplinks(request).Any() || downlink is null)
            return new(PfcpCause.MandatoryIeMissing, PfcpElementType.CreatePdr);
        if (Uplinks(request).Any(rule => rule.FTeid is not { IsChoose: true }))
            return new(PfcpCause.InvalidFTeidAllocationOption, PfcpElementType.FTeid);
        if (downlink.UeAddress is not { Ipv4.IsNone: false } ue)
            return new(PfcpCause.ConditionalIeMissing, PfcpElementType.UeIpAddress);
        if (downlink.NetworkInstance is not { } instance)
            return new(PfcpCause.ConditionalIeMissing, PfcpElementType.NetworkInstance);
        owner = new(seid.Seid, ue.Ipv4.Ipv4Bits, instance);
        return null;
    }

    /// <summary>The rules that match packets from N3.</summary>
    public static IEnumerable<PacketDetectionRule> Uplinks(PfcpMessage request) =>
        request.CreatePdrs.Where(rule => rule.SourceInterface is PfcpInterface.Access);
}
