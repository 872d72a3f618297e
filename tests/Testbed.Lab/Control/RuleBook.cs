using Testbed.Lab.Forwarding;
using Testbed.Lab.UserPlane;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Control;

/// <summary>
/// One session's PDRs, FARs and QERs as N4 has set them, and the rules of forwarding that follow. A change is taken as
/// a whole or not at all. The thread of N4 only.
/// </summary>
internal sealed class RuleBook(SessionInstaller installer, N3Endpoint endpoint)
{
    /// <summary>Far more than a UE's QoS rules need; what a peer may make this UPF keep is bounded.</summary>
    public const int RulesMax = 64;

    private readonly Dictionary<(uint Qer, bool IsUplink), (long Kbps, RateLimiter Limiter)> _limiters = [];
    private Dictionary<ushort, PacketDetectionRule> _pdrs = [];
    private Dictionary<uint, ForwardingActionRule> _fars = [];
    private Dictionary<uint, QosEnforcementRule> _qers = [];

    /// <summary>Applies an establishment's or a modification's rules. Null when all is understood.</summary>
    public PfcpRefusal? TryChange(PfcpMessage request, out FlowRules rules)
    {
        (Dictionary<ushort, PacketDetectionRule> pdrs, Dictionary<uint, ForwardingActionRule> fars,
            Dictionary<uint, QosEnforcementRule> qers) = (_pdrs, _fars, _qers);
        (_pdrs, _fars, _qers) = (new(_pdrs), new(_fars), new(_qers));
        rules = FlowRules.None;
        PfcpRefusal? refusal = Take(request) ?? TryBuild(out rules);
        if (refusal is not null) (_pdrs, _fars, _qers) = (pdrs, fars, qers);
        return refusal;
    }

    private PfcpRefusal? Take(PfcpMessage request)
    {
        foreach (ushort id in request.RemovePdrs)
            if (!_pdrs.Remove(id)) return new(PfcpCause.RuleCreationFailure, PfcpElementType.RemovePdr);
        foreach (uint id in request.RemoveFars)
            if (!_fars.Remove(id)) return new(PfcpCause.RuleCreationFailure, PfcpElementType.RemoveFar);
        foreach (uint id in request.RemoveQers)
            if (!_qers.Remove(id)) return new(PfcpCause.RuleCreationFailure, PfcpElementType.RemoveQer);
        foreach (PacketDetectionRule rule in request.CreatePdrs) _pdrs[rule.Id] = rule;
        foreach (ForwardingActionRule rule in request.CreateFars) _fars[rule.Id] = rule;
        foreach (QosEnforcementRule rule in request.CreateQers) _qers[rule.Id] = rule;
        foreach (ForwardingActionRule rule in request.UpdateFars)
        {
            if (!_fars.TryGetValue(rule.Id, out ForwardingActionRule? old))
                return new(PfcpCause.RuleCreationFailure, PfcpElementType.UpdateFar);
            _fars[rule.Id] = old with
            {
                OuterHeaderCreation = rule.OuterHeaderCreation ?? old.OuterHeaderCreation,
                NetworkInstance = rule.NetworkInstance ?? old.NetworkInstance,
                Dscp = rule.Dscp ?? old.Dscp,
            };
        }
        foreach (QosEnforcementRule rule in request.UpdateQers)
        {
            if (!_qers.TryGetValue(rule.Id, out QosEnforcementRule? old))
                return new(PfcpCause.RuleCreationFailure, PfcpElementType.UpdateQer);
            _qers[rule.Id] = old with
            {
                MaximumBitRate = rule.MaximumBitRate ?? old.MaximumBitRate,
                GuaranteedBitRate = rule.GuaranteedBitRate ?? old.GuaranteedBitRate,
            };
        }
        return _pdrs.Count + _fars.Count + _qers.Count > 3 * RulesMax ? new(PfcpCause.NoResourcesAvailable) : null;
    }

    private PfcpRefusal? TryBuild(out FlowRules rules)
    {
        rules = FlowRules.None;
        List<FlowRule> uplink = [], downlink = [];
        foreach (PacketDetectionRule pdr in _pdrs.Values)
        {
            bool isUplink = pdr.SourceInterface is PfcpInterface.Access;
            if (Build(pdr, isUplink, out FlowRule? rule) is { } refusal) return refusal;
            (isUplink ? uplink : downlink).Add(rule!);
        }
        rules = new(
            [.. uplink.OrderBy(rule => rule.Precedence)], [.. downlink.OrderBy(rule => rule.Precedence)]);
        return null;
    }

    private PfcpRefusal? Build(PacketDetectionRule pdr, bool isUplink, out FlowRule? rule)
    {
        rule = null;
        if (!_fars.TryGetValue(pdr.FarId ?? 0, out ForwardingActionRule? far))
            return new(PfcpCause.RuleCreationFailure, PfcpElementType.FarId);
        string? instance = isUplink ? far.NetworkInstance ?? pdr.NetworkInstance : pdr.NetworkInstance;
        if (instance is null || installer.PortsOf(instance) is not { } ports)
            return new(PfcpCause.RuleCreationFailure, PfcpElementType.NetworkInstance);
        List<FlowDescription> filters = [];
        foreach (string text in pdr.FlowDescriptions)
        {
            if (!FlowDescription.TryParse(text, out FlowDescription? filter))
                return new(PfcpCause.RuleCreationFailure, PfcpElementType.SdfFilter);
            filters.Add(filter!);
        }
        List<RateLimiter> rates = [];
        byte? qfi = isUplink && pdr.Qfis.Count > 0 ? pdr.Qfis[0] : null;
        bool isGuaranteed = false;
        foreach (uint id in pdr.QerIds)
        {
            if (!_qers.TryGetValue(id, out QosEnforcementRule? qer))
                return new(PfcpCause.RuleCreationFailure, PfcpElementType.QerId);
            if (LimiterOf(qer, isUplink) is { } limiter) rates.Add(limiter);
            if (!isUplink) qfi ??= qer.Qfi;
            isGuaranteed |= qer.GuaranteedBitRate is not null;
        }
        rule = new(pdr.Precedence ?? uint.MaxValue, qfi, filters, ports, rates, isGuaranteed)
        {
            Tunnel = !isUplink && End(far) is { } end ? installer.TunnelTo(endpoint, end, far.Dscp ?? 0) : null,
        };
        return null;
    }

    /// <summary>A limiter outlives changes around it, or each change would grant another burst.</summary>
    private RateLimiter? LimiterOf(QosEnforcementRule qer, bool isUplink)
    {
        if (qer.MaximumBitRate is not { } rate) return null;
        long kbps = isUplink ? rate.UplinkKbps : rate.DownlinkKbps;
        if (_limiters.TryGetValue((qer.Id, isUplink), out (long Kbps, RateLimiter Limiter) known) && known.Kbps == kbps)
            return known.Limiter;
        if (installer.Limiter(kbps, isSession: qer.Qfi is null) is not { } limiter) return null;
        _limiters[(qer.Id, isUplink)] = (kbps, limiter);
        return limiter;
    }

    private static GnbEnd? End(ForwardingActionRule far) =>
        far.OuterHeaderCreation is { IsGtpU: true, Ipv4.IsNone: false } creation
            ? new(creation.Ipv4.Ipv4Bits, creation.Teid)
            : null;
}
