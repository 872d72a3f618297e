using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>A radio link that breaks off for moments.</summary>
internal sealed class Outage : IFault
{
    /// <summary>Test packets of 140 bytes, with room for padding; the search for capacity sends larger ones.</summary>
    private const int SmallMax = 256;
    /// <summary>Three times the survival time that the claim states.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(60), Period = TimeSpan.FromSeconds(2);

    public string Name => "outage";

    public FaultText Description { get; } = new(
        "embb切片的空口每2 s中断60 ms",
        "the radio link of slice embb breaks off for 60 ms every 2 s");

    // SCN-REL-001 by definition: 3 % of the packets are lost, and a lost packet counts as the latest (RFC 7679 §5.1),
    // so p99 and p99.9 are open. Before N3: the user plane behind it loses nothing.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        // The slice's ServiceProfile states delays, which the same p99 would have to prove.
        ["SLC-008"] = "Inconclusive",
        ["SCN-LAT-001"] = "Inconclusive",
        ["SCN-LAT-002"] = "Inconclusive",
        ["SCN-REL-001"] = "Fail",
        ["SCN-REL-002"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.At(PathPoint.GnbUplink).Add(new LossOfSmallPackets(
        SmallMax, new LossInSlice(SliceAccess.Embb, new PeriodicOutage(Length, Period, TimeProvider.System))));
}
