using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>A user plane too small for what is claimed: 80 and 40 Mbit/s instead of 160 and 80.</summary>
internal sealed class CapacityCap : IFault
{
    public string Name => "capacity-cap";

    public FaultText Description { get; } = new(
        "UPF只放行签约会话AMBR的一半",
        "the UPF lets half of the session AMBR through");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SCN-BW-001"] = "Fail",
        ["SCN-BW-002"] = "Fail",
        // 80 and 40 Mbit/s of the 90 and 45 that the slice's ServiceProfile guarantees a UE.
        ["SLC-008"] = "Fail",
        // Half of the claimed AMBR is no kept AMBR.
        ["SLC-005"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Rates = new ShareOf(behaviour.Rates, 0.5);
}
