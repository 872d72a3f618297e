using Testbed.Lab.Behaviour;
using Testbed.Lab.Taps;

namespace Testbed.Lab.Faults;

/// <summary>Taps that are fed: what they show of the test is an older run's.</summary>
internal sealed class ReplayedCapture : IFault
{
    public string Name => "replayed-capture";

    public FaultText Description { get; } = new(
        "N3与N6采集点上的测试报文来自以前的运行",
        "the test packets that the taps of N3 and N6 show are an older run's");

    // The rest of the traffic is the run's own: a cheat who feeds all of it from an older capture contradicts N4, too.
    // By definition nothing is decided where the taps must show tries or controls with this run's signature.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["E2E-004"] = "Invalid",
        ["SLC-003"] = "Inconclusive",
        ["EDG-001"] = "Inconclusive",
        ["EDG-006"] = "Inconclusive",
        ["SEC-003"] = "Inconclusive",
        ["SEC-004"] = "Inconclusive",
        ["SEC-005"] = "Inconclusive",
    };

    public void Apply(LabBehaviour behaviour)
    {
        foreach (string tap in new[] { "n3u", "n6au", "n6bu" })
            behaviour.AddTapFilter(tap, new OlderTestPackets());
    }
}
