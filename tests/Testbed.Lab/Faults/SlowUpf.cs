using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>A UPF on an overcommitted host.</summary>
internal sealed class SlowUpf : IFault
{
    public string Name => "slow-upf";

    public FaultText Description { get; } = new(
        "UPF上行转发慢10 ms",
        "the UPF's uplink takes 10 ms longer");

    // 10 ms: beyond the 8 ms claimed for the UPF, with room to the 20 ms claimed for the round trip.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SCN-LAT-003"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.At(PathPoint.UpfUplink).Add(new FixedDelay(TimeSpan.FromMilliseconds(10)));
}
