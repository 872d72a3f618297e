using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters.Security;

public sealed class TrialMeterTests
{
    private TrialBench _bench = null!;

    [SetUp]
    public void Open() => _bench = new();

    [TearDown]
    public void Close() => _bench.Dispose();

    private KpiResult Result(TrialKind kind, string id) =>
        _bench.Analyse(kind).Single(kpi => kpi.Id == id);

    private KpiResult Spoofed() => Result(TrialKind.SpoofedSource, "spoofed-packets-passed");

    private void Try(Action<int> attempt)
    {
        for (int i = 0; i < TrialBench.Attempts; i++) attempt(i);
    }

    [Test]
    public void SEC_003_Spoofed_packets_that_N6_never_shows_were_dropped()
    {
        _bench.AllControls();
        Try(i => _bench.Attempt(i));
        KpiResult result = Spoofed();
        Assert.That((result.Value, result.Samples), Is.EqualTo((0m, 120L)));
        Assert.That(result.NotUsable, Is.Null);
    }

    [Test]
    public void SEC_003_One_spoofed_packet_on_N6_is_one_too_many()
    {
        _bench.AllControls();
        Try(i => _bench.Attempt(i, onN6: i == 77));
        KpiResult result = Spoofed();
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.NotUsable, Is.Null);
        Assert.That(result.Evidence.Single(), Does.StartWith("n6.pcapng#"));
        Assert.That(result.Findings[0].En, Does.Contain("1 of 120"));
    }

    [Test]
    public void SEC_003_What_the_data_network_heard_passed_even_where_the_tap_saw_nothing()
    {
        _bench.AllControls();
        Try(i => _bench.Attempt(i));
        _bench.Heard(3);
        _bench.Heard(3);
        Assert.That(Spoofed().Value, Is.EqualTo(1), "the same packet counts once");
    }

    [Test]
    public void SEC_003_Packets_with_another_runs_signature_are_nobodys_proof()
    {
        _bench.AllControls();
        Try(i => _bench.Attempt(i));
        _bench.Attempt(500, onN6: true, nonce: [.. TrialBench.Nonce.Reverse()]);
        Assert.That(Spoofed().Value, Is.Zero);
    }

    [Test]
    public void SEC_003_Without_answers_to_the_control_nothing_is_decided()
    {
        _bench.AllControls();
        _bench.ControlsAnswered = 30;
        Try(i => _bench.Attempt(i));
        KpiResult result = Spoofed();
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.NotUsable!.En, Does.Contain("30 of 40"));
    }

    [Test]
    public void SEC_003_A_tap_on_another_path_decides_nothing_but_what_it_sees_still_fails()
    {
        for (int i = 0; i < TrialBench.Controls; i++) _bench.Control(i, onN6: i < 10);
        Try(i => _bench.Attempt(i));
        Assert.That(Spoofed().NotUsable!.En, Does.Contain("not on this path"));
        _bench.Attempt(3, onN6: true);
        KpiResult passed = Spoofed();
        Assert.That(passed.Value, Is.EqualTo(1));
        Assert.That(passed.NotUsable, Is.Null);
    }

    [Test]
    public void SEC_003_Packets_that_never_reached_N3_show_nothing_of_the_UPF()
    {
        _bench.AllControls();
        for (int i = 0; i < 50; i++) _bench.Attempt(i);
        KpiResult result = Spoofed();
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.NotUsable!.En, Does.Contain("50 of 120"));
    }

    [TestCase("SpoofedSource", "spoofed-packets-passed")]
    [TestCase("UeToUe", "ue-to-ue-mismatches")]
    public void SEC_003_and_005_An_N3_in_ESP_shows_no_try_that_reached_the_network(string kind, string id)
    {
        for (int i = 0; i < TrialBench.Controls; i++) _bench.Control(i, onN3: false);
        for (int i = 0; i < 50; i++) _bench.Encrypted(i);
        KpiResult result = Result(Enum.Parse<TrialKind>(kind), id);
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.NotMeasurable));
        Assert.That(result.NotUsable!.En, Does.Contain("ESP"));
    }

    [Test]
    public void SEC_003_An_N3_that_shows_none_of_the_control_proves_no_try()
    {
        for (int i = 0; i < TrialBench.Controls; i++) _bench.Control(i, onN3: false);
        _bench.Run.Cross(5_000, Packets.OtherUe, 1, 2);
        Assert.That(Spoofed().NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void SEC_004_Nested_packets_that_stay_inside_were_not_opened()
    {
        _bench.AllControls();
        Try(i => _bench.Nested(i));
        KpiResult result = Result(TrialKind.NestedTunnel, "nested-packets-passed");
        Assert.That((result.Value, result.Samples), Is.EqualTo((0m, 120L)));
        Assert.That(result.NotUsable, Is.Null);
    }

    [Test]
    public void SEC_004_A_nested_packet_on_N6_was_opened()
    {
        _bench.AllControls();
        Try(i => _bench.Nested(i, opened: i % 2 == 0));
        Assert.That(Result(TrialKind.NestedTunnel, "nested-packets-passed").Value, Is.EqualTo(60));
    }

    [TestCase("blocked", false, 0)]
    [TestCase("blocked", true, 120)]
    [TestCase("allowed", true, 0)]
    [TestCase("allowed", false, 120)]
    public void SEC_005_Packets_between_UEs_are_held_against_the_claim(string claimed, bool delivered, int mismatches)
    {
        _bench.Claim = TestClaims.TwoSlices with { Network = TestClaims.TwoSlices.Network with { UeToUe = claimed } };
        _bench.AllControls();
        Try(i => _bench.ToUe(i, fromUe: true, delivered));
        KpiResult result = Result(TrialKind.UeToUe, "ue-to-ue-mismatches");
        Assert.That((result.Value, result.Samples), Is.EqualTo(((decimal)mismatches, 120L)));
        Assert.That(result.NotUsable, Is.Null);
    }

    [TestCase("blocked", false, 0)]
    [TestCase("blocked", true, 120)]
    [TestCase("allowed", true, 0)]
    [TestCase("allowed", false, 120)]
    public void SEC_006_Unsolicited_packets_are_held_against_the_claim(string claimed, bool delivered, int mismatches)
    {
        _bench.Claim = TestClaims.TwoSlices with
        {
            Network = TestClaims.TwoSlices.Network with { UnsolicitedDownlink = claimed },
        };
        _bench.AllControls();
        Try(i => _bench.ToUe(i, fromUe: false, delivered));
        KpiResult result = Result(TrialKind.UnsolicitedDownlink, "unsolicited-downlink-mismatches");
        Assert.That((result.Value, result.Samples), Is.EqualTo(((decimal)mismatches, 120L)));
    }

    [TestCase("UeToUe", "ue-to-ue-mismatches")]
    [TestCase("UnsolicitedDownlink", "unsolicited-downlink-mismatches")]
    [TestCase("SpoofedSource", "spoofed-packets-passed")]
    public void Where_nobody_listened_silence_is_no_proof(string kind, string id)
    {
        _bench.HasListener = false;
        foreach (string claimed in (string[])["blocked", "allowed"])
        {
            _bench.Claim = TestClaims.TwoSlices with
            {
                Network = TestClaims.TwoSlices.Network with { UeToUe = claimed, UnsolicitedDownlink = claimed },
            };
            _bench.AllControls();
            Try(i =>
            {
                if (kind == "SpoofedSource") _bench.Attempt(i);
                else _bench.ToUe(i, fromUe: kind == "UeToUe", delivered: false);
            });
            KpiResult result = Result(Enum.Parse<TrialKind>(kind), id);
            Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive), claimed);
            Assert.That(result.NotUsable!.En, Does.Contain("no record"), claimed);
        }
    }

    [Test]
    public void What_a_tap_saw_come_through_counts_though_nobody_listened()
    {
        _bench.HasListener = false;
        _bench.AllControls();
        Try(i => _bench.ToUe(i, fromUe: true, delivered: i == 5));
        KpiResult result = Result(TrialKind.UeToUe, "ue-to-ue-mismatches");
        Assert.That((result.Value, result.NotUsable is null), Is.EqualTo((1m, true)));
    }

    [Test]
    public void A_claim_that_says_nothing_allows_nothing()
        => Assert.That((TestClaims.TwoSlices.Network.UeToUe, TestClaims.TwoSlices.Network.UnsolicitedDownlink),
            Is.EqualTo((ClaimWords.Blocked, ClaimWords.Blocked)));

    [Test]
    public void What_a_trial_sends_is_neither_traffic_nor_loss_of_anything_else()
    {
        _bench.Run.AddMargins();
        IReadOnlyList<KpiResult> before = _bench.Analyse(TrialKind.SpoofedSource);
        _bench.AllControls();
        Try(i => _bench.Attempt(i));
        Try(i => _bench.Nested(i));
        IReadOnlyList<KpiResult> after = _bench.Analyse(TrialKind.SpoofedSource);
        foreach (string id in new[]
        {
            "stray-ue-addresses", "user-plane-loss-ratio", "slice-separation-violations", "pdu-session-container-ratio",
        })
            Assert.That(after.Where(kpi => kpi.Id == id).Select(kpi => (kpi.Value, kpi.Samples)),
                Is.EqualTo(before.Where(kpi => kpi.Id == id).Select(kpi => (kpi.Value, kpi.Samples))), id);
    }
}
