using System.Net;
using Testbed.Conformance.Claims;
using Testbed.Server.Planning;

namespace Testbed.Server.Tests.Planning;

public sealed class EdgePlanTests
{
    private static readonly Claim WithEdge = ClaimSamples.Lab with
    {
        Edge = [new("mec1", IPAddress.Parse("10.100.63.10"), "edge.example.mec", null, null)],
        Endpoints =
        [
            .. ClaimSamples.Lab.Endpoints, new("edge", "kit-mec", "embb", null, IPAddress.Parse("10.100.63.10"), false),
        ],
    };

    private static RunPlan Build(Claim claim, PlanSize size = PlanSize.Quick, params string[] only) =>
        PlanBuilder.Build(new(
            "run", claim, "miit-2022-220@1", new('b', 64), new byte[32], size, new(only, []), new NoKits()));

    private sealed class NoKits : IKitAddresses
    {
        public IPAddress? Near(string kit, IPAddress peer) => null;
    }

    private static PlanTask Test(RunPlan plan, string kind) =>
        plan.Phases.SelectMany(phase => phase.Tests).Single(task => task.Kind == kind);

    [Test]
    public void Both_ends_get_a_reflector_and_the_ue_speaks_to_both_at_once()
    {
        RunPlan plan = Build(WithEdge);
        PlanPhase phase = plan.Phases.Single(each => each.Name == "edge-paths");
        PlanTask test = phase.Tests.Single();
        Assert.That(phase.Responders.Select(task => task.Kit), Is.EqualTo(new[] { "kit-mec", "kit-dna" }));
        Assert.That(test.Kit, Is.EqualTo("kit-ue"));
        Assert.That((test["edgeAddress"], test["dnAddress"]), Is.EqualTo(("10.100.63.10", "10.100.61.10")));
        Assert.That(int.Parse(test["edgeCount"]), Is.GreaterThanOrEqualTo(10_000));
        Assert.That(int.Parse(test["dnCount"]), Is.GreaterThanOrEqualTo(1_000));
        Assert.That(phase.Responders.Select(task => task["session"]),
            Is.EqualTo(new[] { test["edgeSession"], test["dnSession"] }));
        Assert.That(phase.Retest!.Kpi, Is.EqualTo("edge-disturbed-share"));
    }

    [Test]
    public void Each_claimed_edge_endpoint_is_tested_and_one_that_no_ue_may_use_is_named()
    {
        TestEndpoint second = new("edge", "kit-mec2", "embb", null, IPAddress.Parse("10.100.64.10"), false);
        TestEndpoint lonely = new("edge", "kit-mec3", "video", null, IPAddress.Parse("10.100.65.10"), false);
        RunPlan plan = Build(WithEdge with { Endpoints = [.. WithEdge.Endpoints, second, lonely] });
        PlanTask[] tests = [.. plan.Phases.SelectMany(phase => phase.Tests).Where(task => task.Kind == "edge-paths")];
        Assert.That(tests.Select(task => task["edgeAddress"]), Is.EqualTo(new[] { "10.100.63.10", "10.100.64.10" }));
        Assert.That(tests.Select(task => task["edgeSession"]), Is.Unique);
        Assert.That(plan.Phases.Select(phase => phase.Name), Is.Unique);
        Assert.That(plan.Omissions.Select(each => each.Reason.En), Has.Some.Contains("10.100.65.10"));
    }

    [Test]
    public void No_stamp_session_of_a_plan_has_the_number_of_another()
    {
        string[] sessions = [.. Build(WithEdge).Phases
            .SelectMany(phase => phase.Retest is { } retest ? [phase, .. retest.Attempts] : new[] { phase })
            .SelectMany(phase => phase.Responders.Concat(phase.Tests))
            .Where(task => task.Kind is "stamp-reflector" or "edge-name").Select(task => task["session"])];
        Assert.That(sessions, Is.Unique.And.Not.Empty);
    }

    [Test]
    public void A_claimed_round_trip_to_the_edge_goes_with_the_order()
    {
        Assert.That(Test(Build(WithEdge), "edge-paths")["claimedMs"], Is.Empty);
        Scenario toEdge = ClaimSamples.Scenario("low-latency", "embb", ("rttMsP99", 10m)) with { To = "edge" };
        RunPlan plan = Build(WithEdge with { Scenarios = [.. WithEdge.Scenarios, toEdge] });
        Assert.That(Test(plan, "edge-paths")["claimedMs"], Is.EqualTo("10"));
    }

    [Test]
    public void A_small_limit_slows_both_streams_and_keeps_their_counts()
    {
        PlanTask test = Test(Build(WithEdge with { Limits = new(1m, 10) }), "edge-paths");
        decimal pps = int.Parse(test["edgeRatePps"]) + int.Parse(test["dnRatePps"]);
        Assert.That(pps * 160 * 8 / 1_000_000, Is.LessThanOrEqualTo(1m));
        Assert.That(int.Parse(test["edgeCount"]), Is.GreaterThanOrEqualTo(10_000));
    }

    [Test]
    public void The_name_is_asked_of_the_claimed_server_and_else_of_the_edge_host()
    {
        PlanTask test = Test(Build(WithEdge), "edge-name");
        Assert.That((test["serverAddress"], test["serverIsClaimed"], test["name"]),
            Is.EqualTo(("10.100.63.10", "false", "edge.example.mec")));
        Assert.That(test["localPorts"].Split(',').Distinct().Count(), Is.EqualTo(10));
        EdgeHost host = WithEdge.Edge[0] with { Dns = IPAddress.Parse("10.100.61.53") };
        test = Test(Build(WithEdge with { Edge = [host] }), "edge-name");
        Assert.That((test["serverAddress"], test["serverIsClaimed"]), Is.EqualTo(("10.100.61.53", "true")));
    }

    [Test]
    public void Packets_follow_the_name_to_the_addresses_it_may_give()
    {
        EdgeHost second = WithEdge.Edge[0] with { Name = "mec2", Address = IPAddress.Parse("10.100.63.20") };
        RunPlan plan = Build(WithEdge with { Edge = [WithEdge.Edge[0], second], Limits = new(0.05m, 10) });
        PlanTask test = Test(plan, "edge-name");
        Assert.That(test["edgeAddresses"], Is.EqualTo("10.100.63.10,10.100.63.20"));
        Assert.That(int.Parse(test["packets"]), Is.GreaterThanOrEqualTo(50));
        Assert.That(int.Parse(test["ratePps"]) * 140 * 8 / 1e6, Is.LessThanOrEqualTo(0.05));
        Assert.That(plan.Phases.Single(phase => phase.Tests.Contains(test)).Seconds, Is.GreaterThanOrEqualTo(2));
        string[] ports = [.. test["localPorts"].Split(','), test["port"], test["packetsLocalPort"]];
        Assert.That(ports, Is.Unique);
        Assert.That(test["session"], Is.Not.EqualTo(Test(plan, "edge-paths")["edgeSession"]));
    }

    [Test]
    public void Every_claimed_MEC_interface_is_asked_without_a_token_in_whichever_entry_it_stands()
    {
        Uri mec011 = new("https://10.100.63.10:8443/mec_service_mgmt/v1");
        Uri mec013 = new("https://10.100.63.10:8443/location/v2");
        EdgeHost host = WithEdge.Edge[0];
        RunPlan plan = Build(WithEdge with
        {
            Edge = [host with { Mec011 = mec011 }, host with { Name = "loc", Mec013 = mec013 }],
        });
        PlanTask[] tests = [.. plan.Phases.SelectMany(phase => phase.Tests).Where(task => task.Kind == "mec-refusals")];
        Assert.That(tests.Select(task => (task["root"], task["services"], task["location"])), Is.EqualTo(new[]
        {
            (mec011.AbsoluteUri, "true", ""), (mec013.AbsoluteUri, "false", mec013.AbsoluteUri),
        }));
        plan = Build(WithEdge with { Edge = [host with { Mec013 = mec013 }] });
        Assert.That(plan.Omissions.SelectMany(each => each.Requirements),
            Does.Contain("EDG-004").And.None.EqualTo("EDG-007"));
    }

    [Test]
    public void Wrong_tokens_are_tried_while_no_other_test_has_a_service_at_the_platform()
    {
        EdgeHost host = WithEdge.Edge[0] with
        {
            Mec011 = new("https://10.100.63.10:8443/mec_service_mgmt/v1"),
            Mec013 = new("https://10.100.63.10:8443/location/v2"),
        };
        PlanPhase[] phases = [.. Build(WithEdge with { Edge = [host] }).Phases
            .Where(phase => phase.Tests.Any(test => test.Kind.StartsWith("mec-", StringComparison.Ordinal)))];
        Assert.That(phases.Select(phase => string.Join(' ', phase.Tests.Select(test => test.Kind))),
            Is.EqualTo(new[] { "mec-service-registry mec-location", "mec-refusals" }));
    }

    [Test]
    public void An_edge_that_shares_no_slice_with_a_ue_is_an_omission()
    {
        Claim claim = WithEdge with
        {
            Endpoints = [.. WithEdge.Endpoints.Where(each => each.Role != "ue" || each.Slice != "embb")],
        };
        RunPlan plan = Build(claim, PlanSize.Quick, "EDG-*");
        Assert.That(plan.Omissions.SelectMany(each => each.Requirements),
            Is.SupersetOf(new[] { "EDG-001", "EDG-002", "EDG-006" }));
    }

    [Test]
    public void Without_an_edge_nothing_is_planned_for_it()
    {
        RunPlan plan = Build(ClaimSamples.Lab, PlanSize.Full);
        Assert.That(plan.Tasks.Select(task => task.Kind), Has.None.StartsWith("edge"));
    }
}
