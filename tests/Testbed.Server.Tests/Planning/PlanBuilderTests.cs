using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Testbed.Conformance.Claims;
using Testbed.Server.Planning;

namespace Testbed.Server.Tests.Planning;

public sealed class PlanBuilderTests
{
    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Test]
    public void The_same_claim_nonce_and_kits_give_the_same_bytes()
    {
        byte[] one = Build(ClaimSamples.Lab).Encode(), two = Build(ClaimSamples.Lab).Encode();
        Assert.That(two, Is.EqualTo(one));
    }

    [Test]
    public void Another_nonce_gives_other_ports_and_nothing_else()
    {
        byte[] other = [.. Nonce.Reverse()];
        RunPlan one = Build(ClaimSamples.Lab), two = Build(ClaimSamples.Lab, nonce: other);
        // A claimed filter of a hundred ports leaves little to draw from.
        Assert.That(Ports(one).Intersect(Ports(two)).Where(port => port is < 5_000 or > 5_099), Is.Empty);
        Assert.That(Without(one, Ports(one)), Is.EqualTo(Without(two, Ports(two))));
    }

    [Test]
    public void Ports_lie_in_their_range_and_none_is_used_twice_on_one_end()
    {
        int[] ports = Ports(Build(ClaimSamples.Lab));
        Assert.That(ports, Is.All.InRange(20_000, 59_999).Or.InRange(5_000, 5_099));
        Assert.That(ports, Is.Unique);
    }

    [Test]
    public void The_quick_plan_for_the_lab_fits_in_140_seconds()
    {
        RunPlan plan = Build(ClaimSamples.Lab);
        Assert.That(plan.Seconds, Is.LessThanOrEqualTo(140));
        Assert.That(plan.Omissions, Is.Empty);
    }

    [Test]
    public void Overload_comes_last_so_that_it_colours_no_other_figure()
    {
        bool[] overload = [.. Build(ClaimSamples.Lab).Phases.Select(phase => phase.IsOverload)];
        Assert.That(overload, Is.Ordered);
        Assert.That(overload, Has.Some.True);
    }

    [Test]
    public void The_reliability_stream_is_long_enough_that_two_late_packets_still_pass()
    {
        PlanTask sender = Sender(Build(ClaimSamples.Lab), "embb");
        Assert.That(sender["count"], Is.EqualTo("62956"));
        Assert.That(sender["deadlineMs"], Is.EqualTo("50"));
    }

    private static Claim Available(decimal availability, decimal survivalMs) => ClaimSamples.Lab with
    {
        Scenarios =
        [
            ClaimSamples.Scenario("high-reliability", "embb", ("ratio", 0.9999m), ("withinMs", 50m),
                ("availability", availability), ("survivalMs", survivalMs)),
        ],
    };

    [Test]
    public void The_stream_lasts_as_long_as_the_claimed_availability_takes_to_show()
    {
        PlanTask sender = Sender(Build(Available(0.99m, 90m)), "embb");
        Assert.That(int.Parse(sender["count"]), Is.EqualTo(300 * 90 * 3), "300 looks of 90 ms at 3 packets a ms");
        Assert.That(Build(Available(0.99m, 90m)).Omissions, Is.Empty);
    }

    [Test]
    public void An_availability_that_takes_longer_than_the_plan_is_said_and_not_half_measured()
    {
        RunPlan plan = Build(Available(0.9999m, 100m));
        Assert.That(plan.Omissions.SelectMany(omission => omission.Requirements), Is.EqualTo(new[] { "SCN-REL-002" }));
        Assert.That(plan.Omissions[0].Reason.En, Does.Contain("--plan full"));
    }

    [TestCase("E2E-007")]
    [TestCase("E2E-009")]
    [TestCase("SCN-REL-002")]
    public void A_run_for_one_requirement_still_has_traffic_to_see(string requirement) =>
        Assert.That(Build(ClaimSamples.Lab, filter: new([requirement], [])).Tasks.Select(task => task.Kind),
            Does.Contain("stamp-sender"));

    [Test]
    public void Every_slice_carries_a_stream_of_its_own_with_a_session_of_its_own()
    {
        RunPlan plan = Build(ClaimSamples.Lab);
        PlanTask[] senders = [.. plan.Tasks.Where(task => task.Kind == "stamp-sender")];
        Assert.That(senders.Select(task => task["slice"]), Is.EquivalentTo(new[] { "embb", "iot" }));
        Assert.That(senders.Select(task => task["session"]), Is.Unique);
        Assert.That(senders.Select(task => int.Parse(task["count"])), Is.All.GreaterThanOrEqualTo(1_000));
    }

    [TestCase(PlanSize.Quick, 1)]
    [TestCase(PlanSize.Full, 2)]
    public void A_delay_phase_is_measured_again_only_where_kits_were_disturbed_and_with_fresh_ports_and_keys(
        PlanSize size, int retests)
    {
        RunPlan plan = Build(ClaimSamples.Lab, size);
        PlanPhase phase = plan.Phases.Single(each => each.Name == "stamp-embb-dn");
        Assert.That((phase.Retest!.Kpi, phase.Retest.Above), Is.EqualTo(("disturbed-packet-share", 0.03m)));
        Assert.That(phase.Retest.Attempts, Has.Count.EqualTo(retests));
        PlanTask[] senders = [.. phase.Tests, .. phase.Retest.Attempts.SelectMany(each => each.Tests)];
        foreach (string differs in new[] { "port", "localPort", "session" })
            Assert.That(senders.Select(task => task[differs]), Is.Unique, differs);
        foreach (string same in new[] { "count", "ratePps", "deadlineMs", "slice", "remoteAddress" })
            Assert.That(senders.Select(task => task[same]).Distinct().Count(), Is.EqualTo(1), same);
        Assert.That(Encoding.UTF8.GetString(plan.Encode()), Does.Contain("-retest-1"), "it is frozen with the plan");
    }

    [Test]
    public void A_search_for_capacity_is_made_again_where_a_kit_stood_still([Values] PlanSize size)
    {
        PlanPhase[] phases = [.. Build(ClaimSamples.Lab, size).Phases.Where(each => each.IsOverload
            && each.Name.StartsWith("capacity-", StringComparison.Ordinal))];
        Assert.That(phases, Has.Length.EqualTo(2));
        foreach (PlanPhase phase in phases)
        {
            string share = $"{phase.Tests[0]["direction"]}-disturbed-trial-share";
            Assert.That((phase.Retest!.Kpi, phase.Retest.Above), Is.EqualTo((share, 0.1m)));
            PlanPhase again = phase.Retest.Attempts.Single();
            Assert.That(again.IsOverload, "loss while it is measured again is no fault of the network either");
            Assert.That(again.Tests[0]["port"], Is.Not.EqualTo(phase.Tests[0]["port"]));
            Assert.That(again.Tests[0]["maxMbps"], Is.EqualTo(phase.Tests[0]["maxMbps"]));
        }
    }

    [Test]
    public void Only_kits_that_carry_load_show_their_ceiling_and_one_after_the_other()
    {
        PlanPhase[] phases = [.. Build(ClaimSamples.Lab).Phases.Where(each => each.Tests[0].Kind == "kit-ceiling")];
        Assert.That(phases.Select(phase => phase.Tests.Single().Kit), Is.EqualTo(new[] { "kit-ue", "kit-dna" }));
        Assert.That(phases.Select(phase => phase.Tests.Single()["addresses"]),
            Is.EqualTo(new[] { "10.45.0.2", "10.100.61.10" }));
    }

    [Test]
    public void Without_consent_nothing_is_sent_on_N3_and_no_load_is_made()
    {
        RunPlan plan = Build(ClaimSamples.Lab with { Consent = [] });
        Assert.That(plan.Tasks.Select(task => task.Kind),
            Has.None.AnyOf("n3-path-management", "capacity-client", "density-ramp"));
        Assert.That(plan.Omissions.SelectMany(omission => omission.Requirements),
            Is.SupersetOf(new[] { "E2E-005", "SCN-BW-001", "SCN-BW-002", "SCN-DEN-001" }));
    }

    [Test]
    public void No_task_sends_above_the_claims_limit([Values(PlanSize.Quick, PlanSize.Full)] PlanSize size)
    {
        RunPlan plan = Build(ClaimSamples.Lab with { Limits = new(160m, 5000) }, size);
        decimal[] rates = [.. plan.Tasks.Where(task => task.Kind == "capacity-client")
            .Select(task => decimal.Parse(task["maxMbps"], CultureInfo.InvariantCulture))];
        Assert.That(rates, Has.Length.EqualTo(2));
        Assert.That(rates, Is.All.LessThanOrEqualTo(160m));
    }

    [Test]
    public void A_stream_slows_down_to_stay_within_the_limit()
    {
        Claim claim = ClaimSamples.Lab with { Limits = new(1m, 5000) };
        PlanTask sender = Sender(Build(claim), "embb");
        Assert.That(decimal.Parse(sender["ratePps"]) * (112 + 48) * 8, Is.LessThanOrEqualTo(1_000_000m));
    }

    [Test]
    public void A_claim_above_its_own_limits_is_left_out_and_not_measured_low()
    {
        RunPlan plan = Build(ClaimSamples.Lab with { Limits = new(100m, 200) });
        Assert.That(plan.Tasks.Select(task => task.Kind), Has.None.EqualTo("density-ramp"));
        Assert.That(plan.Tasks.Where(task => task.Kind == "capacity-client").Select(task => task["direction"]),
            Is.EqualTo(new[] { "uplink" }));
        Assert.That(plan.Omissions.SelectMany(omission => omission.Requirements).Distinct(),
            Is.EquivalentTo(new[] { "SCN-DEN-001", "SCN-DEN-002", "SCN-BW-001", "SLC-004", "SLC-005", "SLC-006" }));
    }

    [Test]
    public void Only_and_skip_choose_by_requirement()
    {
        RunPlan only = Build(ClaimSamples.Lab, filter: new(["SCN-BW-*"], ["SCN-BW-002"]));
        Assert.That(only.Phases.Select(phase => phase.Name), Is.EqualTo(new[] { "capacity-downlink-embb" }));
        RunPlan skip = Build(ClaimSamples.Lab, filter: new([], ["SCN-DEN-00?"]));
        Assert.That(skip.Tasks.Select(task => task.Kind), Has.None.EqualTo("density-ramp"));
    }

    [Test]
    public void A_ServiceProfile_is_held_against_the_scenarios_of_its_slice_and_wants_no_others()
    {
        Slice embb = ClaimSamples.Lab.Slices[0] with { ServiceProfile = new([new("dLLatency", 50)]) };
        Claim claim = ClaimSamples.Lab with { Slices = [embb, ClaimSamples.Lab.Slices[1]] };
        RequirementFilter only = new(["SLC-008"], []);
        string[] kinds = [.. Build(claim, filter: only).Tasks.Select(task => task.Kind).Distinct()];
        Assert.That(kinds, Is.SupersetOf(new[] { "stamp-sender", "capacity-client" }));
        Assert.That(kinds, Has.None.EqualTo("density-ramp"));
        Assert.That(Build(ClaimSamples.Lab, filter: only).Phases, Is.Empty);
    }

    [Test]
    public void Captures_keep_headers_only_unless_the_claim_consents_to_more()
    {
        Claim open = ClaimSamples.Lab with { Consent = ["full-capture"] };
        Assert.That(Build(ClaimSamples.Lab).Captures.Where(task => task["point"] is "n3" or "n6")
            .Select(task => task["snapLength"]), Is.All.EqualTo("256"));
        Assert.That(Build(open).Captures.Select(task => task["snapLength"]), Is.All.EqualTo("65535"));
    }

    [Test]
    public void A_pool_too_small_for_the_claimed_sessions_is_said_and_not_tried()
    {
        Slice iot = ClaimSamples.Lab.Slices[1] with { UePools = [IPNetwork.Parse("10.46.0.0/24")] };
        RunPlan plan = Build(ClaimSamples.Lab with { Slices = [ClaimSamples.Lab.Slices[0], iot] });
        Assert.That(plan.Omissions.Single().Requirements, Does.Contain("SCN-DEN-001"));
    }

    [Test]
    public void A_flow_is_tested_on_ports_that_its_filter_takes_and_all_else_on_ports_that_none_takes()
    {
        foreach (PlanTask load in Build(ClaimSamples.Lab).Tasks.Where(task => task.Kind == "slice-load"))
        {
            string remote = load[load["direction"] == "uplink" ? "port" : "localPort"];
            Assert.That(int.Parse(remote) is >= 5_000 and <= 5_099, Is.EqualTo(load["qfi"] == "1"), load.Id);
        }
    }

    [Test]
    public void Every_claimed_rate_is_offered_half_as_much_again_in_both_directions()
    {
        PlanTask[] loads = [.. Build(ClaimSamples.Lab).Tasks.Where(task => task.Kind == "slice-load")];
        string[] offers = [.. loads.Select(task =>
            $"{task["direction"]} {task["slice"]} {task["qfi"]} {task["part"]} {task["limitMbps"]} {task["mbps"]}")];
        Assert.That(offers, Is.EquivalentTo(new[]
        {
            "uplink embb 9 ambr 100 150", "uplink embb 1 gfbr 10 10", "downlink embb 9 ambr 200 300",
            "downlink embb 1 gfbr 10 10", "uplink embb 1 mfbr 20 30", "downlink embb 1 mfbr 20 30",
            "uplink iot 8 ambr 20 30", "downlink iot 8 ambr 20 30",
        }));
    }

    [Test]
    public void Without_consent_to_scan_or_load_no_slice_is_probed()
    {
        RunPlan plan = Build(ClaimSamples.Lab with { Consent = ["n3-active"] });
        Assert.That(plan.Tasks.Select(task => task.Kind), Has.None.AnyOf("slice-reach", "slice-load", "stamp-witness"));
        Assert.That(plan.Omissions.SelectMany(omission => omission.Requirements),
            Is.SupersetOf(new[] { "SLC-003", "SLC-004", "SLC-005", "SLC-006" }));
    }

    [Test]
    public void Slices_are_tried_in_both_directions_with_more_tries_than_the_profile_asks_for()
    {
        PlanTask[] tries = [.. Build(ClaimSamples.Lab).Tasks.Where(task => task.Kind == "slice-reach")];
        Assert.That(tries.Select(task => $"{task["slice"]} {task["targetSlice"]}"),
            Is.EquivalentTo(new[] { "embb iot", "iot embb" }));
        Assert.That(tries.Select(task => int.Parse(task["tries"])), Is.All.GreaterThan(1_000));
        Assert.That(tries[0]["targets"].Split(','), Does.Contain("10.46.0.2").And.Contain("10.100.62.10"));
    }

    private static RunPlan Build(
        Claim claim, PlanSize size = PlanSize.Quick, RequirementFilter? filter = null, byte[]? nonce = null) =>
        PlanBuilder.Build(new("run-1", claim, "miit-2022-220@1", new string('b', 64), nonce ?? Nonce, size,
            filter ?? RequirementFilter.All, new KitOnN3()));

    private static PlanTask Sender(RunPlan plan, string slice) =>
        plan.Tasks.Single(task => task.Kind == "stamp-sender" && task["slice"] == slice);

    private static int[] Ports(RunPlan plan) =>
        [.. plan.Tasks
            .Concat(plan.Phases.SelectMany(phase => phase.Retest?.Attempts ?? []).SelectMany(each => each.Tasks))
            .SelectMany(task => task.Parameters).Where(each => each.Key is "port" or "localPort")
            .Select(each => int.Parse(each.Value)).Distinct()];

    private static string Without(RunPlan plan, int[] ports)
    {
        StringBuilder text = new(Encoding.UTF8.GetString((plan with { Nonce = "" }).Encode()));
        foreach (int port in ports) text.Replace($"\"{port}\"", "PORT");
        // Some addresses of pools are drawn as well.
        return Regex.Replace(text.ToString(), "\"targets\":\"[^\"]*\"", "");
    }

    private sealed class KitOnN3 : IKitAddresses
    {
        public IPAddress? Near(string kit, IPAddress peer) => kit == "kit-a" ? IPAddress.Parse("10.100.3.200") : null;
    }
}
