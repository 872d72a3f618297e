using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>A session table that is far smaller than claimed; the UPF says so (no resources available).</summary>
internal sealed class SessionCap : IFault
{
    /// <summary>Half of what is claimed, and still TEIDs enough for SEC-007 to judge.</summary>
    private const int SessionsMax = 200;

    public string Name => "session-cap";

    public FaultText Description { get; } = new(
        "UPF最多接受200个并发iot会话",
        "the UPF takes at most 200 concurrent sessions of slice iot");

    // SCN-DEN-002 by definition: sessions that are refused are set-ups that failed.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SCN-DEN-001"] = "Fail",
        ["SCN-DEN-002"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) =>
        behaviour.Admission = new AtMostInSlice(behaviour.Admission, SliceAccess.Iot, SessionsMax);
}
