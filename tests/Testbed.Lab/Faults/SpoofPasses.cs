using Testbed.Lab.Behaviour;
using Testbed.Lab.Behaviour.Security;

namespace Testbed.Lab.Faults;

/// <summary>A UPF that forwards whatever a tunnel brings.</summary>
internal sealed class SpoofPasses : IFault
{
    public string Name => "spoof-passes";

    public FaultText Description { get; } = new(
        "UPF不校验上行报文的源地址",
        "the UPF does not check the source address of uplink packets");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SEC-003"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Sources = new AnySource();
}
