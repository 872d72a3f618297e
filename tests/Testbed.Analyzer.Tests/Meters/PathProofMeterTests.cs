using System.Globalization;
using System.Net;
using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters;

public sealed class PathProofMeterTests
{
    private const int Session = 7, Port = 31234, PacketCount = 50;
    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly List<StampSessionContext> _others = [];
    private CrossingRun _run = null!;
    private StringBuilder _record = null!;

    [SetUp]
    public void Open()
    {
        _run = new();
        _others.Clear();
        _record = new(StampPair.Header);
    }

    [TearDown]
    public void Close() => _run.Dispose();

    /// <summary>Sends a test packet at that time and leaves out what <paramref name="skip"/> names.</summary>
    private void Send(int sequence, byte[]? nonce = null, string skip = "", long n6ShiftUs = 0,
        bool isDisturbed = false, int port = Port, long answeredUs = 600, long answerShiftUs = 0,
        long n6ClockUs = 0)
    {
        long us = sequence * 1000;
        (byte[] up, byte[] down) = StampPair.Of(nonce ?? Nonce, Session, port, sequence, us);
        if (skip != "n3") _run.OnN3(us + 100, Packets.Up(up));
        if (skip != "n6") _run.OnN6(us + 200 + n6ShiftUs + n6ClockUs, up);
        if (skip != "n6") _run.OnN6(us + 400 + n6ClockUs, down);
        if (skip is not ("n3" or "n3-down")) _run.OnN3(us + 500, Packets.Down(down));
        Record(sequence, us, "answered", isDisturbed, answeredUs, answerShiftUs);
    }

    private void Record(
        int sequence, long us, string status, bool isDisturbed = false, long answeredUs = 600, long shiftUs = 0)
    {
        long t2 = Ns(us + 300 + shiftUs), t3 = Ns(us + 350 + shiftUs);
        _record.AppendLine(string.Create(CultureInfo.InvariantCulture,
            $"{sequence},{Ns(us)},{t2},{t3},{Ns(us + answeredUs)},{status},{(isDisturbed ? 1 : 0)}"));
    }

    private static long Ns(long us) => CaptureFolder.StartNs + us * 1000;

    private KpiResult Result(CaptureCounters? counters = null, long clockBoundNs = 0, string id = "path-proof-ratio")
    {
        string path = _run.Folder.Path("stamp-7.csv");
        File.WriteAllText(path, _record.ToString().ReplaceLineEndings("\n"));
        _run.Run = new()
        {
            Nonce = Nonce, ClockBoundNs = clockBoundNs,
            CaptureCounters = counters is null
                ? new() : new Dictionary<string, CaptureCounters> { ["n6.pcapng"] = counters },
            StampSessions =
                [new(Session, "A", IPAddress.Parse(Packets.Ue), IPAddress.Parse(Packets.Server), Port, path)],
            OtherStampSessions = _others,
        };
        return _run.Analyze().Kpis.Single(kpi => kpi.Id == id && kpi.Direction is not Direction.Downlink);
    }

    [Test]
    public void Packets_seen_at_every_tap_in_order_are_proofs()
    {
        for (int i = 0; i < PacketCount; i++) Send(i);
        KpiResult result = Result();
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Samples, Is.EqualTo(PacketCount));
        Assert.That(result.NotUsable, Is.Null);
    }

    [Test]
    public void A_reflector_that_answers_before_the_UPF_proves_nothing()
    {
        _run.AddMargins();
        for (int i = 0; i < PacketCount; i++) Send(i, skip: "n6");
        KpiResult result = Result();
        Assert.That(result.Value, Is.Zero);
        Assert.That(result.NotUsable, Is.Null);
        Assert.That(result.Findings[0].En, Does.Contain("without passing N6"));
    }

    [Test]
    public void One_packet_without_proof_is_enough_to_miss_the_limit()
    {
        for (int i = 0; i < PacketCount; i++) Send(i, skip: i == 20 ? "n3" : "");
        KpiResult result = Result();
        Assert.That(result.Value, Is.EqualTo(0.98m));
        Assert.That(result.High, Is.LessThan(1));
    }

    [Test]
    public void A_packet_that_leaves_the_UPF_before_it_enters_is_no_proof_unless_clocks_may_differ()
    {
        for (int i = 0; i < PacketCount; i++) Send(i, n6ShiftUs: i == 20 ? -150 : 0);
        Assert.That(Result().Value, Is.EqualTo(0.98m));
        Assert.That(Result(clockBoundNs: 200_000).Value, Is.EqualTo(1));
    }

    [Test]
    public void Transit_in_no_time_is_no_proof()
    {
        for (int i = 0; i < PacketCount; i++) Send(i, n6ShiftUs: i == 20 ? -100 : 0);
        KpiResult result = Result();
        Assert.That(result.Value, Is.EqualTo(0.98m));
        Assert.That(result.Findings[0].En, Does.Contain("in no time"));
    }

    [Test]
    public void A_capture_of_another_run_is_invalid()
    {
        byte[] yesterday = [.. Nonce.Reverse()];
        for (int i = 0; i < PacketCount; i++) Send(i, yesterday);
        KpiResult result = Result();
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Invalid));
        Assert.That(result.Value, Is.Zero);
    }

    [Test]
    public void Answers_that_no_tap_saw_while_it_saw_other_traffic_came_another_way()
    {
        _run.AddMargins();
        byte[] other = Packets.Udp(Packets.Ue, Packets.Server, new byte[100], 9000, 20001, 5000);
        _run.OnN3(1_000, Packets.Up(other));
        _run.OnN6(1_100, other);
        for (int i = 0; i < PacketCount; i++) Record(i, i * 1000, "answered");
        KpiResult result = Result();
        Assert.That(result.NotUsable, Is.Null);
        Assert.That(result.Value, Is.Zero);
        Assert.That(result.Samples, Is.EqualTo(PacketCount));
        Assert.That(result.Findings[0].En, Does.Contain("without passing N3"));
    }

    [Test]
    public void Taps_that_heard_other_UEs_and_never_this_one_may_be_another_UPFs()
    {
        byte[] other = Packets.Udp("10.45.0.99", Packets.Server, new byte[100], 9000, 20001, 5000);
        _run.OnN3(1_000, Packets.Up(other));
        _run.OnN6(1_100, other);
        for (int i = 0; i < PacketCount; i++) Record(i, i * 1000, "answered");
        KpiResult result = Result();
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Invalid));
        Assert.That(result.NotUsable!.En, Does.Contain(Packets.Ue));
    }

    [Test]
    public void A_capture_without_any_test_packet_is_invalid()
    {
        _run.AddMargins();
        for (int i = 0; i < PacketCount; i++) Record(i, i * 1000, "answered");
        Assert.That(Result().NotUsableVerdict, Is.EqualTo(Verdict.Invalid));
    }

    [Test]
    public void Lost_packets_and_those_that_a_tap_dropped_are_left_out()
    {
        _run.AddMargins();
        for (int i = 0; i < PacketCount; i++) Send(i, skip: i == 20 ? "n6" : "");
        for (int i = PacketCount; i < PacketCount + 5; i++) Record(i, i * 1000, "lost");
        KpiResult result = Result(new CaptureCounters(1000, 3, 0));
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Samples, Is.EqualTo(PacketCount - 1));
        Assert.That(Result(new CaptureCounters(1000, 0, 0)).Value, Is.EqualTo(0.98m));
    }

    [Test]
    public void Drops_of_a_large_capture_excuse_no_more_test_packets_than_their_rate_makes_likely()
    {
        _run.AddMargins();
        for (int i = 0; i < PacketCount; i++) Send(i, skip: i < 10 ? "n6" : "");
        KpiResult result = Result(new CaptureCounters(30_000_000, 15_000, 0));
        Assert.That(result.Value, Is.EqualTo(0.8m));
        // The taps may have dropped them, so they cannot fail the network: the judge calls that Invalid.
        Assert.That(result.CaptureLossHigh, Is.EqualTo(0.2m));
    }

    [Test]
    public void A_frame_that_one_tap_missed_is_neither_a_proof_nor_a_flaw_while_such_packets_are_few()
    {
        _run.AddMargins();
        for (int i = 0; i < 1_000; i++) Send(i, skip: i is 20 or 40 ? "n3-down" : "");
        KpiResult result = Result();
        Assert.That((result.Value, result.Samples, result.NotUsable), Is.EqualTo((1m, 998L, (LocalText?)null)));
        Assert.That(result.Findings.Single().En, Does.StartWith("2 packets that a tap missed once"));
    }

    [Test]
    public void Answers_that_N3_never_shows_decide_nothing_once_they_are_many()
    {
        _run.AddMargins();
        for (int i = 0; i < 1_000; i++) Send(i, skip: i % 100 == 20 ? "n3-down" : "");
        KpiResult result = Result();
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.NotUsable!.En, Does.StartWith("of 1000 test packets that came back 10 were not seen"));
    }

    [TestCase(600, 1)]
    [TestCase(-3_000, 0)]
    public void Where_clocks_are_not_known_no_packet_is_longer_away_from_a_tap_than_from_the_UE(
        long answeredUs, decimal expected)
    {
        for (int i = 0; i < PacketCount; i++) Send(i, answeredUs: answeredUs);
        KpiResult result = Result(clockBoundNs: 3_600_000_000_000);
        Assert.That(result.Value, Is.EqualTo(expected));
        Assert.That(result.NotUsable, Is.Null);
        if (expected == 0) Assert.That(result.Findings[0].En, Does.Contain("others answered them"));
    }

    [Test]
    public void An_answer_that_is_not_the_one_on_N3_is_no_proof()
    {
        for (int i = 0; i < PacketCount; i++) Send(i, answerShiftUs: i % 2 == 0 ? 0 : -40);
        KpiResult result = Result(clockBoundNs: 3_600_000_000_000);
        Assert.That(result.Value, Is.EqualTo(0.5m));
        Assert.That(result.Findings[0].En, Does.Contain("not those on N3"));
    }

    [TestCase("kit-a/n3/n3u", "kit-a/n6/n6au", 0)]
    [TestCase("kit-a/n3/n3u", "kit-b/n6/n6au", 1)]
    public void Taps_of_one_kit_must_see_a_packet_before_and_then_behind_the_UPF(string n3, string n6, decimal expected)
    {
        for (int i = 0; i < PacketCount; i++) Send(i, n6ClockUs: -5_000);
        Result(clockBoundNs: 30_000_000);
        AnalysisRequest request = _run.Request();
        KpiResult result = TrafficAnalysis.Run(request with
        {
            N3 = [request.N3[0] with { Name = n3 }], N6 = [request.N6[0] with { Name = n6 }],
        }).Kpis.Single(kpi => kpi.Id == "path-proof-ratio");
        Assert.That(result.Value, Is.EqualTo(expected));
    }

    [Test]
    public void Transit_of_packets_that_a_kit_disturbed_cannot_fail_the_UPF()
    {
        for (int i = 0; i < 1_000; i++) Send(i, n6ShiftUs: i % 40 == 7 ? 80 : 0, isDisturbed: i % 40 == 7);
        KpiResult result = Result(id: "upf-transit-p99");
        Assert.That((result.Value, result.High), Is.EqualTo((0.18m, 0.18m)));
        Assert.That(result.Low, Is.EqualTo(0.1m));
    }

    [Test]
    public void Transit_of_an_attempt_that_was_set_aside_is_told_beside_and_not_mixed_in()
    {
        string record = _run.Folder.Path("stamp-8.csv");
        File.WriteAllText(record, "seq,t1Ns,t2Ns,t3Ns,t4Ns,status,disturbed\n");
        _others.Add(new(Session, "A", IPAddress.Parse(Packets.Ue), IPAddress.Parse(Packets.Server), Port + 1, record));
        for (int i = 0; i < 800; i++) Send(i, n6ShiftUs: i < 400 ? 0 : 80, port: i < 400 ? Port : Port + 1);
        KpiResult result = Result(id: "upf-transit-p99");
        Assert.That((result.Samples, result.Low, result.High), Is.EqualTo((400, 0.1m, 0.1m)));
        Assert.That(result.OtherAttempts.Single(), Is.EqualTo(
            new OtherAttempt(0.18m, 0.18m, result.ExpandedUncertainty, "stamp-8.csv")));
    }

    [TestCase("kit-a/n3/n3u", "kit-a/n6/n6au", 0)]
    [TestCase("kit-a/n3/n3u", "kit-b/n6/n6au", 30)]
    public void The_bound_between_clocks_matters_where_two_kits_hold_the_taps(string n3, string n6, int uncertaintyMs)
    {
        for (int i = 0; i < 300; i++) Send(i);
        Result(clockBoundNs: 30_000_000);
        AnalysisRequest request = _run.Request();
        KpiResult result = TrafficAnalysis.Run(request with
        {
            N3 = [request.N3[0] with { Name = n3 }], N6 = [request.N6[0] with { Name = n6 }],
        }).Kpis.First(kpi => kpi.Id == "upf-transit-p99");
        Assert.That(result.ExpandedUncertainty, Is.EqualTo(2 * uncertaintyMs / (decimal)Math.Sqrt(3)).Within(0.001m));
    }

    [Test]
    public void Transit_of_the_test_packets_bounds_its_p99_only_from_299_samples_on()
    {
        for (int i = 0; i < 298; i++) Send(i);
        Assert.That(Result(id: "upf-transit-p99").NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Send(298);
        KpiResult result = Result(id: "upf-transit-p99");
        Assert.That(result.NotUsable, Is.Null);
        Assert.That(result.Value, Is.EqualTo(0.1m));
        Assert.That(result.High, Is.EqualTo(0.1m));
        Assert.That(result.Unit, Is.EqualTo("ms"));
    }
}
