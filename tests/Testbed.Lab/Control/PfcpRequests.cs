using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Lab.Control;

/// <summary>The requests that the lab's SMF part sends.</summary>
internal static class PfcpRequests
{
    /// <summary>Room for a session with every addition that a policy may have.</summary>
    public const int MessageBytesMax = 16_384;
    /// <summary>PDN type IPv4 (TS 29.244 §8.2.79).</summary>
    private const byte Ipv4Session = 1;

    private static readonly HostAddress Smf = HostAddress.Parse(Plan.SmfN4);

    public static PfcpMessage Associate(uint sequence, uint started) =>
        new(PfcpMessageType.AssociationSetupRequest, sequence) { NodeId = new(Smf), RecoveryTimeStamp = started };

    public static PfcpMessage Heartbeat(uint sequence, uint started) =>
        new(PfcpMessageType.HeartbeatRequest, sequence) { RecoveryTimeStamp = started };

    public static PfcpMessage Delete(uint sequence, ulong upfSeid) =>
        new(PfcpMessageType.SessionDeletionRequest, sequence) { Seid = upfSeid };

    /// <summary>A session as its subscription says.</summary>
    public static PfcpMessage Establish(
        uint sequence, ulong smfSeid, SessionRequest session, Subscription subscription) => Establish(
            sequence, smfSeid, session, SessionPolicy.Of(subscription),
            new(HostAddress.FromIpv4(session.UeAddress), session.DownlinkTeid));

    /// <summary>A session with all rules of its policy.</summary>
    public static PfcpMessage Establish(
        uint sequence, ulong smfSeid, SessionRequest session, SessionPolicy policy, PolicyRules rules)
    {
        PfcpMessage message = new(PfcpMessageType.SessionEstablishmentRequest, sequence)
        {
            // The UPF's identifier is not known yet (TS 29.244 §7.2.2.4.2).
            Seid = 0,
            NodeId = new(Smf),
            FSeid = new(smfSeid, Smf),
            PdnType = Ipv4Session,
            Dnn = session.Dnn ?? policy.Subscription.Dnn,
            Snssai = new(session.Sst ?? policy.Subscription.Sst, (int)(session.Sd ?? policy.Subscription.Sd)),
        };
        rules.Propose(policy, message);
        return message;
    }

    /// <summary>From what is installed to another policy.</summary>
    public static PfcpMessage Modify(uint sequence, ulong upfSeid, SessionPolicy policy, PolicyRules rules)
    {
        PfcpMessage message = new(PfcpMessageType.SessionModificationRequest, sequence) { Seid = upfSeid };
        rules.Propose(policy, message);
        return message;
    }
}
