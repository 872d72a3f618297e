using Testbed.Lab.Behaviour;
using Testbed.Lab.Behaviour.Security;

namespace Testbed.Lab.Faults;

/// <summary>A control socket that listens on every interface, users' too.</summary>
internal sealed class CoreReachable : IFault
{
    public string Name => "core-reachable";

    public FaultText Description { get; } = new(
        "UPF在N4地址上应答终端发来的PFCP心跳",
        "the UPF answers PFCP heartbeats of UEs at its N4 address");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SEC-002"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.OwnTraffic = new UserReachesPfcp(behaviour.OwnTraffic);
}
