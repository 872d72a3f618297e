using System.CommandLine;
using System.Diagnostics;
using Testbed.Benchmarks.Ladder;
using Testbed.Benchmarks.Live;
using Testbed.Benchmarks.Traffic;
using Testbed.Wire.Files;

namespace Testbed.Benchmarks.Commands;

/// <summary>
/// <c>./testbed bench capture</c>: the highest rate that captures keep up with, every frame accounted for.
/// </summary>
internal static class CaptureCommand
{
    private const string InsideName = "--inside";
    private const int FrameCount = 4_096, FrameBytesMax = 2_048;
    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "how long each trial sends (1.5)", HelpName = "S", DefaultValueFactory = _ => 1.5,
    };
    private static readonly Option<int> Steps = new("--steps")
    {
        Description = "bisections (6)", HelpName = "N", DefaultValueFactory = _ => 6,
    };
    private static readonly Option<int> Senders = new("--senders")
    {
        Description = "threads that send; as many as processors leave the capture none of its own (1)", HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<int> Snap = new("--snap")
    {
        Description = "bytes kept of a frame (256)", HelpName = "N", DefaultValueFactory = _ => 256,
    };
    private static readonly Option<int> Buffer = new("--buffer")
    {
        Description = "kernel buffer of the peers in MiB; 64 is ours (64)", HelpName = "N",
        DefaultValueFactory = _ => 64,
    };
    private static readonly Option<string> Spool = new("--spool")
    {
        Description = "where captures are written (/dev/shm)", HelpName = "DIR",
        DefaultValueFactory = _ => Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(),
    };
    private static readonly Option<bool> Inside = new(InsideName) { Hidden = true };

    public static Command Build()
    {
        Command command = new("capture", "highest rate without loss: this product, tcpdump -w and dumpcap")
        {
            Seconds, Steps, Senders, Snap, Buffer, Spool, Inside, OursOption.Path,
        };
        command.SetAction(async parsed => parsed.GetValue(Inside) ? await RaceAsync(parsed) : await EnterAsync(parsed));
        return command;
    }

    // Once more, in a network namespace of its own; root needs no user namespace for that.
    private static async Task<int> EnterAsync(ParseResult parsed)
    {
        string[] flags = Environment.IsPrivilegedProcess ? ["-n"] : ["-U", "-r", "-n"];
        using Process process = Process.Start(new ProcessStartInfo("unshare",
            [.. flags, "dotnet", typeof(CaptureCommand).Assembly.Location,
                .. parsed.Tokens.Select(token => token.Value), InsideName]))!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static async Task<int> RaceAsync(ParseResult parsed)
    {
        string folder = Directory.CreateDirectory(
            Path.Combine(parsed.GetRequiredValue(Spool), $"testbed-bench-{Environment.ProcessId}")).FullName;
        try
        {
            List<byte[]> frames = Frames(folder);
            using VethPair wire = new();
            List<CaptureTool> tools = CaptureTool.All(
                OursOption.Resolve(parsed), VethPair.Receiver, folder, parsed.GetValue(Snap), parsed.GetValue(Buffer));
            int senders = Math.Clamp(parsed.GetValue(Senders), 1, 64);
            Sent full = FrameSender.Run(VethPair.Sender, frames, 1_000_000, 0, senders);
            double seconds = parsed.GetValue(Seconds);
            Console.Out.WriteLine($"Machine: {Machine.Describe()}");
            Console.Out.WriteLine($"Peers:   {string.Join(", ", Machine.PeerVersions())}");
            Console.Out.WriteLine(
                $"Wire:    veth; {senders} sender(s) reach {full.Rate:N0} frames/s when nobody captures; frames of "
                + $"{frames.Average(frame => frame.Length):F0} bytes on average, {parsed.GetValue(Snap)} kept");
            CaptureRace race = new(new(wire, frames, senders), seconds, parsed.GetValue(Steps));
            List<CaptureStanding> standings = await race.RunAsync(tools, full.Rate);
            Console.Out.WriteLine();
            CaptureRace.Print(Console.Out, standings);
            Console.Out.WriteLine();
            foreach (CaptureTool tool in tools) Console.Out.WriteLine($"  {string.Join(' ', tool.Command)}");
            return standings.All(standing => standing.Accounts.All(account => account.AddsUp)) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whole N3 frames of the usual mix.</summary>
    private static List<byte[]> Frames(string folder)
    {
        TrafficLedger ledger = TrafficGenerator.Run(
            new() { Packets = FrameCount, Tunnels = 1_000, SnapLength = FrameBytesMax }, folder);
        using CaptureFileSource source = CaptureFile.Open(Path.Combine(folder, ledger.N3Files[0]));
        List<byte[]> frames = [];
        while (source.TryRead(out CapturedFrame frame)) frames.Add(frame.Bytes.ToArray());
        return frames;
    }
}
