using Testbed.Lab.Behaviour;
using Testbed.Lab.Behaviour.Security;

namespace Testbed.Lab.Faults;

/// <summary>Whoever knows a TEID speaks for its UE, from any UE.</summary>
internal sealed class NestedGtp : IFault
{
    public string Name => "nested-gtp";

    public FaultText Description { get; } = new(
        "UPF对终端发往其N3地址2152端口的报文再次解封装",
        "the UPF decapsulates what UEs send to port 2152 of its N3 address");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SEC-004"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.OwnTraffic = new OpensNestedTunnels(behaviour.OwnTraffic);
}
