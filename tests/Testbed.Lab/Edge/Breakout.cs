using Testbed.Lab.Control;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Edge;

/// <summary>What leaves a slice's sessions locally, by configuration of the SMF.</summary>
/// <param name="Host">Dotted quad.</param>
/// <param name="NetworkInstance">Where packets to the host go.</param>
internal sealed record BreakoutRule(SliceAccess Slice, string Host, string NetworkInstance)
{
    public static readonly IReadOnlyList<BreakoutRule> Honest =
        [new(SliceAccess.Embb, Plan.EdgeHost, Plan.EdgeInstance)];
}

/// <summary>
/// Pre-established session breakout (TS 23.548 §6.2.3.1): every session of a slice gets its rules as soon as it is up,
/// as PFCP rules like any other policy's.
/// </summary>
internal sealed class Breakout : IDisposable
{
    private readonly IPolicyControl _policy;
    private readonly IReadOnlyList<BreakoutRule> _rules;
    private readonly EventCounts _events;

    public Breakout(IPolicyControl policy, IReadOnlyList<BreakoutRule> rules, EventCounts events)
    {
        (_policy, _rules, _events) = (policy, rules, events);
        _policy.Changed += OnChanged;
    }

    private void OnChanged(SessionEvent change)
    {
        if (change.Change is not SessionChange.Established) return;
        foreach (BreakoutRule rule in _rules)
            if (rule.Slice == change.Session.Slice) _ = SteerAsync(change.Session.UeAddress, rule);
    }

    private async Task SteerAsync(uint ueAddress, BreakoutRule rule)
    {
        FlowDescription filter = new(remote: new AddressPrefix(HostAddress.Parse(rule.Host), 32));
        PolicyAnswer answer = await _policy.SteerAsync(ueAddress, filter, rule.NetworkInstance);
        _events.Add($"breakout: {answer.Outcome}");
    }

    public void Dispose() => _policy.Changed -= OnChanged;
}
