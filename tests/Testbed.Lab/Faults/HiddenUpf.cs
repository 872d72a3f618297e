using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>
/// UEs with an odd address are anchored elsewhere; those that the kit uses for itself have even ones.
/// </summary>
internal sealed class HiddenUpf : IFault
{
    public string Name => "hidden-upf";

    public FaultText Description { get; } = new(
        "部分会话由未申报的UPF地址承载",
        "part of the sessions is served from a UPF address that the claim does not name");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["E2E-002"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.Anchor = new EveryOtherElsewhere(behaviour.Anchor, Plan.HiddenUpfN3);
}
