using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>QoS flows have numbers and no priority: first come, first served.</summary>
internal sealed class FlatQos : IFault
{
    public string Name => "flat-qos";

    public FaultText Description { get; } = new(
        "各QoS流只有编号而无优先级，先到先服务",
        "QoS flows have numbers and no priority: first come, first served");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SLC-006"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Links = new LinkPerSlice(hasClasses: false);
}
