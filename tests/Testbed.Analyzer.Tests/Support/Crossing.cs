using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching;

namespace Testbed.Analyzer.Tests.Support;

/// <summary>Runs made-up captures of both sides through the analyzer.</summary>
internal sealed class CrossingRun : IDisposable
{
    private readonly CaptureFolder _folder = new();
    public List<(long Us, byte[] Packet, int Interface)> N3 { get; } = [];
    public List<(long Us, byte[] Packet, int Interface)> N6 { get; } = [];
    /// <summary>At the edge site's own N6; a tap of its own where there is anything.</summary>
    public List<(long Us, byte[] Packet, int Interface)> N6Edge { get; } = [];
    public AnalysisOptions Options { get; set; } = new() { Shards = 2 };
    public Testbed.Conformance.Claims.Claim? Claim { get; set; }
    public RunContext? Run { get; set; }
    public int N3SnapLength { get; set; }
    public int N6SnapLength { get; set; }

    public CaptureFolder Folder => _folder;

    public void OnN3(long us, byte[] packet, int at = 0) => N3.Add((us, packet, at));

    public void OnN6(long us, byte[] packet, int at = 0) => N6.Add((us, packet, at));

    public void OnN6Edge(long us, byte[] packet) => N6Edge.Add((us, packet, 0));

    /// <summary>One packet of a UE and its answer, through the UPF and with both their tunnels.</summary>
    public void Cross(long us, string ue, uint uplinkTeid, uint downlinkTeid, byte qfi = 9)
    {
        ushort id = (ushort)(us / 100 + 1);
        byte[] up = Packets.Udp(ue, Packets.Server, (int)us, id);
        byte[] down = Packets.Udp(Packets.Server, ue, (int)us, id, 5000, 4000);
        OnN3(us, Packets.Up(up, uplinkTeid, qfi));
        OnN6(us + 50, up);
        OnN6(us + 60, down);
        OnN3(us + 110, Packets.Down(down, downlinkTeid, qfi));
    }

    /// <summary>Traffic long before and after, so that nothing in between is near a capture's edge.</summary>
    public void AddMargins(long beforeUs = -10_000_000, long afterUs = 10_000_000)
    {
        foreach ((long us, ushort id) in ((long, ushort)[])[(beforeUs, 60001), (afterUs, 60002)])
        {
            byte[] up = Packets.Udp(Packets.Ue, Packets.Server, id, id);
            byte[] down = Packets.Udp(Packets.Server, Packets.Ue, id, id, 5000, 4000);
            OnN3(us, Packets.Up(up));
            OnN6(us + 100, up);
            OnN6(us + 200, down);
            OnN3(us + 300, Packets.Down(down));
        }
    }

    public AnalysisRequest Request() => new()
    {
        N3 = [_folder.Write("n3.pcapng", N3, N3SnapLength)],
        N6 =
        [
            _folder.Write("n6.pcapng", N6, N6SnapLength),
            .. N6Edge.Count == 0 ? (TapInput[])[]
                : [_folder.Write("n6-edge.pcapng", N6Edge, N6SnapLength) with { IsEdge = true }],
        ],
        Options = Options, Claim = Claim, Run = Run,
    };

    public AnalysisResult Analyze() => TrafficAnalysis.Run(Request());

    /// <summary>Which N6 packet each N3 packet was paired with, by place in the lists; −1 for none.</summary>
    public int[] Partners()
    {
        AnalysisContext context = TrafficAnalysis.Prepare(Request(), null, default);
        TapOutcome outcome = context.Outcomes[0];
        Assert.That(context.Taps[0].Role, Is.EqualTo(TapRole.N3));
        return outcome.PartnerRecord;
    }

    public void Dispose() => _folder.Dispose();
}
