using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>A measuring host that could not show the claimed rate if the network had it.</summary>
internal sealed class SlowKit : IFault
{
    public string Name => "slow-kit";

    public FaultText Description { get; } = new(
        "kit-ue的自环速率只有100 Mbit/s",
        "kit-ue carries 100 Mbit/s through its own loop");

    // 120 Mbit/s are claimed, and 1.2 times that is asked of the kit. The capacity itself does not fail: a kit that is
    // good enough after all has shown it.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["KIT-004"] = "Inconclusive",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Kits.AddCommand(
        "kit-ue", "tc qdisc add dev lo root tbf rate 100mbit burst 128kb latency 20ms");
}
