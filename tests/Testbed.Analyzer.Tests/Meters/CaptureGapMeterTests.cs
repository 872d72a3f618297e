using System.Net;
using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters;

/// <summary>KIT-002: what a mirror lost, by the run's own packets.</summary>
public sealed class CaptureGapMeterTests
{
    private const int Session = 7, Port = 31234, PacketCount = 50;
    private static readonly byte[] Nonce = new byte[32];
    private readonly StringBuilder _record = new();
    private CrossingRun _run = null!;

    [SetUp]
    public void Open()
    {
        _run = new();
        _record.Clear().Append(StampPair.Header);
    }

    [TearDown]
    public void Close() => _run.Dispose();

    private void Send(int sequence, bool onN3, bool onN6, bool isAnswered = true)
    {
        long us = sequence * 1000;
        (byte[] up, byte[] down) = StampPair.Of(Nonce, Session, Port, sequence, us);
        if (onN3) _run.OnN3(us + 100, Packets.Up(up));
        if (onN6) _run.OnN6(us + 200, up);
        if (onN6) _run.OnN6(us + 400, down);
        if (onN3 && isAnswered) _run.OnN3(us + 500, Packets.Down(down));
        _record.Append(StampPair.Row(sequence, us, isAnswered));
    }

    /// <summary>By tap.</summary>
    private Dictionary<string, decimal> Gaps(long n6Drops = 0)
    {
        string path = _run.Folder.Path("stamp-7.csv");
        File.WriteAllText(path, _record.ToString());
        _run.Run = new()
        {
            Nonce = Nonce,
            CaptureCounters = new Dictionary<string, CaptureCounters> { ["n6.pcapng"] = new(100, n6Drops, 0) },
            StampSessions =
            [
                new(Session, "A", IPAddress.Parse(Packets.Ue), IPAddress.Parse(Packets.Server), Port, path),
            ],
        };
        KpiResult[] kpis = [.. _run.Analyze().Kpis.Where(kpi => kpi.Id == "capture-gap-ratio")];
        Assert.That(kpis.Select(kpi => kpi.Findings.Count > 0), Is.EqualTo(kpis.Select(kpi => kpi.Value > 0)));
        return kpis.ToDictionary(kpi => kpi.Scope, kpi => kpi.Value);
    }

    [TestCase(true, false, 0, 0, 0.2)]
    [TestCase(true, false, 20, 0, 0, Description = "the capture's own counters know of them")]
    [TestCase(false, true, 0, 0.2, 0)]
    [TestCase(false, false, 0, 0, 0, Description = "an insider's answers pass no tap")]
    public void What_one_side_shows_and_a_tap_of_the_other_lacks_is_a_gap(
        bool onN3, bool onN6, long n6Drops, double n3Gap, double n6Gap)
    {
        for (int i = 0; i < PacketCount; i++) Send(i, onN3 || i % 5 > 0, onN6 || i % 5 > 0);
        Dictionary<string, decimal> gaps = Gaps(n6Drops);
        Assert.That((gaps["n3.pcapng"], gaps["n6.pcapng"]), Is.EqualTo(((decimal)n3Gap, (decimal)n6Gap)));
    }

    [Test]
    public void Answers_that_the_UPF_lost_are_no_gap_of_N3()
    {
        for (int i = 0; i < PacketCount; i++) Send(i, onN3: true, onN6: true, isAnswered: i % 5 > 0);
        Assert.That(Gaps().Values, Is.All.Zero);
    }

    [Test]
    public void Answers_that_the_UE_got_and_N3_lacks_are_a_gap()
    {
        for (int i = 0; i < PacketCount; i++) Send(i, onN3: true, onN6: true);
        _run.N3.RemoveAll(packet => packet.Us % 5_000 == 500);
        Assert.That(Gaps(), Is.EqualTo(
            new Dictionary<string, decimal> { ["n3.pcapng"] = 0.1m, ["n6.pcapng"] = 0 }));
    }

    [Test]
    public void A_mirror_of_one_direction_is_no_gap()
    {
        for (int i = 0; i < PacketCount; i++) Send(i, onN3: true, onN6: true);
        _run.N6.RemoveAll(packet => packet.Us % 1_000 == 400);
        Assert.That(Gaps().Values, Is.All.Zero);
    }
}
