using Testbed.Lab.Behaviour;
using Testbed.Lab.Exposure;

namespace Testbed.Lab.Faults;

/// <summary>A CAMARA gateway with nothing behind it.</summary>
internal sealed class CamaraLies : IFault
{
    public string Name => "camara-lies";

    public FaultText Description { get; } = new(
        "CAMARA会话显示可用但不改变业务流",
        "a CAMARA session is available and changes nothing");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EXP-008"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.Exposure.CamaraPolicy = static policy => new IdlePolicy(policy);
}
