using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>Users that the claim keeps quiet about.</summary>
internal sealed class StrayPool : IFault
{
    public string Name => "stray-pool";

    public FaultText Description { get; } = new(
        "部分终端使用申报地址池以外的地址",
        "some UEs have addresses outside of the claimed pools");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["E2E-008"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.Background.Add(new(SliceAccess.Embb, "10.99.0.0/16", "10.99.0.1", 3));
}
