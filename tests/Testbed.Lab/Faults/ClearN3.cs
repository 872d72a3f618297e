using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>What the claim promises and nobody switched on.</summary>
internal sealed class ClearN3 : IFault
{
    public string Name => "clear-n3";

    public FaultText Description { get; } = new(
        "申报N3使用IPsec，实际为明文",
        "the claim says IPsec on N3, and N3 is in clear");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SEC-001"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Claimed.N3Protection = "ipsec";
}
