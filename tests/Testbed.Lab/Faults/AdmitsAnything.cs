using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>Whatever slice and data network a UE names, it gets a session.</summary>
internal sealed class AdmitsAnything : IFault
{
    public string Name => "admits-anything";

    public FaultText Description { get; } = new(
        "终端请求任何切片与DNN都能建立会话，不核对签约",
        "any slice and DNN that a UE names gets a session; subscriptions are not looked at");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SLC-007"] = "Fail",
        // Sessions of slices that nobody claimed, with UEs of a claimed slice's pool: N4 contradicts the claim.
        ["SLC-001"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.ChecksSubscriptions = false;
}
