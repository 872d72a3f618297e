using Testbed.Lab.UserPlane;
using Testbed.Wire.Pfcp;

namespace Testbed.Lab.Control;

/// <summary>A refusal: its cause, and the element that caused it where one did.</summary>
internal sealed record PfcpRefusal(PfcpCause Cause, ushort? OffendingElement = null);

/// <summary>Reads the rules of a session establishment, as far as this UPF can follow them.</summary>
internal static class PfcpRules
{
    /// <summary>
    /// One uplink rule from the access side with a TEID that the UPF chooses, one downlink rule towards the UE. Null
    /// when all is understood.
    /// </summary>
    public static PfcpRefusal? Read(PfcpMessage request, out SessionRules? rules, out ushort uplinkPdr)
    {
        rules = null;
        uplinkPdr = 0;
        if (request.FSeid is not { } seid) return new(PfcpCause.MandatoryIeMissing, PfcpElementType.FSeid);
        PacketDetectionRule? uplink = From(request, PfcpInterface.Access);
        PacketDetectionRule? downlink = From(request, PfcpInterface.Core);
        if (uplink is null || downlink is null) return new(PfcpCause.MandatoryIeMissing, PfcpElementType.CreatePdr);
        if (uplink.FTeid is not { IsChoose: true })
            return new(PfcpCause.InvalidFTeidAllocationOption, PfcpElementType.FTeid);
        if (downlink.UeAddress is not { Ipv4.IsNone: false } ue)
            return new(PfcpCause.ConditionalIeMissing, PfcpElementType.UeIpAddress);
        if ((downlink.NetworkInstance ?? uplink.NetworkInstance) is not { } instance)
            return new(PfcpCause.ConditionalIeMissing, PfcpElementType.NetworkInstance);
        uplinkPdr = uplink.Id;
        PfcpBitRate? rate = request.CreateQers.Select(qer => qer.MaximumBitRate).FirstOrDefault(mbr => mbr is not null);
        rules = new(
            seid.Seid, ue.Ipv4.Ipv4Bits, instance, uplink.Qfis.Count > 0 ? uplink.Qfis[0] : null,
            (ulong?)rate?.UplinkKbps, (ulong?)rate?.DownlinkKbps,
            End(request.CreateFars.FirstOrDefault(far => far.Id == downlink.FarId)));
        return null;
    }

    /// <summary>The tunnel end that an updated forwarding rule names; null when it names none.</summary>
    public static GnbEnd? ReadNewEnd(PfcpMessage request) =>
        request.UpdateFars.Select(End).FirstOrDefault(end => end is not null);

    private static PacketDetectionRule? From(PfcpMessage request, PfcpInterface source) =>
        request.CreatePdrs.FirstOrDefault(rule => rule.SourceInterface == source);

    private static GnbEnd? End(ForwardingActionRule? rule) =>
        rule?.OuterHeaderCreation is { IsGtpU: true, Ipv4.IsNone: false } creation
            ? new(creation.Ipv4.Ipv4Bits, creation.Teid)
            : null;
}
