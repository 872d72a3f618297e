using System.Globalization;
using System.Net;
using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters;

/// <summary>EDG-003: only an answer that came over N3 counts.</summary>
public sealed class EdgeNameMeterTests
{
    private const string Server = "10.100.63.10";
    private CrossingRun _run = null!;
    private StringBuilder _record = null!;

    [SetUp]
    public void Open()
    {
        _run = new();
        _record = new("question,localPort,sentNs,receivedNs,code,addresses,right\n");
    }

    [TearDown]
    public void Close() => _run.Dispose();

    private void Ask(int number, bool isRight = true, bool crosses = true, string code = "0", string addresses = Server)
    {
        int port = 21_000 + number;
        long us = number * 10_000;
        if (crosses)
        {
            _run.OnN3(us + 100, Packets.Up(
                Packets.Udp(Packets.Ue, Server, number, (ushort)(number + 1), port, 53, 40)));
            _run.OnN3(us + 300, Packets.Down(
                Packets.Udp(Server, Packets.Ue, number, (ushort)(number + 1), 53, port, 60)));
        }
        string received = code == "none" ? "0" : Ns(us + 400).ToString(CultureInfo.InvariantCulture);
        _record.Append(string.Create(CultureInfo.InvariantCulture,
            $"{number},{port},{Ns(us)},{received},{code},{addresses},{(isRight ? 1 : 0)}\n"));
    }

    private static long Ns(long us) => CaptureFolder.StartNs + us * 1000;

    private KpiResult Result(bool isClaimed = true, long drops = 0)
    {
        string path = _run.Folder.Path("edge-name.csv");
        File.WriteAllText(path, _record.ToString());
        _run.AddMargins();
        _run.Run = new()
        {
            Nonce = new byte[32],
            CaptureCounters = new Dictionary<string, CaptureCounters> { ["n3.pcapng"] = new(100, drops, 0) },
            EdgeNames =
            [
                new("edge.example.mec", IPAddress.Parse(Packets.Ue), IPAddress.Parse(Server), isClaimed, path),
            ],
        };
        return _run.Analyze().Kpis.Single(kpi => kpi.Id == "edge-discovery-ratio");
    }

    [Test]
    public void Right_answers_that_crossed_N3_are_a_discovery()
    {
        for (int i = 0; i < 6; i++) Ask(i);
        KpiResult result = Result();
        Assert.That((result.Value, result.Samples), Is.EqualTo((1m, 6L)));
        Assert.That(result.NotUsable, Is.Null);
        Assert.That(result.Evidence, Has.Some.StartsWith("n3.pcapng#"));
    }

    [Test]
    public void A_resolver_on_the_kit_answers_without_crossing_N3()
    {
        for (int i = 0; i < 6; i++) Ask(i, crosses: i != 3);
        Assert.That(Result().High, Is.LessThan(1));
    }

    [Test]
    public void An_answer_at_another_time_than_the_kits_own_is_not_that_answer()
    {
        for (int i = 0; i < 6; i++) Ask(i);
        _run.N3.Clear();
        _run.OnN3(900_000, Packets.Up(Packets.Udp(Packets.Ue, Server, 1, 1, 21_000, 53, 40)));
        Assert.That(Result().Value, Is.Zero);
    }

    [Test]
    public void Other_addresses_and_refusals_count_against_it_and_are_named()
    {
        Ask(0);
        Ask(1, isRight: false, addresses: "10.100.61.10");
        Ask(2, isRight: false, code: "3", addresses: "");
        KpiResult result = Result();
        Assert.That(result.Value, Is.EqualTo(0.333333333m));
        Assert.That(result.Findings[0].En, Does.Contain("10.100.61.10").And.Contain("RCODE 3"));
    }

    [Test]
    public void Silence_fails_a_claimed_server_and_decides_nothing_about_one_that_was_guessed()
    {
        for (int i = 0; i < 6; i++) Ask(i, isRight: false, crosses: false, code: "none", addresses: "");
        Assert.That(Result().NotUsable, Is.Null);
        Assert.That(Result(isClaimed: false).NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void Frames_that_N3_dropped_may_have_been_the_answers()
    {
        for (int i = 0; i < 6; i++) Ask(i, crosses: i != 3);
        Assert.That(Result(drops: 5).CaptureLossHigh, Is.GreaterThan(0.16m));
    }
}
