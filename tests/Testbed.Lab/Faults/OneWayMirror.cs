using Testbed.Lab.Behaviour;
using Testbed.Lab.Taps;

namespace Testbed.Lab.Faults;

/// <summary>A mirror session that was set to one direction only.</summary>
internal sealed class OneWayMirror : IFault
{
    public string Name => "one-way-mirror";

    public FaultText Description { get; } = new(
        "iot切片的N6镜像口只有上行",
        "the N6 mirror of slice iot delivers uplink only");

    // E2E-004 by definition: the way back of that slice's test packets was not shown at N6, and the mirror is to blame.
    // SLC-005 as well: what a downlink load offers the UPF is counted on N6.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["KIT-003"] = "Invalid",
        ["E2E-004"] = "Inconclusive",
        ["SLC-005"] = "Inconclusive",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.AddTapFilter("n6bu", new OnlyFromUpf());
}
