using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>A user plane that is fed by a script, with a core beside it for show.</summary>
internal sealed class NoRegistration : IFault
{
    public string Name => "no-registration";

    public FaultText Description { get; } = new(
        "N2上只有NG建立：终端未注册，会话不经AMF而建立",
        "nothing but NG Setup on N2: no UE registers, and sessions come about without the AMF");

    // SLC-006 by definition: the 5QIs of sessions that N2 does not set up stand on the claim alone.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["E2E-007"] = "Fail",
        ["SLC-006"] = "Inconclusive",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.RegistersUes = false;
}
