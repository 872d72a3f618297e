using System.Net;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Wire.Ngap;

namespace Testbed.Analyzer.Tests.Meters;

/// <summary>E2E-007: what N2 shows of access, and what its silence means.</summary>
public sealed class AccessMeterTests
{
    private static readonly Wire.Pfcp.Snssai SliceA = new(1, 1);
    private CrossingRun _run = null!;
    private N2 _n2 = null!;
    private N4 _n4 = null!;

    [SetUp]
    public void Open()
    {
        _run = new();
        _n2 = new(_run.Folder);
        _n4 = new(_run.Folder);
        _run.Cross(100, Packets.Ue, 1, 2);
    }

    [TearDown]
    public void Close() => _run.Dispose();

    /// <summary>The gNB of the claim has an address on N2.</summary>
    private static Claim Claimed { get; } = TestClaims.TwoSlices with
    {
        Network = TestClaims.TwoSlices.Network with
        {
            Gnbs = [new("gnb1", [IPAddress.Parse(Packets.Gnb)], [IPAddress.Parse(N2.Gnb)])],
        },
    };

    private KpiResult Result(
        string id, bool withN4 = false, RunContext? run = null, Claim? claim = null) => TrafficAnalysis.Run(
        _run.Request() with
        {
            N2 = [_n2.Write()], N4 = withN4 ? [_n4.Write()] : [], Claim = claim ?? Claimed, Run = run,
        })
        .Kpis.Single(kpi => kpi.Id == id);

    [TestCase("ng-setups")]
    [TestCase("ue-registrations")]
    [TestCase("pdu-session-setups")]
    public void What_was_begun_and_went_well_is_counted(string id)
    {
        _n2.Setup(10);
        _n2.Context(20, 1, isRegistration: true);
        _n2.Session(30, 1, 2, SliceA);
        KpiResult result = Result(id);
        Assert.That((result.Value, result.Samples, result.NotUsable), Is.EqualTo((1m, 1L, (LocalText?)null)));
        Assert.That(result.Evidence, Has.Count.EqualTo(1));
    }

    [TestCase(N2.Gnb, N2.Amf, "38412/sctp", true)]
    [TestCase(N2.Gnb, "10.100.2.77", "8805/udp", true)]
    [TestCase("10.100.2.66", N2.Amf, "38412/sctp", false)]
    [TestCase(N2.Gnb, "10.100.2.77", "38412/sctp", false)]
    [TestCase(null, N2.Amf, "38412/sctp", false)]
    public void Only_what_the_claimed_gNB_and_AMF_say_to_each_other_counts(
        string? gnb, string core, string port, bool counts)
    {
        _n2.Setup(10);
        _n2.Context(20, 1, isRegistration: true);
        _n2.Session(30, 1, 2, SliceA);
        Claim claim = Claimed with
        {
            Network = Claimed.Network with
            {
                Gnbs =
                [
                    new("gnb1", [IPAddress.Parse(Packets.Gnb)], gnb is null ? [] : [IPAddress.Parse(gnb)]),
                ],
                Core = new([IPAddress.Parse(core)], [port]),
            },
        };
        string[] ids = ["ng-setups", "ue-registrations", "pdu-session-setups"];
        foreach (string id in ids)
        {
            KpiResult result = Result(id, claim: claim);
            Assert.That((result.Value, result.NotUsable is null), Is.EqualTo((counts ? 1m : 0m, counts)), id);
            if (!counts) Assert.That(result.NotUsable!.En, Does.Contain($"{N2.Gnb} ↔ {N2.Amf}"), id);
        }
    }

    [Test]
    public void A_session_proves_a_registration_where_the_core_sets_no_context_up()
    {
        NgapMessage initial = new(NgapProcedure.InitialUeMessage, NgapOutcome.Initiating) { RanUeId = 1 };
        initial.Further.Add(new(NgapElementType.NasPdu, [3, 0x7E, 0x00, 0x41]));
        _n2.FromGnb(10, initial);
        _n2.Session(30, 1, 2, SliceA);
        Assert.That(Result("ue-registrations").Value, Is.EqualTo(1));
    }

    [Test]
    public void A_registration_that_nobody_grants_counts_against_the_network()
    {
        NgapMessage initial = new(NgapProcedure.InitialUeMessage, NgapOutcome.Initiating) { RanUeId = 1 };
        initial.Further.Add(new(NgapElementType.NasPdu, [3, 0x7E, 0x00, 0x41]));
        _n2.FromGnb(10, initial);
        KpiResult result = Result("ue-registrations");
        Assert.That((result.Value, result.Samples, result.NotUsable), Is.EqualTo((0m, 1L, (LocalText?)null)));
        Assert.That(result.Evidence, Has.Count.EqualTo(1), "the try");
    }

    [TestCase("ng-setups")]
    [TestCase("ue-registrations")]
    public void What_was_set_up_before_the_capture_shows_nothing(string id)
    {
        _n2.Context(20, 1);
        _n2.Session(30, 1, 2, SliceA);
        Assert.That(Result(id).NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(Result("pdu-session-setups").Value, Is.EqualTo(1));
    }

    [TestCase("ng-setups")]
    [TestCase("pdu-session-setups")]
    public void A_silent_tap_shows_nothing(string id)
    {
        _n4.Session(10, Packets.Ue, 1, 2);
        KpiResult result = Result(id, withN4: true);
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.NotUsable!.En, Does.Contain("no NGAP"));
    }

    [Test]
    public void NGAP_inside_DTLS_cannot_be_measured()
    {
        _n2.FromGnb(10, [1, 2, 3], 5_000, payloadProtocol: 66);
        Assert.That(Result("ng-setups").NotUsableVerdict, Is.EqualTo(Verdict.NotMeasurable));
    }

    [Test]
    public void Sessions_that_pass_a_watched_N2_by_count_against_the_network()
    {
        _n2.Setup(10);
        _n4.Session(20, Packets.Ue, 1, 2);
        KpiResult result = Result("pdu-session-setups", withN4: true);
        Assert.That((result.Value, result.Samples, result.NotUsable), Is.EqualTo((0m, 1L, (LocalText?)null)));
        Assert.That(result.Findings[0].En, Does.Contain("1 sessions"));
    }

    [Test]
    public void An_address_on_N2_that_never_speaks_does_not_hide_its_gNBs_sessions()
    {
        _n2.Setup(10);
        _n4.Session(20, Packets.Ue, 1, 2);
        IPAddress[] addresses = [IPAddress.Parse("10.100.2.66"), IPAddress.Parse(N2.Gnb)];
        Claim claim = Claimed with
        {
            Network = Claimed.Network with { Gnbs = [new("gnb1", [IPAddress.Parse(Packets.Gnb)], addresses)] },
        };
        KpiResult result = Result("pdu-session-setups", withN4: true, claim: claim);
        Assert.That((result.Value, result.Samples, result.NotUsable), Is.EqualTo((0m, 1L, (LocalText?)null)));
    }

    [Test]
    public void A_second_tap_of_N2_that_begins_later_does_not_hide_sessions_before_it()
    {
        _n2.Setup(10);
        _n4.Session(20, Packets.Ue, 1, 2);
        N2 later = new(_run.Folder);
        later.Setup(30, "amf2");
        KpiResult result = TrafficAnalysis.Run(_run.Request() with
        {
            N2 = [_n2.Write(), later.Write("n2b.pcapng")], N4 = [_n4.Write()], Claim = Claimed,
        }).Kpis.Single(kpi => kpi.Id == "pdu-session-setups");
        Assert.That((result.Value, result.Samples, result.NotUsable), Is.EqualTo((0m, 1L, (LocalText?)null)));
    }

    [Test]
    public void Sessions_of_a_gNB_whose_N2_is_not_watched_count_for_nothing()
    {
        _n2.Setup(10);
        _n4.Session(20, Packets.Ue, 1, 2, downlinkAddress: "10.9.9.9");
        Assert.That(Result("pdu-session-setups", withN4: true).NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void What_the_tap_dropped_may_have_been_what_is_missing()
    {
        NgapMessage initial = new(NgapProcedure.InitialUeMessage, NgapOutcome.Initiating) { RanUeId = 1 };
        initial.Further.Add(new(NgapElementType.NasPdu, [3, 0x7E, 0x00, 0x41]));
        _n2.FromGnb(10, initial);
        RunContext run = new()
        {
            Nonce = new byte[32],
            CaptureCounters = new Dictionary<string, CaptureCounters> { ["n2.pcapng"] = new(1, 3, 0) },
        };
        Assert.That(Result("ue-registrations", run: run).CaptureLossHigh, Is.EqualTo(3));
    }
}
