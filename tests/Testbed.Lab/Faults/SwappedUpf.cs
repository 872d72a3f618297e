using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>The element that was shown at the start is not the one that is measured at the end.</summary>
internal sealed class SwappedUpf : IFault
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(8);

    public string Name => "swapped-upf";

    public FaultText Description { get; } = new(
        "测量中途由另一台UPF接管地址与会话",
        "in the middle another UPF takes over addresses and sessions");

    // It forwards as well as the first, so nothing else is to be seen: it started at another time and its packets have
    // another time to live and may be fragmented.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["E2E-009"] = "Invalid",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Incidents.Add(new(After, lab =>
    {
        lab.UpfStarted.Seconds -= 86_400;
        lab.Upf.SendAsAnotherHost();
    }));
}
