using Testbed.Lab.Behaviour;
using Testbed.Lab.Exposure;

namespace Testbed.Lab.Faults;

/// <summary>An exposure function without a doorkeeper.</summary>
internal sealed class UnauthenticatedNef : IFault
{
    public string Name => "unauthenticated-nef";

    public FaultText Description { get; } = new(
        "NEF不校验令牌，任何人可调用任何接口",
        "the NEF checks no token and serves everybody");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EXP-002"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Exposure.Gate = new OpenGate();
}
