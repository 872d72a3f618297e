using System.CommandLine;
using Testbed.Benchmarks.Ladder;

namespace Testbed.Benchmarks.Commands;

/// <summary><c>./testbed bench scaling</c>: what a packet costs with more processors, packets, tunnels.</summary>
internal static class ScalingCommand
{
    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "how often each runs (3)", HelpName = "N", DefaultValueFactory = _ => 3,
    };
    private static readonly Option<long> TunnelPackets = new("--tunnel-packets")
    {
        Description = "packets of the captures with 10^3 to 10^7 tunnels (12,000,000)", HelpName = "N",
        DefaultValueFactory = _ => 12_000_000,
    };
    private static readonly Option<int> TunnelsMax = new("--tunnels-max")
    {
        Description = "most tunnels (10,000,000)", HelpName = "N", DefaultValueFactory = _ => 10_000_000,
    };

    public static Command Build()
    {
        TrafficArguments traffic = new();
        Command command = new("scaling", "cost per packet and peak memory by processors, packets and tunnels")
        {
            Rounds, TunnelPackets, TunnelsMax, OursOption.Path, OursOption.Cache,
        };
        traffic.AddTo(command);
        command.SetAction(parsed =>
        {
            string cache = parsed.GetRequiredValue(OursOption.Cache);
            string scratch = Directory.CreateDirectory(Path.Combine(cache, "scratch")).FullName;
            Scaling scaling = new(OursOption.ResolveAnalyzer(parsed), cache, parsed.GetValue(Rounds), new(scratch));
            Console.Out.WriteLine($"Machine: {Machine.Describe()}");
            Console.Out.WriteLine("Figures: medians (least–most), process start included, warm page cache");
            Console.Out.WriteLine();
            scaling.Run(
                traffic.Read(parsed), parsed.GetValue(TunnelPackets), parsed.GetValue(TunnelsMax), Console.Out);
            return scaling.Agrees ? 0 : 1;
        });
        return command;
    }
}
