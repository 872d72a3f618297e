using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>The cheat that round trips alone cannot find.</summary>
internal sealed class ReflectorAtGnb : IFault
{
    public string Name => "reflector-at-gnb";

    public FaultText Description { get; } = new(
        "gNB旁的内应持有本次运行的密钥，自行应答每两个STAMP测试报文中的一个",
        "an insider beside the gNB has the run's key and answers every other STAMP test packet itself");

    // Delay and reliability come out splendid and half of it is false: only the path proof tells. Every other packet
    // takes the real path; a capture without any of the run's packets would be Invalid, as a replayed one is.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["E2E-004"] = "Fail",
        // What the insider answers never stood in a queue, so no queue is seen in which priority could show.
        ["SLC-006"] = "Inconclusive",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.Interceptors.Add(new InsiderReflector(new PlanFile(behaviour.InsiderFolder), TimeProvider.System));
}
