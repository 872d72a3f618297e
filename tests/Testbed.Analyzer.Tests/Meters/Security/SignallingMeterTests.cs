using System.Net;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters.Security;

/// <summary>What N4 alone says of the UPF's security.</summary>
public sealed class SignallingMeterTests
{
    private const int Sessions = 120;
    private CrossingRun _run = null!;
    private N4 _n4 = null!;
    private Claim _claim = TestClaims.TwoSlices;
    private string[] _scanners = [];

    [SetUp]
    public void Open()
    {
        _run = new();
        (_claim, _scanners) = (TestClaims.TwoSlices, [Packets.Ue]);
        _n4 = new(_run.Folder);
        _run.Cross(100, Packets.Ue, 1, 101);
    }

    [TearDown]
    public void Close() => _run.Dispose();

    private KpiResult Result(string id, RunContext? context = null) => Results(id, context).Single();

    private IEnumerable<KpiResult> Results(string id, RunContext? context) => TrafficAnalysis.Run(_run.Request() with
    {
        N4 = [_n4.Write()], Claim = _claim, Run = context,
    }).Kpis.Where(kpi => kpi.Id == id);

    private void Establish(Func<int, uint> teid, int count = Sessions)
    {
        for (int i = 0; i < count; i++)
            _n4.Session(1_000 + i * 1_000, $"10.45.{i / 200}.{i % 200 + 1}", teid(i), (uint)(i + 10_000));
    }

    private static Func<int, uint> Random()
    {
        Random random = new(9);
        return _ => (uint)random.NextInt64(1, 1L << 32);
    }

    [Test]
    public void SEC_007_Random_TEIDs_of_their_own_pass()
    {
        Establish(Random());
        KpiResult reuse = Result("teids-reused-in-use"), patterns = Result("teid-pattern-alarms");
        Assert.That((reuse.Value, reuse.Samples), Is.EqualTo((0m, (long)Sessions)));
        Assert.That((patterns.Value, patterns.Samples), Is.EqualTo((0m, (long)Sessions)));
    }

    [Test]
    public void SEC_007_Counted_TEIDs_are_guessable_and_the_finding_says_why()
    {
        Establish(i => (uint)i + 1);
        KpiResult patterns = Result("teid-pattern-alarms");
        Assert.That(patterns.Value, Is.Positive);
        Assert.That(patterns.Findings[0].En, Does.Contain("can be guessed").And.Contains("steps repeat"));
    }

    [Test]
    public void SEC_007_A_second_address_that_counts_is_found_with_fewer_TEIDs()
    {
        Establish(Random());
        for (int i = 0; i < 60; i++)
            _n4.Session(500_000 + i * 1_000, $"10.45.8.{i + 1}", (uint)i + 1, (uint)(i + 30_000), upf: "10.100.3.2");
        KpiResult patterns = Result("teid-pattern-alarms");
        Assert.That((patterns.Value > 0, patterns.Samples), Is.EqualTo((true, Sessions + 60L)));
        Assert.That(patterns.Findings.Select(each => each.En), Has.Some.StartsWith("60 TEIDs of 10.100.3.2"));
    }

    [Test]
    public void SEC_007_A_TEID_of_a_live_session_given_again_is_a_violation()
    {
        Establish(Random());
        _n4.Session(900_000, "10.45.9.1", 4711, 1);
        _n4.Session(901_000, "10.45.9.2", 4711, 2);
        KpiResult reuse = Result("teids-reused-in-use");
        Assert.That(reuse.Value, Is.EqualTo(1));
        Assert.That(reuse.Findings[0].En, Does.Contain("0x00001267"));
    }

    [Test]
    public void SEC_007_A_TEID_given_again_after_its_session_ended_is_none()
    {
        _n4.Session(1_000, "10.45.9.1", 4711, 1);
        _n4.Release(2_000, session: 1);
        _n4.Session(3_000, "10.45.9.2", 4711, 2);
        Assert.That(Result("teids-reused-in-use").Value, Is.Zero);
    }

    [Test]
    public void SEC_007_Without_sessions_nothing_is_decided()
    {
        _n4.Beat(1_000, started: 7);
        Assert.That(Result("teid-pattern-alarms").NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    // Heartbeats do not tell which end is the UPF; a session does.
    private RunContext Mutants(long fromUs, long toUs)
    {
        _n4.Session(500, Packets.Ue, 1, 101);
        string path = _run.Folder.Path("mutants.csv");
        (long from, long to) = (CaptureFolder.StartNs + fromUs * 1000, CaptureFolder.StartNs + toUs * 1000);
        File.WriteAllText(path, "address,mutants,firstNs,lastNs,answersBefore,echoesAfter,answersAfter\n"
            + $"10.100.3.1,10000,{from},{to},3,3,3\n");
        return new() { Nonce = new byte[32], MutantRecord = path };
    }

    [Test]
    public void SEC_008_A_record_without_a_malformed_message_shows_no_survival()
    {
        _n4.Beat(1_000, started: 7);
        _n4.Beat(9_000, started: 7);
        RunContext run = Mutants(2_000, 5_000);
        File.WriteAllLines(run.MutantRecord!, File.ReadAllLines(run.MutantRecord!).Take(1));
        Assert.That(Results("upf-restarts", run), Is.Empty);
    }

    [Test]
    public void SEC_008_An_unchanged_recovery_time_stamp_is_no_restart()
    {
        _n4.Beat(1_000, started: 7);
        _n4.Beat(9_000, started: 7);
        KpiResult result = Result("upf-restarts", Mutants(2_000, 5_000));
        Assert.That((result.Value, result.Samples), Is.EqualTo((0m, 1L)));
        Assert.That(result.NotUsable, Is.Null);
    }

    [Test]
    public void SEC_008_Another_recovery_time_stamp_is_a_restart()
    {
        _n4.Beat(1_000, started: 7);
        _n4.Beat(9_000, started: 8);
        KpiResult result = Result("upf-restarts", Mutants(2_000, 5_000));
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings[0].En, Does.Contain("from 7 to 8"));
    }

    [Test]
    public void SEC_008_A_restart_before_the_mutants_is_not_their_doing()
    {
        _n4.Beat(1_000, started: 7);
        _n4.Beat(1_500, started: 8);
        _n4.Beat(9_000, started: 8);
        Assert.That(Result("upf-restarts", Mutants(2_000, 5_000)).Value, Is.Zero);
    }

    [Test]
    public void SEC_008_A_new_association_is_a_restart_though_no_earlier_time_stamp_is_known()
    {
        _n4.Associate(6_000, started: 8);
        _n4.Beat(9_000, started: 8);
        KpiResult result = Result("upf-restarts", Mutants(2_000, 5_000));
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings[0].En, Does.Contain("association anew"));
    }

    [Test]
    public void SEC_008_A_UPF_that_answers_nothing_any_more_is_down()
    {
        _n4.Beat(1_000, started: 7);
        _n4.Beat(9_000, started: null);
        _n4.Beat(9_500, started: null);
        Assert.That(Result("upf-restarts", Mutants(2_000, 5_000)).Findings[0].En, Does.Contain("no longer answers"));
    }

    [Test]
    public void SEC_008_Silence_on_N4_decides_nothing()
    {
        _n4.Beat(1_000, started: 7);
        Assert.That(Result("upf-restarts", Mutants(2_000, 5_000)).NotUsableVerdict,
            Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void SEC_008_A_UPF_that_speaks_says_nothing_of_one_that_is_silent()
    {
        Claim(Upf("upf1", N4.Upf), Upf("upf2", N4.OtherUpf));
        _n4.Beat(1_000, started: 7);
        _n4.Beat(1_000, started: 9, N4.OtherUpf);
        _n4.Beat(9_000, started: 7);
        KpiResult[] results = [.. Results("upf-restarts", Mutants(2_000, 5_000))];
        Assert.That(results.Select(each => (each.Scope, each.NotUsableVerdict)),
            Is.EqualTo(new[] { ("upf1", (Verdict?)null), ("upf2", Verdict.Inconclusive) }));
    }

    [Test]
    public void SEC_008_A_UPF_whose_address_on_N4_is_not_claimed_may_be_any_that_N4_shows()
    {
        Claim(Upf("upf1", N4.Upf), Upf("upf2"), Upf("upf3"));
        _n4.Session(600, Packets.OtherUe, 2, 102, node: N4.OtherUpf);
        _n4.Beat(9_000, started: 7);
        _n4.Beat(9_000, started: 9, N4.OtherUpf);
        KpiResult[] results = [.. Results("upf-restarts", Mutants(2_000, 5_000))];
        Assert.That(results.Select(each => (each.Scope, each.NotUsable is null)),
            Is.EqualTo(new[] { ("upf1", true), (N4.OtherUpf, true), ("upf3", false) }));
    }

    private static Upf Upf(string name, params string[] n4) =>
        new(name, [IPAddress.Parse(Packets.Upf)], [.. n4.Select(IPAddress.Parse)], "central");

    private void Claim(params Upf[] upfs) =>
        _claim = TestClaims.TwoSlices with { Network = TestClaims.TwoSlices.Network with { Upfs = upfs } };

    private KpiResult Scan(params string[] onN3)
    {
        _n4.Beat(1_000, started: 7);
        foreach (string target in onN3)
            _run.OnN3(2_000 + _run.N3.Count, Packets.Up(Packets.Udp(Packets.Ue, target, 1, 77, 40_000, 8805)));
        if (ReferenceEquals(_claim, TestClaims.TwoSlices))
            _claim = _claim with { Network = _claim.Network with { Upfs = [], Gnbs = [] } };
        return Result("core-addresses-not-scanned", new()
        {
            Nonce = new byte[32],
            CoreScan = new([.. _scanners.Select(IPAddress.Parse)],
                [IPAddress.Parse(N4.Upf), IPAddress.Parse(N4.Smf), IPAddress.Parse("10.9.9.9")]),
        });
    }

    [Test]
    public void SEC_002_Addresses_of_N4_that_were_not_scanned_are_named()
    {
        _n4.Beat(1_000, started: 7, N4.OtherUpf);
        KpiResult result = Scan(N4.Upf, N4.Smf, "10.9.9.9");
        Assert.That((result.Value, result.Samples), Is.EqualTo((1m, 4L)));
        Assert.That(result.Findings.Single().En, Does.StartWith(N4.OtherUpf));
    }

    [Test]
    public void SEC_002_A_claimed_address_that_the_scan_left_out_is_named()
    {
        Claim(Upf("upf1", N4.Upf));
        KpiResult result = Scan(N4.Upf, N4.Smf, "10.9.9.9");
        Assert.That(result.Value, Is.EqualTo(2));
        Assert.That(result.Findings.Select(each => each.En), Has.One.StartsWith($"{Packets.Upf} ")
            .And.One.StartsWith($"{Packets.Gnb} ").And.All.Contains("was not scanned"));
    }

    [TestCase("10.45.0.0/16", 0)]
    [TestCase("2001:db8:45::/48", 1)]
    public void SEC_002_IPv6_of_the_core_counts_where_UEs_have_IPv6(string pool, int left)
    {
        Network network = TestClaims.TwoSlices.Network;
        _claim = TestClaims.TwoSlices with
        {
            Network = network with { Upfs = [], Gnbs = [], Core = new([IPAddress.Parse("2001:db8::1")], []) },
            Slices = [TestClaims.TwoSlices.Slices[0] with { UePools = [IPNetwork.Parse(pool)] }],
        };
        Assert.That(Scan(N4.Upf, N4.Smf, "10.9.9.9").Value, Is.EqualTo(left));
    }

    [Test]
    public void SEC_002_A_scan_that_N3_does_not_show_went_past_the_network()
    {
        KpiResult result = Scan(N4.Upf, N4.Smf);
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings.Single().En, Does.Contain("no packet of the scan to 10.9.9.9"));
    }

    [Test]
    public void SEC_002_A_UE_that_N3_never_shows_proves_no_scan()
    {
        _scanners = [Packets.Ue, Packets.OtherUe];
        KpiResult result = Scan(N4.Upf, N4.Smf, "10.9.9.9");
        Assert.That((result.Value, result.NotUsableVerdict), Is.EqualTo((0m, (Verdict?)Verdict.Inconclusive)));
        Assert.That(result.NotUsable!.En, Does.Contain($"no packet of UE {Packets.OtherUe}"));
    }

    [Test]
    public void SEC_002_A_scan_inside_ESP_is_not_measurable()
    {
        _scanners = [Packets.OtherUe];
        byte[] esp = [.. Enumerable.Range(0, 200).Select(i => (byte)(i * 7))];
        _run.OnN3(1_500, Carriers.Ipv4(Wire.Ip.IpProtocol.Esp, esp, Packets.Gnb, Packets.Upf));
        Assert.That(Scan().NotUsableVerdict, Is.EqualTo(Verdict.NotMeasurable));
    }
}
