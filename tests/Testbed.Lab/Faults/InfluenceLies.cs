using Testbed.Lab.Behaviour;
using Testbed.Lab.Exposure;

namespace Testbed.Lab.Faults;

/// <summary>An NEF with no way to the user plane's routing.</summary>
internal sealed class InfluenceLies : IFault
{
    public string Name => "influence-lies";

    public FaultText Description { get; } = new(
        "TrafficInfluence应答成功但不改变路由",
        "TrafficInfluence answers well and moves nothing");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EXP-005"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.Exposure.InfluencePolicy = static policy => new IdlePolicy(policy);
}
