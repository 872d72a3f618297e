using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>An API that only its author's client understands.</summary>
internal sealed class WrongStatus : IFault
{
    public string Name => "wrong-status";

    public FaultText Description { get; } = new(
        "AsSessionWithQoS创建成功时返回200而不是201",
        "AsSessionWithQoS answers 200 instead of 201 when it created something");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EXP-003"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.Exposure.QosStatus = static status => status == 201 ? 200 : status;
}
