using Testbed.Conformance.Results;
using Testbed.Probes.Capacity;

namespace Testbed.Probes.Tests.Capacity;

public sealed class CapacityKpiTests
{
    private const int Seconds = 3;
    private static readonly TrialOrder Order = new(ToClient: true, 1_200, Seconds, 20_000, MaxKbps: 144_000);

    /// <summary>A climb of one second, then two at the rate.</summary>
    private static TrialResult Trial(double mbps, uint stoodStillMs = 0)
    {
        SubInterval Row(double rate) => new(0, 0, 0, (long)(rate * 1e6 / 8), 0, 0, 0, 0);
        return new([Row(mbps / 2), Row(mbps), Row(mbps)], 0, 0, (uint)(mbps * 1_000), false, stoodStillMs * 1_000);
    }

    private static KpiResult Of(params TrialResult?[] trials) =>
        new CapacityKpi(Order, trials, trials.Length, "blue", "capacity-client@kit-ue", "capacity-downlink.csv")
            .Build()[0];

    [Test]
    public void The_maximum_is_of_whole_seconds_after_the_climb()
    {
        KpiResult kpi = Of(Trial(80), Trial(82), Trial(81));
        Assert.That(kpi.Value, Is.EqualTo(81m));
        Assert.That((kpi.Low, kpi.High), Is.EqualTo((79.314146m, 82.685854m)), "Student's t with two degrees");
    }

    [Test]
    public void A_kit_that_stood_still_fails_no_network()
    {
        KpiResult calm = Of(Trial(80), Trial(82), Trial(81)), held = Of(Trial(80), Trial(82), Trial(40, 200));
        Assert.That(calm.Findings.Select(each => each.En), Has.None.Contains("stood still"));
        Assert.That(held.Value, Is.LessThan(70m), "what was measured stays");
        Assert.That(held.Low, Is.LessThan(calm.Low));
        Assert.That(held.High, Is.GreaterThanOrEqualTo(82m), "the undisturbed trials bear the upper end");
        Assert.That(held.Findings.Select(each => each.En),
            Has.Some.Contains("in 1 of 3 trials a kit stood still (200 ms"));
    }

    [Test]
    public void With_fewer_than_two_undisturbed_trials_the_upper_end_is_open()
    {
        KpiResult open = Of(Trial(80), Trial(40, 61), Trial(41, 500)), met = Of(Trial(80), Trial(82), Trial(40, 200));
        Assert.That((open.High, open.HighIsOpen), Is.EqualTo((1_000_000m, true)));
        Assert.That(met.HighIsOpen, Is.False);
    }

    [TestCase(143.9, 143.8, 143.9, 1_000_000, "3 of 3 trials carried the 144 Mbit/s")]
    [TestCase(143.9, 143.8, 120, 1_000_000, "2 of 3 trials carried the 144 Mbit/s")]
    public void A_search_that_ended_at_the_plan_s_limit_fails_no_network(
        double first, double second, double third, double highMbps, string finding)
    {
        KpiResult kpi = Of(Trial(first), Trial(second), Trial(third));
        Assert.That(kpi.High, Is.EqualTo((decimal)highMbps));
        Assert.That(kpi.Findings.Select(each => each.En), Has.Some.StartWith(finding));
    }

    [Test]
    public void A_search_that_offered_all_it_may_and_brought_through_less_has_met_the_network_s_limit()
    {
        TrialResult[] trials = [.. new[] { 80.0, 82, 81 }.Select(
            mbps => Trial(mbps) with { OfferedKbpsMax = (uint)Order.MaxKbps })];
        Assert.That(Of(trials).High, Is.EqualTo(82.685854m));
    }

    [Test]
    public void A_search_that_ended_in_its_climb_fails_no_network()
    {
        TrialResult climbing = Trial(40) with { Rows = [.. Trial(40).Rows[..2], Trial(60).Rows[2]] };
        KpiResult kpi = Of(Trial(80), Trial(82), climbing);
        Assert.That(kpi.High, Is.GreaterThanOrEqualTo(82m), "the trials that met the limit bear the upper end");
        Assert.That(kpi.Findings.Select(each => each.En), Has.Some.Contains("1 of 3 trials ended while"));
        TrialResult reached = climbing with { Rows = [.. Trial(120).Rows[..2], Trial(143).Rows[2]] };
        Assert.That(Of(Trial(80), Trial(82), reached).Findings.Select(each => each.En),
            Has.None.Contains("ended while"), "the plan's limit ended it");
    }

    [Test]
    public void Standing_still_for_a_fiftieth_of_a_trial_is_still_calm() =>
        Assert.That(Of(Trial(80, 60), Trial(82), Trial(81)).High, Is.EqualTo(82.685854m));

    [Test]
    public void The_share_of_disturbed_trials_stands_beside()
    {
        TrialResult[] trials = [Trial(80), Trial(82), Trial(81), Trial(40, 200)];
        KpiResult share = new CapacityKpi(Order, trials, 4, "blue", "capacity-client@kit-ue", "r.csv").Build()[1];
        Assert.That((share.Id, share.Value, share.Samples), Is.EqualTo(("downlink-disturbed-trial-share", 0.25m, 4)));
        Assert.That((share.Scope, share.Direction), Is.EqualTo(("blue", Direction.Downlink)));
    }

    [Test]
    public void A_kit_that_stood_still_may_still_pass()
    {
        KpiResult kpi = Of(Trial(130, 200), Trial(131, 200), Trial(130, 300));
        Assert.That(kpi.Low, Is.GreaterThan(125m));
        Assert.That(kpi.NotUsable, Is.Null);
    }

    [Test]
    public void What_a_message_carries_of_a_result_comes_back()
    {
        byte[] content = new byte[1_400];
        TrialResult sent = Trial(80, 37) with { SocketDrops = 3, Duplicates = 4, PeerWentSilent = true };
        int length = sent.Write(content, 0);
        TrialResult? read = TrialResult.ReadPart(content.AsSpan(0, length), 0, new SubInterval[Seconds]);
        Assert.That(read, Is.EqualTo(sent).UsingPropertiesComparer());
    }
}
