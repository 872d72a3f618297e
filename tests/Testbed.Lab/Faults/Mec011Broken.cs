using Testbed.Lab.Behaviour;
using Testbed.Lab.Edge;

namespace Testbed.Lab.Faults;

/// <summary>A service registry that looks like one.</summary>
internal sealed class Mec011Broken : IFault
{
    public string Name => "mec011-broken";

    public FaultText Description { get; } = new(
        "MEC服务注册返回200且无Location，订阅者收不到可用性通知",
        "a MEC service registration answers 200 without Location, and no availability notification is ever sent");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EDG-004"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Mec = new SketchedMec(behaviour.Mec);
}
