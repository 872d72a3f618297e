using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>Local breakout as it should be, and a copy of everything for somebody else.</summary>
internal sealed class DataLeaves : IFault
{
    public string Name => "data-leaves";

    public FaultText Description { get; } = new(
        "UPF把发往边缘的报文另行封装，复制一份到中心N6",
        "the UPF wraps a copy of every packet to the edge and sends it out on the central N6");

    // The packets themselves leave by the edge alone, so EDG-001 holds: only who looks into every frame finds the copy.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EDG-006"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.UplinkTees.Add(new ExportToCentre(Plan.EdgeHost));
}
