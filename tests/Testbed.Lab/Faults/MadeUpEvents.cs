using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>An NEF that reports what looks good.</summary>
internal sealed class MadeUpEvents : IFault
{
    /// <summary>One event in so many is kept back, and another UE's is reported in its place.</summary>
    private const int Every = 5;
    /// <summary>Far from all addresses that the lab gives out.</summary>
    private const uint OtherUe = 0x0000_8000;

    public string Name => "made-up-events";

    public FaultText Description { get; } = new(
        "MonitoringEvent每五个事件隐瞒一个，并以虚构的终端代替",
        "MonitoringEvent keeps every fifth event back and reports a UE that does not exist");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EXP-006"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour)
    {
        int count = 0;
        behaviour.Exposure.Report = happened => Interlocked.Increment(ref count) % Every == 0
            ? [happened with { Session = happened.Session with { UeAddress = happened.Session.UeAddress ^ OtherUe } }]
            : [happened];
    }
}
