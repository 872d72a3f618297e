using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>Slices on paper that share one queue.</summary>
internal sealed class NoIsolation : IFault
{
    public string Name => "no-isolation";

    public FaultText Description { get; } = new(
        "所有切片共用一条链路和一个队列",
        "all slices share one link and one queue");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SLC-004"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Links = new OneLinkForAll();
}
