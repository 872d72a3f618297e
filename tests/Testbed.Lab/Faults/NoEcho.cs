using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>A user plane without path management.</summary>
internal sealed class NoEcho : IFault
{
    public string Name => "no-echo";

    public FaultText Description { get; } = new(
        "UPF不应答GTP-U Echo，也不回Error Indication",
        "the UPF answers neither GTP-U Echo nor unknown tunnels");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["E2E-005"] = "Fail",
        // Nothing else would tell that malformed messages changed anything.
        ["SEC-008"] = "Inconclusive",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.PathAnswers = new SilentPath();
}
