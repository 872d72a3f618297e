using System.Net;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters.Exposure;

/// <summary>Which N6 a flow's uplink leaves by, before, while and after it is influenced.</summary>
public sealed class InfluenceLoopMeterTests
{
    private const int UePort = 21000, RemotePort = 32000;
    private const string EdgeTap = "kit-a/n6-edge/n6eu";
    private readonly List<(long Us, byte[] Packet)> _central = [], _edge = [];
    private CaptureFolder _folder = null!;

    [SetUp]
    public void Open()
    {
        _folder = new();
        _central.Clear();
        _edge.Clear();
    }

    [TearDown]
    public void Close() => _folder.Dispose();

    [Test]
    public void A_flow_that_moves_to_the_edge_and_back_is_a_proof()
    {
        Send(_central, 0, 2100);
        Send(_edge, 2100, 4050);
        Send(_central, 4050, 6000);
        KpiResult ratio = Ratio();
        Assert.That((ratio.Value, ratio.NotUsable), Is.EqualTo((1m, (object?)null)));
        Assert.That(ratio.Findings.Single().En, Does.Contain("the edge's N6 after 100 ms"));
    }

    [Test]
    public void A_flow_that_stays_at_the_centre_is_refuted()
    {
        Send(_central, 0, 14000);
        Send(_edge, -1000, -900);
        Assert.That(Ratio(deletedMs: 7500, untilMs: 13500).Value, Is.Zero);
    }

    [Test]
    public void A_copy_that_still_leaves_at_the_centre_is_no_proof()
    {
        Send(_central, 0, 14000);
        Send(_edge, 2100, 7500);
        KpiResult ratio = Ratio(deletedMs: 7500, untilMs: 13500);
        Assert.That((ratio.Value, ratio.NotUsable), Is.EqualTo((0m, (object?)null)));
        Assert.That(ratio.Findings[0].En, Does.Contain("50"));
    }

    private static void Send(List<(long, byte[])> tap, long fromMs, long toMs)
    {
        for (long ms = fromMs; ms < toMs; ms += 10)
            tap.Add((ms * 1000, Packets.Udp(
                Packets.Ue, Packets.Server, (int)ms, (ushort)(ms + 2000), UePort, RemotePort)));
    }

    private KpiResult Ratio(long deletedMs = 4000, long untilMs = 6000)
    {
        string path = _folder.Path("loop-influence.csv");
        File.WriteAllText(path,
            "cycle,calledNs,answeredNs,status,deletedNs,deleteAnsweredNs,deleteStatus,untilNs\n"
            + $"1,{Ns(2000)},{Ns(2005)},201,{Ns(deletedMs)},{Ns(deletedMs)},204,{Ns(untilMs)}\n");
        Claim claim = TestClaims.TwoSlices with
        {
            Taps = [new("n6", "kit-a", "n6au", []), new("n6-edge", "kit-a", "n6eu", [])],
        };
        AnalysisRequest request = new()
        {
            N6 = [_folder.Write("n6.pcapng", _central), _folder.Write("edge.pcapng", _edge) with { Name = EdgeTap }],
            Claim = claim,
            Run = new()
            {
                Nonce = new byte[32],
                ClosedLoops =
                [
                    new("exposure-influence-loop", "A", IPAddress.Parse(Packets.Ue), UePort,
                        IPAddress.Parse(Packets.Server), RemotePort, path),
                ],
            },
        };
        return TrafficAnalysis.Run(request).Kpis.Single(kpi => kpi.Id == "traffic-influence-loop-ratio");
    }

    private static long Ns(long ms) => CaptureFolder.StartNs + ms * 1_000_000;
}
