using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>One pool for two slices: addresses no longer tell them apart.</summary>
internal sealed class SharedPool : IFault
{
    public string Name => "shared-pool";

    public FaultText Description { get; } = new(
        "iot切片的部分终端使用embb切片的地址池",
        "some UEs of slice iot draw their addresses from embb's pool");

    // SLC-001 by definition: N4 and the claimed pools, two sources of the slice map, contradict each other.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SLC-001"] = "Fail",
        ["SLC-002"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.Background.Add(new(SliceAccess.Iot, "10.45.201.0/24", "10.45.201.1", 3));
}
