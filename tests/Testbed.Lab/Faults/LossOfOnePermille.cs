using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>Good enough for a web page, far from the 99.99 % that the claim promises.</summary>
internal sealed class LossOfOnePermille : IFault
{
    public string Name => "loss-1e-3";

    public FaultText Description { get; } = new(
        "UPF在embb切片双向各丢0.1 %的报文",
        "the UPF loses 0.1 % of the packets of slice embb each way");

    // E2E-003 allows 0.5 %. In slice embb only: one session of iot without data makes SCN-DEN-002 inconclusive.
    // With 0.2 % of the round trips lost p99.9 is not known (a lost packet counts as the latest, RFC 7679 §5.1).
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SCN-LAT-002"] = "Inconclusive",
        ["SCN-REL-001"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour)
    {
        foreach (PathPoint point in new[] { PathPoint.UpfUplink, PathPoint.UpfDownlink })
            behaviour.At(point).Add(new LossInSlice(
                SliceAccess.Embb, new RandomLoss(0.001, behaviour.Seed + (int)point)));
    }
}
