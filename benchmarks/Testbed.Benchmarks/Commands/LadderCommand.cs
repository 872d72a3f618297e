using System.CommandLine;
using Testbed.Benchmarks.Ladder;
using Testbed.Benchmarks.Traffic;

namespace Testbed.Benchmarks.Commands;

/// <summary><c>./testbed bench ladder</c>: this product and its peers, on the same files, against the truth.</summary>
internal static class LadderCommand
{
    private const int Disagrees = 1;
    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "how often each runs (5)", HelpName = "N", DefaultValueFactory = _ => 5,
    };
    private static readonly Option<long> SlowFrames = new("--slow-frames")
    {
        Description = "frames given to tools that would take minutes (200,000)", HelpName = "N",
        DefaultValueFactory = _ => 200_000,
    };

    public static Command Build()
    {
        TrafficArguments traffic = new();
        Command command = new("ladder", "race this product against its peers on one generated pair")
        {
            Rounds, SlowFrames, OursOption.Path, OursOption.Cache,
        };
        traffic.AddTo(command);
        command.SetAction(parsed => Run(
            traffic.Read(parsed), Math.Max(1, parsed.GetValue(Rounds)), Math.Max(1, parsed.GetValue(SlowFrames)),
            OursOption.ResolveAnalyzer(parsed), parsed.GetRequiredValue(OursOption.Cache)));
        return command;
    }

    private static int Run(TrafficOptions options, int rounds, long slowFrames, string ours, string cache)
    {
        if (!ProcessMeter.IsAvailable) throw new BenchException("GNU time is missing: sudo apt-get install -y time");
        TrafficPair pair = TrafficPair.Prepare(options, Path.Combine(cache, "ladder"));
        string scratch = Directory.CreateDirectory(Path.Combine(cache, "scratch")).FullName;
        Contenders contenders = new(pair, ours, scratch, slowFrames, options.SnapLength);
        IReadOnlyList<Contender> all = contenders.Build();
        List<Standing> standings = Race.Run(all, rounds, new(scratch));
        TextWriter output = Console.Out;
        output.WriteLine($"Machine: {Machine.Describe()}");
        output.WriteLine($"Peers:   {string.Join(", ", Machine.PeerVersions())}");
        if (contenders.Missing.Count > 0) output.WriteLine($"Absent:  {string.Join(", ", contenders.Missing)}");
        output.WriteLine($"Traffic: {pair.Ledger.Recipe}");
        output.WriteLine($"         N3 {Size(pair.Ledger.N3, pair.N3)}; N6 {Size(pair.Ledger.N6, pair.N6)}");
        output.WriteLine($"Figures: medians of {rounds} interleaved rounds (least–most), process start included");
        LadderTable.Print(output, standings);
        output.WriteLine();
        output.WriteLine("Commands:");
        foreach (Contender contender in all) output.WriteLine($"  {string.Join(' ', contender.Command)}");
        return Verdict(standings);
    }

    private static string Size(TapLedger tap, string path) =>
        $"{tap.Packets:N0} frames, {new FileInfo(path).Length >> 20:N0} MiB";

    private static int Verdict(List<Standing> standings)
    {
        int exitCode = 0;
        foreach (Standing ours in standings.Where(standing => standing.Contender.IsOurs))
        {
            foreach (string difference in ours.Differences ?? [ours.Failure ?? "it was never asked"])
            {
                Console.Error.WriteLine($"bench: {ours.Contender.Name} ({ours.Contender.Question}): {difference}");
                exitCode = Disagrees;
            }
        }
        return exitCode;
    }
}
