using System.CommandLine;
using System.Diagnostics;
using Testbed.Benchmarks.Traffic;

namespace Testbed.Benchmarks.Commands;

/// <summary><c>./testbed bench generate</c>: a pair of captures and the truth about them.</summary>
internal static class GenerateCommand
{
    private static readonly Option<string> Out = new("--out")
    {
        Description = "folder for n3.pcapng, n6.pcapng and ledger.json", HelpName = "DIR", Required = true,
    };

    public static Command Build()
    {
        TrafficArguments traffic = new();
        Command command = new("generate", "make captures of N3 and N6, and the ledger of what really happened") { Out };
        traffic.AddTo(command);
        command.SetAction(parsed => Run(traffic.Read(parsed), parsed.GetRequiredValue(Out)));
        return command;
    }

    private static int Run(TrafficOptions options, string folder)
    {
        Directory.CreateDirectory(folder);
        long started = Stopwatch.GetTimestamp();
        TrafficLedger ledger = TrafficGenerator.Run(options, folder);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        long frames = ledger.N3.Packets + ledger.N6.Packets;
        Console.WriteLine($"{folder}: N3 {ledger.N3.Packets:N0} frames, N6 {ledger.N6.Packets:N0}, "
            + $"{ledger.Gtpu.Tunnels:N0} tunnels, {ledger.Matched:N0} seen at both taps, "
            + $"{ledger.Uplink.Lost + ledger.Downlink.Lost:N0} lost; "
            + $"{seconds:F1} s, {frames / seconds / 1e6:F1} million frames/s");
        return 0;
    }
}
