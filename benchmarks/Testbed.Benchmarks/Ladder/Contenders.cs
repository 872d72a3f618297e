using System.Text.Json;
using Testbed.Benchmarks.Traffic;

namespace Testbed.Benchmarks.Ladder;

/// <summary>Who races. A peer that is not installed is left out, and the table says so.</summary>
internal sealed class Contenders(TrafficPair pair, string ours, string scratch, long slowFrames, int snapLength)
{
    // The N3 question is asked of one processor, whoever answers it.
    private static readonly string[] OneProcessor = ["taskset", "-c", "0"];
    private static readonly string[] TsharkFields =
    [
        "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "gtp.teid",
        "-e", "gtp.ext_hdr.pdu_ses_con.qos_flow_id", "-e", "ip.src", "-e", "ip.dst", "-e", "udp.srcport",
        "-e", "udp.dstport", "-e", "tcp.srcport", "-e", "tcp.dstport",
    ];
    private readonly List<Contender> _all = [];

    public List<string> Missing { get; } = [];

    public IReadOnlyList<Contender> Build()
    {
        TrafficLedger ledger = pair.Ledger;
        (string slowN3, long n3Frames) = CapturePrefix.Write(pair.N3, slowFrames, snapLength);
        (string slowN6, long n6Frames) = CapturePrefix.Write(pair.N6, slowFrames, snapLength);
        pair.Warm(slowN3, slowN6);
        string first = $"first {n3Frames:N0} frames";
        Add(new("testbed analyze", Question.N3Profile, [.. OneProcessor, ours, "analyze", "--n3", pair.N3, "--json"],
            ledger.N3.Packets, path => LedgerComparison.Of(ledger, path, twoPoint: false)) { IsOurs = true });
        string scratchFlows = Path.Combine(scratch, "nfpcapd");
        Peer("tcpdump", new("tcpdump -w /dev/null", Question.N3Profile,
            [.. OneProcessor, "tcpdump", "-r", pair.N3, "-w", "/dev/null"], ledger.N3.Packets, null)
            { Note = "copies, decodes nothing" });
        Add(new("SharpPcap + PacketDotNet", Question.N3Profile,
            [.. OneProcessor, "dotnet", typeof(Contenders).Assembly.Location, "naive", pair.N3],
            ledger.N3.Packets, CheckNaive));
        Peer("nfpcapd", new("nfpcapd", Question.N3Profile,
            [.. OneProcessor, "nfpcapd", "-r", pair.N3, "-l", scratchFlows], ledger.N3.Packets, null)
            { Note = "outer flows only", Scratch = scratchFlows });
        Peer("ndpiReader", new("ndpiReader", Question.N3Profile,
            [.. OneProcessor, "ndpiReader", "-t", "-q", "-i", slowN3], n3Frames, null) { Note = first });
        Peer("tshark", new("tshark -T fields", Question.N3Profile,
            [.. OneProcessor, "tshark", "-n", "-r", slowN3, .. TsharkFields], n3Frames,
            path => CheckLines(path, n3Frames)) { Note = first });
        Add(new("testbed analyze", Question.TwoPoint,
            [ours, "analyze", "--n3", pair.N3, "--n6", pair.N6, "--json"], ledger.N3.Packets + ledger.N6.Packets,
            path => LedgerComparison.Of(ledger, path, twoPoint: true)) { IsOurs = true });
        Peer("tshark", new("tshark -T fields, a process a file", Question.TwoPoint,
            ["/bin/sh", "-c", "a=$1 b=$2; shift 2; tshark -n -r \"$a\" \"$@\" & tshark -n -r \"$b\" \"$@\"; wait",
                "sh", slowN3, slowN6, .. TsharkFields], n3Frames + n6Frames,
            path => CheckLines(path, n3Frames + n6Frames)) { Note = $"{first} of each, no matching" });
        return _all;
    }

    private void Add(Contender contender) => _all.Add(contender);

    private void Peer(string tool, Contender contender)
    {
        if (Machine.Find(tool) is not null) Add(contender);
        else if (!Missing.Contains(tool)) Missing.Add(tool);
    }

    private static List<string> CheckLines(string path, long frames) =>
        File.ReadLines(path).LongCount() is var lines && lines != frames ? [$"{lines} lines, {frames} frames"] : [];

    private List<string> CheckNaive(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement;
        List<string> differences = [];
        Equal("frames", pair.Ledger.N3.Packets);
        Equal("gpdu", pair.Ledger.Gtpu.Gpdu);
        Equal("tunnels", pair.Ledger.Gtpu.Tunnels);
        return differences;

        void Equal(string name, long truth)
        {
            long found = root.GetProperty(name).GetInt64();
            if (found != truth) differences.Add($"{name}: {found}, ledger {truth}");
        }
    }
}
