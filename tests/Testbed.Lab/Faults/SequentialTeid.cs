using Testbed.Lab.Behaviour;
using Testbed.Lab.Behaviour.Security;

namespace Testbed.Lab.Faults;

/// <summary>Tunnels whose numbers anybody can guess.</summary>
internal sealed class SequentialTeid : IFault
{
    public string Name => "sequential-teid";

    public FaultText Description { get; } = new(
        "UPF按顺序分配TEID",
        "the UPF counts its TEIDs up");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SEC-007"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Teids = new CountedTeids();
}
