using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>An NEF that falls over what it did not expect.</summary>
internal sealed class Nef500 : IFault
{
    public string Name => "nef-500";

    public FaultText Description { get; } = new(
        "NEF对错误请求体返回500",
        "the NEF answers bad bodies with 500");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EXP-009"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.Exposure.RefusalStatus = static status => status is 400 or 413 or 415 ? 500 : status;
}
