using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>MFBR and session AMBR are signalled on N4, and the UPF lets everything through.</summary>
internal sealed class NoAmbr : IFault
{
    public string Name => "no-ambr";

    public FaultText Description { get; } = new(
        "UPF不执行MFBR与会话AMBR限速",
        "the UPF enforces neither MFBR nor session AMBR");

    // EXP-004 and EXP-008 by definition: what was called for is a flow with an MFBR, and the packets pass it.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SLC-005"] = "Fail",
        ["EXP-004"] = "Fail",
        ["EXP-008"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Rates = new Unenforced();
}
