using Testbed.Lab.Behaviour;
using Testbed.Lab.Incidents;

namespace Testbed.Lab.Faults;

/// <summary>A kit that cannot keep up with what a mirror sends it.</summary>
internal sealed class TapDrops : IFault
{
    /// <summary>100 MB: more than the 64 MiB that the kit gives a capture to wait in.</summary>
    private const int Frames = 70_000;

    public string Name => "tap-drops";

    public FaultText Description { get; } = new(
        "N4采集点在套件停顿时涌入7万帧，采集缓冲溢出",
        "70,000 frames rush past the tap of N4 while the kit stands still, and its buffer overflows");

    // What is dropped is no PFCP, so no other verdict hangs on it; that it might have been is why this one is Invalid.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["KIT-002"] = "Invalid",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Incidents.Add(new(TimeSpan.Zero, lab =>
    {
        lab.Kits?.Pause("kit-a");
        try
        {
            TapFlood.OnN4(Frames);
        }
        finally
        {
            lab.Kits?.Resume("kit-a");
        }
    }));
}
