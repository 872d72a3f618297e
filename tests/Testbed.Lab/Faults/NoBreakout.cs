using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>An edge host without a UL CL: reachable, by way of the central data network.</summary>
internal sealed class NoBreakout : IFault
{
    public string Name => "no-breakout";

    public FaultText Description { get; } = new(
        "没有本地分流：边缘业务绕行中心N6，由中心数据网转发到边缘主机",
        "no local breakout: traffic to the edge goes round by the central N6 and is routed to the edge host there");

    // EDG-002 by definition: the way round is longer than the way to the centre. EDG-006 too: what goes round through
    // the central N6 has left the premises.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EDG-001"] = "Fail",
        ["EDG-002"] = "Fail",
        ["EDG-006"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour)
    {
        behaviour.Breakouts.Clear();
        behaviour.EdgeIsBehindCentre = true;
        // From the centre back to the edge site, as far as the way to the centre.
        foreach (PathPoint point in new[] { PathPoint.UpfUplink, PathPoint.UpfDownlink })
            behaviour.At(point).Add(new DelayOfHost(Plan.EdgeHost, new FixedDelay(TimeSpan.FromMilliseconds(4))));
    }
}
