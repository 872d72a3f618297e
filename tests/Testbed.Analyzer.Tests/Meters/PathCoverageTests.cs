using System.Net;
using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters;

/// <summary>E2E-004 where some slices' N6, or the edge's, has no tap: nothing refutes what nobody could see.</summary>
public sealed class PathCoverageTests
{
    private const int PacketCount = 50, Port = 31234;
    private const string Edge = "10.100.63.10", OtherUe = "10.46.0.2";
    private static readonly byte[] Nonce = new byte[32];
    private readonly List<StampSessionContext> _sessions = [];
    private CrossingRun _run = null!;

    [SetUp]
    public void Open()
    {
        _run = new();
        _sessions.Clear();
        _run.AddMargins();
    }

    [TearDown]
    public void Close() => _run.Dispose();

    /// <summary>A session all of whose packets were answered.</summary>
    private void Session(
        int number, string slice, bool onN3 = true, bool onN6 = true, string? farEnd = "dn", string ue = Packets.Ue)
    {
        string remote = farEnd == "edge" ? Edge : Packets.Server;
        StringBuilder record = new(StampPair.Header);
        for (int i = 0; i < PacketCount; i++)
        {
            long us = number * 100_000 + i * 1000;
            (byte[] up, byte[] down) = StampPair.Of(Nonce, number, Port, i, us, ue, remote);
            if (onN3) _run.OnN3(us + 100, Packets.Up(up));
            if (onN6) _run.OnN6(us + 200, up);
            if (onN6) _run.OnN6(us + 400, down);
            if (onN3) _run.OnN3(us + 500, Packets.Down(down));
            record.Append(StampPair.Row(i, us));
        }
        string path = _run.Folder.Path($"stamp-{number}.csv");
        File.WriteAllText(path, record.ToString());
        _sessions.Add(new(number, slice, IPAddress.Parse(ue), IPAddress.Parse(remote), Port, path)
        {
            FarEnd = farEnd,
        });
    }

    /// <param name="slices">Of the one tap of N6.</param>
    private KpiResult Result(string[] slices, bool isEdge = false)
    {
        _run.Run = new() { Nonce = Nonce, StampSessions = _sessions };
        AnalysisRequest request = _run.Request();
        return TrafficAnalysis.Run(request with { N6 = [request.N6[0] with { Slices = slices, IsEdge = isEdge }] })
            .Kpis.Single(kpi => kpi.Id == "path-proof-ratio");
    }

    [TestCase("A", true)]
    [TestCase("", true)]
    [TestCase("B", false)]
    public void Only_a_tap_of_the_slice_can_miss_its_packets(string tapped, bool isRefuted)
    {
        Session(1, "A", onN6: false);
        KpiResult result = Result(tapped.Length == 0 ? [] : [tapped]);
        Assert.That((result.Value, result.NotUsable is null), Is.EqualTo((0m, isRefuted)));
        if (isRefuted) return;
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.NotUsable!.En, Does.Contain("the N6 of A"));
    }

    [TestCase("edge", true, true)]
    [TestCase("edge", false, false)]
    [TestCase("dn", true, false)]
    [TestCase("dn", false, true)]
    public void What_goes_to_the_edge_only_a_tap_of_its_N6_can_miss(string farEnd, bool isEdgeTap, bool isRefuted)
    {
        Session(1, "A", onN6: false, farEnd: farEnd);
        Assert.That(Result([], isEdgeTap).NotUsable is null, Is.EqualTo(isRefuted));
    }

    [Test]
    public void A_slice_that_is_proven_does_not_pass_for_one_without_a_tap()
    {
        Session(1, "A");
        Session(2, "B", onN6: false, ue: OtherUe);
        KpiResult result = Result(["A"]);
        Assert.That((result.Value, result.NotUsableVerdict), Is.EqualTo((1m, Verdict.Inconclusive)));
    }

    [Test]
    public void A_slice_without_a_tap_does_not_hide_what_refutes_another()
    {
        Session(1, "A", onN6: false);
        Session(2, "B", onN6: false, ue: OtherUe);
        KpiResult result = Result(["A"]);
        Assert.That((result.Value, result.NotUsable is null), Is.EqualTo((0m, true)));
        Assert.That(result.Findings[0].En, Does.StartWith($"{PacketCount} test packets"));
    }

    [Test]
    public void Answers_beside_N3_are_refuted_with_or_without_a_tap_of_N6()
    {
        Session(1, "A", onN6: false);
        _run.N3.RemoveAll(packet => packet.Us is > 100_000 and < 120_000);
        KpiResult result = Result(["B"]);
        Assert.That((result.Value, result.NotUsable is null), Is.EqualTo((0m, true)));
        Assert.That(result.Findings[0].En, Does.StartWith("20 test packets came back without passing N3"));
    }
}
