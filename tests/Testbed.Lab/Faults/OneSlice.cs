using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>Two slices on paper, one in the core.</summary>
internal sealed class OneSlice : IFault
{
    public string Name => "one-slice";

    public FaultText Description { get; } = new(
        "所有会话都建立在同一个切片1-000001、同一个DNN internet上",
        "every session is one of slice 1-000001 and DNN internet");

    // SLC-002 by definition: UEs of the pool claimed for iot are in embb's slice and data network. SCN-DEN-001 too: a
    // slice that does not exist has no sessions. SLC-003 and -004: one slice's UEs share its data networks and its
    // queue. SLC-005 and -006: iot's sessions have embb's AMBR and QFI.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SLC-001"] = "Fail",
        ["SLC-002"] = "Fail",
        ["SLC-003"] = "Fail",
        ["SLC-004"] = "Fail",
        ["SLC-005"] = "Fail",
        ["SLC-006"] = "Fail",
        ["SCN-DEN-001"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour)
    {
        behaviour.Subscriptions = new OneSubscription(behaviour.Subscriptions, SliceAccess.Embb);
        // The one data network reaches both hosts, as a flat network does; else half of the lab would be cut off.
        behaviour.NetworkInstances[SliceAccess.Embb.Dnn] =
            [SliceAccess.Embb.N6Interface, SliceAccess.Iot.N6Interface];
    }
}
