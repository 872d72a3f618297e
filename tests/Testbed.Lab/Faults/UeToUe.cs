using Testbed.Lab.Behaviour;
using Testbed.Lab.Behaviour.Security;

namespace Testbed.Lab.Faults;

/// <summary>Users who can attack each other behind every firewall on N6.</summary>
internal sealed class UeToUe : IFault
{
    public string Name => "ue-to-ue";

    public FaultText Description { get; } = new(
        "UPF在同一切片的终端之间直接转发报文，而申报为阻断",
        "the UPF carries packets between UEs of a slice, and the claim says that it does not");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SEC-005"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.LocalSwitch = new UesOfASliceTogether();
}
