using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>A round trip that is short most of the time.</summary>
internal sealed class Jitter : IFault
{
    public string Name => "jitter";

    public FaultText Description { get; } = new(
        "embb切片gNB上行0.4 %的小报文晚300 ms",
        "0.4 % of the small uplink packets of slice embb are 300 ms late in the gNB");

    // Too few for p99 (SCN-LAT-001), enough for p99.9, and within the 500 ms of SCN-REL-001.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SCN-LAT-002"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.At(PathPoint.GnbUplink).Add(new DelayInSlice(
            SliceAccess.Embb,
            DelayOfSmallPackets.Of(new RandomDelay(0.004, TimeSpan.FromMilliseconds(300), behaviour.Seed))));
}
