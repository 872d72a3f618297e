using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Faults;

/// <summary>One kit is another machine with a clock that is far off.</summary>
internal sealed class ClockSkew : IFault
{
    public string Name => "clock-skew";

    public FaultText Description { get; } = new(
        "kit-dna是另一台主机，其chrony报告时钟偏差30 ms",
        "kit-dna is another machine, and its chrony says that its clock is 30 ms off");

    // 30 ms are more than a tenth of any claimed delay. One-way figures come from the taps of one kit, whose stamps are
    // of one clock, and round trips need none.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["KIT-001"] = "Inconclusive",
    };

    public void Apply(LabBehaviour behaviour)
    {
        behaviour.Kits.AddProgram("boot-id", "7e57bed0-0000-4000-8000-000000000001\n");
        behaviour.Kits.AddProgram("near/chronyc", Tracking("0.000020000"));
        behaviour.Kits.AddProgram("off/chronyc", Tracking("0.030000000"));
        foreach ((string kit, _) in Plan.Kits)
        {
            bool isOff = kit == "kit-dna";
            behaviour.Kits.AddCommand(
                kit, $"PATH={KitSurroundings.Folder}/{(isOff ? "off" : "near")}:$PATH; export PATH");
            if (isOff) behaviour.Kits.AddCommand(
                kit, $"mount --bind {KitSurroundings.Folder}/boot-id /proc/sys/kernel/random/boot_id");
        }
    }

    // A line of `chronyc -c tracking`; the fifth column is the offset from true time, in seconds.
    private static string Tracking(string offset) =>
        "#!/bin/sh\n"
        + $"echo 'C0000201,192.0.2.1,2,1700000000.0,{offset},0,0,0,0,0,0.000010000,0.000010000,16.0,Normal'\n";
}
