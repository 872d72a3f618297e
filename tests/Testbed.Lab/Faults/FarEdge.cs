using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>An edge site in name: its traffic breaks out, to a host that is farther away than the centre.</summary>
internal sealed class FarEdge : IFault
{
    public string Name => "far-edge";

    public FaultText Description { get; } = new(
        "边缘主机比中心更远：往返多16 ms",
        "the edge host is farther away than the centre: 16 ms more for the round trip");

    // Four times the 4 ms of the honest lab's centre, so that p95 of both are apart on a busy host too.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EDG-002"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour)
    {
        foreach (PathPoint point in new[] { PathPoint.UpfUplink, PathPoint.UpfDownlink })
            behaviour.At(point).Add(new DelayOfHost(Plan.EdgeHost, new FixedDelay(TimeSpan.FromMilliseconds(8))));
    }
}
