using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>In the gNB, so that the UPF's transit stays clean.</summary>
internal sealed class LatencyTail : IFault
{
    public string Name => "latency-tail";

    public FaultText Description { get; } = new(
        "embb切片gNB上行2 %的小报文晚300 ms",
        "2 % of the small uplink packets of slice embb are 300 ms late in the gNB");

    // SCN-LAT-002 by definition: a tail that reaches p99 lies in p99.9 − p50 too. Uplink only: two delays in one round
    // trip would miss the 500 ms of SCN-REL-001.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        // A round trip beyond what the ServiceProfile allows one way proves neither way bad.
        ["SLC-008"] = "Inconclusive",
        ["SCN-LAT-001"] = "Fail",
        ["SCN-LAT-002"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.At(PathPoint.GnbUplink).Add(new DelayInSlice(
            SliceAccess.Embb,
            DelayOfSmallPackets.Of(new RandomDelay(0.02, TimeSpan.FromMilliseconds(300), behaviour.Seed))));
}
