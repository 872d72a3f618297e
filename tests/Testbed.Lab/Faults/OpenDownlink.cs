using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>A promised firewall that is not there.</summary>
internal sealed class OpenDownlink : IFault
{
    public string Name => "open-downlink";

    public FaultText Description { get; } = new(
        "申报阻断数据网主动下行，实际放行",
        "the claim says that unsolicited downlink is stopped, and it is delivered");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SEC-006"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Claimed.UnsolicitedDownlink = "blocked";
}
