using Testbed.Lab.Behaviour;
using Testbed.Lab.Exposure;

namespace Testbed.Lab.Faults;

/// <summary>An NEF with no way to the policy control.</summary>
internal sealed class QosApiLies : IFault
{
    public string Name => "qos-api-lies";

    public FaultText Description { get; } = new(
        "AsSessionWithQoS应答成功但不改变业务流",
        "AsSessionWithQoS answers well and changes nothing");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EXP-004"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.Exposure.QosPolicy = static policy => new IdlePolicy(policy);
}
