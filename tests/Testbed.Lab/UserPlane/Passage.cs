using Testbed.Lab.Behaviour;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Records;

namespace Testbed.Lab.UserPlane;

/// <summary>
/// What a UPF does to a packet that it forwards, in either direction: loses it, holds it, polices it, lets it wait
/// for the link.
/// </summary>
internal static class Passage
{
    /// <summary>False when the packet ends here, which the record then says; else how long it has to wait.</summary>
    public static bool TryAdmit(
        in PassingPacket packet, PathBehaviour path, FlowRule rule, SharedLink link, DirectionRecord record,
        long nowNs, out long waitNs)
    {
        waitNs = path.Decide(packet);
        if (waitNs == PathBehaviour.Lost)
        {
            record.UpfLost++;
            return false;
        }
        if (waitNs > 0) record.UpfDelayed++;
        foreach (RateLimiter rate in rule.Rates)
        {
            long queueNs = rate.Admit(packet.InnerLength, nowNs);
            if (queueNs == RateLimiter.Drop)
            {
                record.RateDropped++;
                return false;
            }
            waitNs += queueNs;
        }
        long linkNs = link.Admit(packet.InnerLength, rule.IsGuaranteed, nowNs);
        if (linkNs == SharedLink.Drop)
        {
            record.LinkDropped++;
            return false;
        }
        waitNs += linkNs;
        return true;
    }
}
