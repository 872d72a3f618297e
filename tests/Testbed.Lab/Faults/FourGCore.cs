using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>What is shown as 5G is an S1-U and an EPC behind it.</summary>
internal sealed class FourGCore : IFault
{
    public string Name => "4g-core";

    public FaultText Description { get; } = new(
        "4G核心网：N3上的GTP-U没有PDU会话容器",
        "a 4G core: GTP-U on N3 without a PDU session container");

    // E2E-004 asks for TEID and QFI on N3, and there is no QFI, so no call puts a flow on the promised one either
    // (EXP-004, EXP-008). E2E-006 holds: the rules on N4 name no QoS flow.
    // An EPC has no N2: its tap is silent, which a tap that was never wired is too. Nothing captured has no share that
    // was lost (KIT-002).
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["E2E-001"] = "Fail",
        ["E2E-004"] = "Fail",
        ["EXP-004"] = "Fail",
        ["EXP-008"] = "Fail",
        ["E2E-007"] = "Inconclusive",
        ["KIT-002"] = "Inconclusive",
        // Without QoS flows nothing is kept for one, and none is on its QFI.
        ["SLC-005"] = "Fail",
        ["SLC-006"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour)
    {
        behaviour.Framing = new BearerFraming();
        behaviour.HasN2 = false;
        behaviour.Subscriptions = new WithoutQosFlow(behaviour.Subscriptions);
    }
}
