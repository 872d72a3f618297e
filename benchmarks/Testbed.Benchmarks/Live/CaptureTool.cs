using System.Globalization;
using System.Text.RegularExpressions;

namespace Testbed.Benchmarks.Live;

/// <summary>What a capture says of itself when it ends.</summary>
internal readonly record struct OwnAccount(long Captured, long DroppedByKernel, long? DroppedByInterface);

/// <summary>A program that captures an interface into a file: how to start it, and how to read what it says.</summary>
/// <param name="Ready">On its standard error once it captures.</param>
internal sealed partial record CaptureTool(
    string Name, IReadOnlyList<string> Command, string File, string Ready, Func<string, OwnAccount> Read)
{
    public bool IsOurs { get; init; }

    /// <summary>All with the same snap length and the same kernel buffer; none gives up its rights.</summary>
    public static List<CaptureTool> All(string ours, string interfaceName, string folder, int snapLength, int bufferMiB)
    {
        string snap = snapLength.ToString(), own = Path.Combine(folder, "ours.pcapng"),
            tcpdump = Path.Combine(folder, "tcpdump.pcap"), dumpcap = Path.Combine(folder, "dumpcap.pcapng");
        List<CaptureTool> all =
        [
            new("testbed capture",
                [ours, "capture", "-i", interfaceName, "--tap", "n3", "-s", snap, "-w", own, "--lang", "en"], own,
                "capturing on", text => Own(OursLine(), text)) { IsOurs = true },
            new("tcpdump -w",
                ["tcpdump", "-n", "-Z", "root", "-i", interfaceName, "-s", snap, "-B", $"{bufferMiB * 1024}", "-w",
                    tcpdump], tcpdump, "listening on", Tcpdump),
            new("dumpcap",
                ["dumpcap", "-q", "-i", interfaceName, "-s", snap, "-B", $"{bufferMiB}", "-w", dumpcap], dumpcap,
                // "Capturing on" comes before it captures.
                "File: ", text => Own(DumpcapLine(), text)),
        ];
        all.RemoveAll(tool => !tool.IsOurs && Ladder.Machine.Find(tool.Command[0]) is null);
        return all;
    }

    private static OwnAccount Own(Regex line, string text)
    {
        Match match = line.Match(text);
        if (!match.Success) throw new BenchException($"what the capture said of itself cannot be read: {text}");
        return new(Number(match, 1), Number(match, 2), match.Groups[3].Success ? Number(match, 3) : null);
    }

    private static OwnAccount Tcpdump(string text)
    {
        Match captured = TcpdumpCaptured().Match(text), kernel = TcpdumpKernel().Match(text);
        if (!captured.Success || !kernel.Success)
            throw new BenchException($"what tcpdump said of itself cannot be read: {text}");
        Match lost = TcpdumpInterface().Match(text);
        return new(Number(captured, 1), Number(kernel, 1), lost.Success ? Number(lost, 1) : null);
    }

    private static long Number(Match match, int group) =>
        long.Parse(match.Groups[group].Value.Replace(",", ""), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"([\d,]+) frames, dropped by the kernel ([\d,]+), by the interface ([\d,]+)")]
    private static partial Regex OursLine();

    [GeneratedRegex(@"(\d+) packets? captured")]
    private static partial Regex TcpdumpCaptured();

    [GeneratedRegex(@"(\d+) packets? dropped by kernel")]
    private static partial Regex TcpdumpKernel();

    [GeneratedRegex(@"(\d+) packets? dropped by interface")]
    private static partial Regex TcpdumpInterface();

    [GeneratedRegex(@"received/dropped on interface '[^']*': (\d+)/(\d+)(?: \(pcap:\d+.*/ps_ifdrop:(\d+)\))?")]
    private static partial Regex DumpcapLine();
}
