using Testbed.Conformance.Claims;
using Testbed.Wire.Ip;
using Testbed.Wire.Qos;

namespace Testbed.Server.Planning.Slices;

/// <summary>A claimed QoS flow, and a pair of ports that puts UDP between two test endpoints onto it.</summary>
internal sealed record PlannedFlow(QosFlow Claimed, int UePort, int RemotePort);

/// <summary>
/// Chooses ports by the claim's packet filters, drawn from the nonce as far as the filters leave room.
/// </summary>
internal sealed class SliceFlows(PlanDraft draft, Slice slice, TestEndpoint ue, TestEndpoint far)
{
    /// <summary>A filter of few ports may have none left that the plan has not drawn; all were tried then.</summary>
    private const int DrawsMax = 4_000;

    private readonly List<(QosFlow Flow, FlowDescription Filter)> _filtered =
    [
        .. from flow in slice.Flows
           where flow is { Filter: not null, IsOnDemand: false }
           select FlowDescription.TryParse(flow.Filter!, out FlowDescription? filter) ? (flow, filter!) : default
           into parsed
           where parsed.Item2 is not null
           select parsed,
    ];

    /// <summary>The flow of what no filter takes; null where the claim names none or several.</summary>
    public QosFlow? Default =>
        slice.Flows.Where(flow => flow is { Filter: null, IsOnDemand: false }).ToArray() is [var only] ? only : null;

    /// <summary>Flows that a test can put packets on, beside the default one.</summary>
    public IEnumerable<QosFlow> Filtered => _filtered.Select(each => each.Flow);

    /// <summary>
    /// Fresh ports whose packets the network has to put on this flow; null when the filters leave none.
    /// </summary>
    public PlannedFlow? Draw(QosFlow flow)
    {
        FlowDescription? filter = _filtered.FirstOrDefault(each => each.Flow == flow).Filter;
        for (int i = 0; i < DrawsMax; i++)
        {
            int? remote = filter is null || filter.RemotePorts.IsAny
                ? draft.Ports.Next() : draft.Ports.NextWithin(filter.RemotePorts.First, filter.RemotePorts.Last);
            int? near = filter is null || filter.UePorts.IsAny
                ? draft.Ports.Next() : draft.Ports.NextWithin(filter.UePorts.First, filter.UePorts.Last);
            if (remote is not { } remotePort || near is not { } uePort) return null;
            if (FlowOf(uePort, remotePort) == (filter is null ? null : flow)) return new(flow, uePort, remotePort);
            // Ports that another flow's filter takes are of no use here; a filter on addresses never lets go.
            if (filter is null && _filtered.Any(each => each.Filter.RemotePorts.IsAny && each.Filter.UePorts.IsAny))
                return null;
        }
        return null;
    }

    private QosFlow? FlowOf(int uePort, int remotePort) => _filtered.LastOrDefault(each => each.Filter.Matches(
        IpProtocol.Udp, HostAddress.From(ue.Address), (ushort)uePort, HostAddress.From(far.Address),
        (ushort)remotePort)).Flow;
}
