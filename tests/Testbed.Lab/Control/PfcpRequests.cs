using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Lab.Control;

/// <summary>The requests that the lab's SMF part sends.</summary>
internal static class PfcpRequests
{
    private const ushort UplinkRule = 1;
    private const ushort DownlinkRule = 2;
    private const uint SessionRateRule = 1;
    private const uint FlowRule = 2;
    /// <summary>PDN type IPv4 (TS 29.244 §8.2.79).</summary>
    private const byte Ipv4Session = 1;

    private static readonly HostAddress Smf = HostAddress.Parse(Plan.SmfN4);
    private static readonly HostAddress Gnb = HostAddress.Parse(Plan.GnbN3);

    public static PfcpMessage Associate(uint sequence, uint started) =>
        new(PfcpMessageType.AssociationSetupRequest, sequence) { NodeId = new(Smf), RecoveryTimeStamp = started };

    public static PfcpMessage Heartbeat(uint sequence, uint started) =>
        new(PfcpMessageType.HeartbeatRequest, sequence) { RecoveryTimeStamp = started };

    public static PfcpMessage Delete(uint sequence, ulong upfSeid) =>
        new(PfcpMessageType.SessionDeletionRequest, sequence) { Seid = upfSeid };

    /// <summary>An uplink and a downlink rule, one QoS flow, one rate for the session.</summary>
    public static PfcpMessage Establish(uint sequence, ulong smfSeid, SessionRequest session, Subscription subscription)
    {
        PfcpMessage message = new(PfcpMessageType.SessionEstablishmentRequest, sequence)
        {
            // The UPF's identifier is not known yet (TS 29.244 §7.2.2.4.2).
            Seid = 0,
            NodeId = new(Smf),
            FSeid = new(smfSeid, Smf),
            PdnType = Ipv4Session,
            Dnn = subscription.Dnn,
            Snssai = new(subscription.Sst, (int)subscription.Sd),
        };
        HostAddress ue = HostAddress.FromIpv4(session.UeAddress);
        message.CreatePdrs.Add(Uplink(ue, subscription));
        message.CreatePdrs.Add(Downlink(ue, subscription));
        message.CreateFars.Add(new(UplinkRule)
        {
            ApplyAction = ForwardingActionRule.Forward,
            DestinationInterface = PfcpInterface.Core,
            InterfaceType = PfcpInterfaceType.N6,
            NetworkInstance = subscription.Dnn,
        });
        message.CreateFars.Add(new(DownlinkRule)
        {
            ApplyAction = ForwardingActionRule.Forward,
            DestinationInterface = PfcpInterface.Access,
            InterfaceType = PfcpInterfaceType.N3,
            OuterHeaderCreation = OuterHeaderCreation.ToTunnel(session.DownlinkTeid, Gnb),
        });
        message.CreateQers.Add(new(SessionRateRule)
        {
            GateStatus = 0,
            MaximumBitRate = new((long)subscription.UplinkKbps, (long)subscription.DownlinkKbps),
        });
        if (subscription.Qfi is { } qfi) message.CreateQers.Add(new(FlowRule) { GateStatus = 0, Qfi = qfi });
        return message;
    }

    private static PacketDetectionRule Uplink(HostAddress ue, Subscription subscription)
    {
        PacketDetectionRule rule = new(UplinkRule)
        {
            Precedence = 255,
            SourceInterface = PfcpInterface.Access,
            InterfaceType = PfcpInterfaceType.N3,
            FTeid = FTeid.ChooseOnIpv4(),
            NetworkInstance = subscription.Dnn,
            UeAddress = new(ue, default, IsDestination: false),
            // GTP-U over UDP over IPv4.
            OuterHeaderRemoval = 0,
            FarId = UplinkRule,
        };
        AddQos(rule, subscription);
        if (subscription.Qfi is { } qfi) rule.Qfis.Add(qfi);
        return rule;
    }

    private static PacketDetectionRule Downlink(HostAddress ue, Subscription subscription)
    {
        PacketDetectionRule rule = new(DownlinkRule)
        {
            Precedence = 255,
            SourceInterface = PfcpInterface.Core,
            InterfaceType = PfcpInterfaceType.N6,
            NetworkInstance = subscription.Dnn,
            UeAddress = new(ue, default, IsDestination: true),
            FarId = DownlinkRule,
        };
        AddQos(rule, subscription);
        return rule;
    }

    private static void AddQos(PacketDetectionRule rule, Subscription subscription)
    {
        rule.QerIds.Add(SessionRateRule);
        if (subscription.Qfi is not null) rule.QerIds.Add(FlowRule);
    }
}
