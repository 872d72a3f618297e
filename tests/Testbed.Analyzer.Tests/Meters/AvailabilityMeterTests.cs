using System.Globalization;
using System.Net;
using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters;

/// <summary>SCN-REL-002 from a record of a message a millisecond, with a survival time of 20 ms.</summary>
public sealed class AvailabilityMeterTests
{
    private const int Messages = 10_001;
    private CrossingRun _run = null!;

    [SetUp]
    public void Open()
    {
        _run = new();
        _run.Cross(100, Packets.Ue, 1, 2);
    }

    [TearDown]
    public void Close() => _run.Dispose();

    private static Claim Claimed(params (string Key, decimal Value)[] figures) => TestClaims.TwoSlices with
    {
        Scenarios = [new("high-reliability", "A", "dn", figures.ToDictionary(each => each.Key, each => each.Value))],
        Endpoints = [new("dn", "kit-dna", "A", null, IPAddress.Parse(Packets.Server), false)],
    };

    private static readonly Claim Full = Claimed(("availability", 0.99m), ("survivalMs", 20));

    private StampSessionContext Session(
        Func<int, string> status, Func<int, bool>? isDisturbed = null, int count = Messages,
        string name = "stamp-1.csv", long clockStepNs = 0, int heldMs = 0)
    {
        StringBuilder record = new("seq,t1Ns,t2Ns,t3Ns,t4Ns,status,disturbed,heldNs\n");
        for (int i = 0; i < count; i++)
        {
            long t1 = CaptureFolder.StartNs + i * 1_000_000L + (i > count / 2 ? clockStepNs : 0);
            int disturbed = isDisturbed?.Invoke(i) is true ? 1 : 0;
            long t4 = t1 + (status(i) == "late" ? 50 : 1) * 1_000_000L;
            record.Append(CultureInfo.InvariantCulture,
                $"{i},{t1},{t1},{t1},{t4},{status(i)},{disturbed},{heldMs * 1_000_000L}\n");
        }
        File.WriteAllText(_run.Folder.Path(name), record.ToString());
        return new(1, "A", IPAddress.Parse(Packets.Ue), IPAddress.Parse(Packets.Server), 30_000,
            _run.Folder.Path(name)) { DeadlineNs = 20_000_000 };
    }

    private KpiResult? Result(Claim claim, params StampSessionContext[] sessions)
    {
        _run.Claim = claim;
        _run.Run = new() { Nonce = new byte[32], StampSessions = sessions };
        return _run.Analyze().Kpis.SingleOrDefault(kpi => kpi.Id == "communication-service-availability");
    }

    // 80 ms down of every second, less the survival time.
    private static string Broken(int i) => i % 1000 < 100 ? "lost" : "answered";

    [Test]
    public void A_service_that_never_broke_off_is_available_as_far_as_the_looks_can_tell()
    {
        KpiResult result = Result(Full, Session(_ => "answered"))!;
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Samples, Is.EqualTo(500));
        Assert.That(result.Low, Is.EqualTo(0.994m).Within(0.0005m), "0.05^(1/500)");
        Assert.That(result.Scope, Is.EqualTo("A"));
    }

    [TestCase("lost")]
    [TestCase("late")]
    public void Interruptions_beyond_the_survival_time_count(string status)
    {
        KpiResult result = Result(Full, Session(i => Broken(i) == "lost" ? status : "answered"))!;
        Assert.That(result.Value, Is.EqualTo(0.92m).Within(0.0001m));
        Assert.That(result.High, Is.LessThan(0.99m), "it would fail");
        Assert.That(result.Findings[0].En, Does.StartWith("10 interruptions in 10000 ms"));
    }

    [Test]
    public void What_the_kit_may_have_caused_passes_nothing_and_fails_nothing()
    {
        KpiResult result = Result(Full, Session(Broken, i => Broken(i) == "lost"))!;
        Assert.That(result.Low, Is.LessThan(0.95m));
        Assert.That(result.High, Is.EqualTo(1));
    }

    // Messages that took 50 ms, of 20 that they may take.
    [TestCase(false, 29, false)]
    [TestCase(true, 29, false)]
    [TestCase(false, 31, true)]
    public void A_late_message_counts_as_far_as_a_kit_cannot_have_held_it(bool disturbed, int heldMs, bool excused)
    {
        KpiResult result = Result(
            Full, Session(i => Broken(i) == "lost" ? "late" : "answered", _ => disturbed, heldMs: heldMs))!;
        Assert.That(result.Low, Is.LessThan(0.95m));
        Assert.That(result.High, excused ? Is.EqualTo(1) : Is.LessThan(0.99m));
    }

    [Test]
    public void What_the_kernel_did_not_take_for_want_of_a_link_passes_nothing_and_fails_nothing()
    {
        KpiResult result = Result(Full, Session(i => Broken(i) == "lost" ? "not-sent" : "answered"))!;
        Assert.That(result.Low, Is.LessThan(0.95m));
        Assert.That(result.High, Is.EqualTo(1));
    }

    [TestCase(3_600)]
    [TestCase(-3_600)]
    public void A_kit_whose_clock_is_set_meanwhile_tells_no_time(long seconds)
    {
        StampSessionContext session = Session(_ => "answered", isDisturbed: null, clockStepNs: seconds * 1_000_000_000);
        Assert.That(Result(Full, session)!.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void The_longest_stream_to_the_claimed_end_decides()
    {
        KpiResult result = Result(
            Full, Session(Broken, count: 1_000, name: "stamp-2.csv"), Session(_ => "answered"))!;
        Assert.That(result.Evidence, Is.EqualTo(new[] { "stamp-1.csv" }));
    }

    [Test]
    public void A_claim_without_availability_asks_for_nothing() =>
        Assert.That(Result(Claimed(("ratio", 0.9999m)), Session(_ => "answered")), Is.Null);

    [Test]
    public void An_availability_without_a_survival_time_cannot_be_judged() =>
        Assert.That(Result(Claimed(("availability", 0.99m)), Session(_ => "answered"))!.NotUsableVerdict,
            Is.EqualTo(Verdict.Inconclusive));

    [Test]
    public void A_stream_to_another_end_says_nothing()
    {
        StampSessionContext elsewhere = Session(_ => "answered") with { RemoteAddress = IPAddress.Parse("10.9.9.9") };
        Assert.That(Result(Full, elsewhere), Is.Null);
    }
}
