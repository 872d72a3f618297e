using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>The cheat that round trips alone cannot find.</summary>
internal sealed class ReflectorAtGnb : IFault
{
    public string Name => "reflector-at-gnb";

    public FaultText Description { get; } = new(
        "gNB旁的内应持有本次运行的密钥，自行应答STAMP测试报文",
        "an insider beside the gNB has the run's key and answers STAMP test packets itself");

    // Delay and reliability come out splendid and false: only the path proof tells. SCN-LAT-003 has no samples, as no
    // test packet crosses the UPF.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["E2E-004"] = "Fail",
        ["SCN-LAT-003"] = "Inconclusive",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.Interceptors.Add(new InsiderReflector(new PlanFile(behaviour.InsiderFolder), TimeProvider.System));
}
