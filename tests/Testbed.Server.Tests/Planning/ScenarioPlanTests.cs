using System.Globalization;
using System.Net;
using Testbed.Conformance.Claims;
using Testbed.Server.Planning;

namespace Testbed.Server.Tests.Planning;

/// <summary>What the figures of a claim's scenarios become in a plan.</summary>
public sealed class ScenarioPlanTests
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private sealed class NoKits : IKitAddresses
    {
        public IPAddress? Near(string kit, IPAddress peer) => null;
    }

    private static RunPlan Build(Claim claim, PlanSize size) => PlanBuilder.Build(new(
        "run-1", claim, "miit-2022-220@1", new string('b', 64), new byte[32], size, RequirementFilter.All,
        new NoKits()));

    /// <remarks>docs/real-network.md, example (b).</remarks>
    [Test]
    public void Streams_and_searches_to_two_far_ends_say_which_they_lead_to()
    {
        Claim claim = ClaimSamples.Lab with
        {
            Scenarios =
            [
                ClaimSamples.Scenario("low-latency", "embb", ("rttMsP99", 15m)) with { To = "edge" },
                ClaimSamples.Scenario("high-reliability", "embb", ("ratio", 0.9999m), ("withinMs", 50m)),
                ClaimSamples.Scenario("large-bandwidth", "embb", ("dlMbps", 150m)),
                ClaimSamples.Scenario("large-bandwidth", "embb", ("dlMbps", 200m)) with { To = "edge" },
                ClaimSamples.Scenario("massive-connection", "iot", ("concurrentSessions", 300m)),
            ],
            Endpoints =
            [
                .. ClaimSamples.Lab.Endpoints,
                new("edge", "kit-mec", "embb", null, IPAddress.Parse("10.100.63.10"), false),
            ],
        };
        RunPlan plan = Build(claim, PlanSize.Quick);
        string[] paths = [.. plan.Tasks.Where(task => task.Parameters.ContainsKey("farEnd"))
            .Select(task => $"{task.Kind} {task["slice"]} {task["farEnd"]} {task["remoteAddress"]}")];
        Assert.That(paths, Is.EquivalentTo(new[]
        {
            "stamp-sender embb edge 10.100.63.10", "stamp-sender embb dn 10.100.61.10",
            "stamp-sender iot dn 10.100.62.10", "capacity-client embb dn 10.100.61.10",
            "capacity-client embb edge 10.100.63.10", "density-ramp iot dn 10.100.62.10",
        }));
        Assert.That(plan.Phases.Select(phase => phase.Name), Is.Unique);
    }

    [TestCase("10.9")]
    [TestCase("0.8")]
    public void A_deadline_is_kept_as_it_is_claimed(string withinMs)
    {
        Scenario scenario = ClaimSamples.Scenario(
            "high-reliability", "embb", ("ratio", 0.9999m), ("withinMs", decimal.Parse(withinMs, Invariant)));
        RunPlan plan = Build(ClaimSamples.Lab with { Scenarios = [scenario] }, PlanSize.Quick);
        Assert.That(plan.Tasks.First(task => task.Kind == "stamp-sender" && task["slice"] == "embb")["deadlineMs"],
            Is.EqualTo(withinMs));
    }

    private static PlanTask[] Searches(Claim claim, PlanSize size = PlanSize.Quick) =>
        [.. Build(claim, size).Tasks.Where(task => task.Kind == "capacity-client")];

    private static Claim Wide(decimal dlMbps, decimal ulMbps, decimal? limitMbps) => ClaimSamples.Lab with
    {
        Scenarios = [ClaimSamples.Scenario("large-bandwidth", "embb", ("dlMbps", dlMbps), ("ulMbps", ulMbps))],
        Limits = new(limitMbps, null),
    };

    /// <remarks>A search that ends below the floor fails any network.</remarks>
    [TestCase(50, 20, 500, "120 60")]
    [TestCase(150, 80, 500, "180 96")]
    [TestCase(150, 80, 160, "160 96")]
    [TestCase(50, 20, 110, "110 60")]
    public void A_quick_search_goes_beyond_the_claim_and_the_floor_and_never_beyond_the_limit(
        int dlMbps, int ulMbps, int limitMbps, string max) =>
        Assert.That(string.Join(' ', Searches(Wide(dlMbps, ulMbps, limitMbps)).Select(task => task["maxMbps"])),
            Is.EqualTo(max));

    [Test]
    public void A_quick_search_goes_beyond_what_a_ServiceProfile_promises_of_the_slice()
    {
        Slice embb = ClaimSamples.Lab.Slices[0] with
        {
            ServiceProfile = new([new("dLThptPerUE.guaThpt", 300_000), new("dLLatency", 900_000)]),
        };
        Claim claim = Wide(150, 80, 500) with { Slices = [embb, ClaimSamples.Lab.Slices[1]] };
        Assert.That(Searches(claim).Select(task => task["maxMbps"]), Is.EqualTo(new[] { "360", "96" }));
    }

    [TestCase(150, 150, "limits.mbps=150 leaves a search for 150 Mbit/s no room: it takes 157.5")]
    [TestCase(50, 80, "limits.mbps=80 leaves a search for 100 Mbit/s no room: it takes 105")]
    public void A_limit_that_a_search_could_only_show_itself_is_named_and_nothing_is_sent(
        int dlMbps, int limitMbps, string reason)
    {
        RunPlan plan = Build(Wide(dlMbps, 20, limitMbps), PlanSize.Quick);
        PlanOmission omission = plan.Omissions.Single(each => each.Requirements.Contains("SCN-BW-001"));
        Assert.That(omission.Reason.En, Does.StartWith(reason));
        Assert.That(plan.Tasks.Count(task => task.Kind == "capacity-client"), Is.EqualTo(1), "the uplink has room");
    }

    [Test]
    public void No_search_asks_a_kit_for_more_than_it_takes()
    {
        Assert.That(Searches(Wide(8_000, 80, 40_000), PlanSize.Full).Select(task => task["maxMbps"]),
            Is.All.EqualTo("10000"));
        RunPlan plan = Build(Wide(12_000, 80, 40_000), PlanSize.Full);
        Assert.That(plan.Omissions.Single(each => each.Requirements.Contains("SCN-BW-001")).Reason.En,
            Does.StartWith("dlMbps: a search for 12000 Mbit/s takes 12600"));
    }

    [Test]
    public void More_sessions_than_one_kit_plays_are_said_and_not_tried()
    {
        Claim claim = ClaimSamples.Lab with
        {
            Scenarios = [ClaimSamples.Scenario("massive-connection", "iot", ("concurrentSessions", 10_001m))],
            Limits = new(500m, 50_000),
        };
        RunPlan plan = Build(claim, PlanSize.Full);
        Assert.That(plan.Tasks.Select(task => task.Kind), Has.None.EqualTo("density-ramp"));
        Assert.That(plan.Omissions.Single(each => each.Requirements.Contains("SCN-DEN-001")).Reason.En,
            Does.StartWith("concurrentSessions=10001 is more than the 10000 that one kit plays"));
    }

    private static RunPlan WithUpfs(params string[] n3)
    {
        Network network = ClaimSamples.Lab.Network;
        return PlanBuilder.Build(new(
            "run-1", ClaimSamples.Lab with
            {
                Network = network with
                {
                    Upfs = [.. network.Upfs.Select(upf => upf with { N3 = [.. n3.Select(IPAddress.Parse)] })],
                },
            },
            "miit-2022-220@1", new string('b', 64), new byte[32], PlanSize.Quick, new(["E2E-005"], []),
            new KitOnOneNetwork(IPAddress.Parse("10.100.3.200"), IPAddress.Parse("fd00:3::200"))));
    }

    private sealed class KitOnOneNetwork(params IPAddress[] own) : IKitAddresses
    {
        public IPAddress? Near(string kit, IPAddress peer) => kit != "kit-a" ? null : own.FirstOrDefault(
            each => each.AddressFamily == peer.AddressFamily
                && each.GetAddressBytes().AsSpan(0, 2).SequenceEqual(peer.GetAddressBytes().AsSpan(0, 2)));
    }

    [Test]
    public void UPFs_of_both_IP_versions_are_each_asked_from_an_address_of_theirs()
    {
        PlanTask[] tasks = [.. WithUpfs("10.100.3.1", "fd00:3::1").Tasks
            .Where(task => task.Kind == "n3-path-management")];
        Assert.That(tasks.Select(task => $"{task["localAddress"]} {task["upfAddresses"]}"),
            Is.EqualTo(new[] { "10.100.3.200 10.100.3.1", "fd00:3::200 fd00:3::1" }));
    }

    [Test]
    public void A_UPF_that_no_kit_is_near_is_named_and_no_other_stands_for_it()
    {
        RunPlan plan = WithUpfs("10.100.3.1", "2001:db8::1");
        Assert.That(plan.Tasks.Select(task => task.Kind), Has.None.EqualTo("n3-path-management"));
        Assert.That(plan.Omissions.Single().Reason.En, Does.Contain("the N3 network of 2001:db8::1"));
    }
}
