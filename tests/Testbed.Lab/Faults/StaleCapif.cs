using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>A catalogue that nobody tends.</summary>
internal sealed class StaleCapif : IFault
{
    public string Name => "stale-capif";

    public FaultText Description { get; } = new(
        "CAPIF目录中列有已下线的接口",
        "CAPIF lists an API that is gone");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EXP-007"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.Exposure.StaleApis.Add(("3gpp-device-triggering", 8447));
}
