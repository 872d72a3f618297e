using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>One slice's user plane leads into another's data network.</summary>
internal sealed class SliceLeak : IFault
{
    public string Name => "slice-leak";

    public FaultText Description { get; } = new(
        "切片embb的用户面可以到达切片iot的数据网络",
        "slice embb's user plane reaches slice iot's data network");

    // SLC-002 by definition: a slice's UEs on another's N6 share its data network.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SLC-002"] = "Fail",
        ["SLC-003"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.NetworkInstances[SliceAccess.Embb.Dnn] =
            [.. behaviour.NetworkInstances[SliceAccess.Embb.Dnn], SliceAccess.Iot.N6Interface];
}
