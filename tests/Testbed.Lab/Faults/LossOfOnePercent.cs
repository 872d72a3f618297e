using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>More than the 0.5 % that E2E-003 allows, between the taps, so that the match sees it.</summary>
internal sealed class LossOfOnePercent : IFault
{
    public string Name => "loss-1e-2";

    public FaultText Description { get; } = new(
        "UPF在embb切片双向各丢1 %的报文",
        "the UPF loses 1 % of the packets of slice embb each way");

    // In slice embb only: sessions of iot that lose their one packet would break SCN-DEN-002 as well. A packet that
    // never comes back has no delay: it counts as the largest (RFC 7679 §5.1), and 2 % of those leave p99 and
    // p99.9 open.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["E2E-003"] = "Fail",
        // The slice's ServiceProfile states delays, which the same p99 would have to prove.
        ["SLC-008"] = "Inconclusive",
        ["SCN-LAT-001"] = "Inconclusive",
        ["SCN-LAT-002"] = "Inconclusive",
        ["SCN-REL-001"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour)
    {
        foreach (PathPoint point in new[] { PathPoint.UpfUplink, PathPoint.UpfDownlink })
            behaviour.At(point).Add(new LossInSlice(
                SliceAccess.Embb, new RandomLoss(0.01, behaviour.Seed + (int)point)));
    }
}
