using System.Net;
using Testbed.Conformance.Claims;
using Testbed.Server.Planning;

namespace Testbed.Server.Tests.Planning;

/// <summary>Who is tried, loaded and asked when slices are tested.</summary>
public sealed class SlicePlanTests
{
    private static RunPlan Build(Claim claim, PlanSize size = PlanSize.Quick) => PlanBuilder.Build(new(
        "run", claim, "miit-2022-220@1", new('b', 64), new byte[32], size, new([], []), new NoKits()));

    internal sealed class NoKits : IKitAddresses
    {
        public IPAddress? Near(string kit, IPAddress peer) => null;
    }

    private static PlanTask[] Tasks(Claim claim, string kind) =>
        [.. Build(claim).Tasks.Where(task => task.Kind == kind)];

    private static PlanOmission[] LeftOut(RunPlan plan) =>
        [.. plan.Omissions.Where(each => each.Requirements.Any(id => id.StartsWith("SLC")))];

    private static Claim WithFlow(Func<QosFlow, QosFlow> change)
    {
        Slice embb = ClaimSamples.Lab.Slices[0];
        QosFlow[] flows = [.. embb.Flows.Select(flow => flow.Filter is null ? flow : change(flow))];
        return ClaimSamples.Lab with { Slices = [embb with { Flows = flows }, ClaimSamples.Lab.Slices[1]] };
    }

    [Test]
    public void A_data_network_that_serves_both_slices_is_no_strangers()
    {
        TestEndpoint shared = new("dn", "kit-dna", null, null, IPAddress.Parse("10.100.61.10"), false);
        PlanTask[] tries = Tasks(ClaimSamples.Lab with
        {
            Endpoints = [.. ClaimSamples.Lab.Endpoints.Where(each => each.Role != "dn"), shared],
        }, "slice-reach");
        Assert.That(tries, Has.Length.EqualTo(2));
        foreach (PlanTask each in tries)
        {
            Assert.That(each["targets"].Split(','), Has.No.Member("10.100.61.10").And.Not.Empty);
            Assert.That(each["ownAddress"], Is.EqualTo("10.100.61.10"));
        }
    }

    [Test]
    public void A_slice_without_endpoints_is_tried_by_its_pools()
    {
        Slice third = new("video", new(1, 3), "video", [IPNetwork.Parse("10.47.0.0/16")], "upf1", [], null, null);
        PlanTask[] tries = [.. Tasks(
            ClaimSamples.Lab with { Slices = [.. ClaimSamples.Lab.Slices, third] }, "slice-reach")
            .Where(task => task["targetSlice"] == "video")];
        Assert.That(tries.Select(task => task["slice"]), Is.EquivalentTo(new[] { "embb", "iot" }));
        foreach (PlanTask each in tries)
            Assert.That(each["targets"].Split(','), Is.All.StartsWith("10.47.").And.Not.Empty);
    }

    private static Claim DualStack(params TestEndpoint[] further) => ClaimSamples.Lab with
    {
        Slices =
        [
            .. ClaimSamples.Lab.Slices.Select((slice, i) =>
                slice with { UePools = [.. slice.UePools, IPNetwork.Parse($"2001:db8:{i + 1}::/48")] }),
        ],
        Endpoints = [.. ClaimSamples.Lab.Endpoints, .. further],
    };

    [Test]
    public void Slices_with_addresses_of_both_families_are_tried_by_both()
    {
        Claim claim = DualStack(
            new("ue", "kit-ue", "embb", "ueA", IPAddress.Parse("2001:db8:1::2"), true),
            new("ue", "kit-ue", "iot", "ueB", IPAddress.Parse("2001:db8:2::2"), true),
            new("dn", "kit-dna", null, null, IPAddress.Parse("2001:db8:61::10"), false));
        PlanTask[] tries = Tasks(claim, "slice-reach");
        Assert.That(tries.Select(task => $"{task["slice"]} {task["localAddress"]} {task["ownAddress"]}"), Is.EqualTo(
            new[]
            {
                "embb 10.45.0.2 10.100.61.10", "embb 2001:db8:1::2 2001:db8:61::10",
                "iot 10.46.0.2 10.100.62.10", "iot 2001:db8:2::2 2001:db8:61::10",
            }));
        foreach (PlanTask each in tries)
            Assert.That(each["targets"].Split(',').Select(address => address.Contains(':')),
                Is.Not.Empty.And.All.EqualTo(each["localAddress"].Contains(':')));
        Assert.That(tries.Select(task => task["session"]), Is.Unique);
        Assert.That(LeftOut(Build(claim)), Is.Empty);
    }

    [Test]
    public void A_family_that_no_endpoint_has_is_left_open_for_each_slice_that_has_it()
    {
        RunPlan plan = Build(DualStack(new TestEndpoint(
            "ue", "kit-ue", "embb", "ueA", IPAddress.Parse("2001:db8:1::2"), true)));
        Assert.That(LeftOut(plan).Select(each => each.What),
            Is.EqualTo(new[] { "slice-reach embb IPv6", "slice-reach iot IPv6" }));
        Assert.That(LeftOut(plan).SelectMany(each => each.Requirements), Is.All.EqualTo("SLC-003"));
    }

    [Test]
    public void A_flow_that_is_there_on_demand_alone_gets_no_load()
    {
        Claim onDemand = WithFlow(flow => flow with { QosReference = "gold" });
        Assert.That(Tasks(ClaimSamples.Lab, "slice-load").Count(task => task["qfi"] == "1"), Is.GreaterThan(0));
        Assert.That(Tasks(onDemand, "slice-load").Count(task => task["qfi"] == "1"), Is.Zero);
    }

    [TestCase(PlanSize.Quick, 1)]
    [TestCase(PlanSize.Full, 2)]
    public void An_overload_is_made_again_where_kits_were_disturbed_with_keys_and_numbers_of_its_own(
        PlanSize size, int retests)
    {
        PlanPhase phase = Build(ClaimSamples.Lab, size).Phases.Single(each => each.Name == "slice-load-uplink-embb");
        Assert.That((phase.Retest!.Kpi, phase.Retest.Above), Is.EqualTo(("load-disturbed-share", 0.05m)));
        Assert.That(phase.Retest.Attempts, Has.Count.EqualTo(retests));
        PlanPhase[] all = [phase, .. phase.Retest.Attempts];
        foreach ((string kind, string number) in new[] { ("slice-load", "number"), ("stamp-witness", "session") })
        {
            PlanTask[] tasks = [.. all.SelectMany(each => each.Tests).Where(task => task.Kind == kind)];
            Assert.That(tasks.Select(task => task[number]), Is.Unique);
            Assert.That(tasks.Select(task => task.Id), Is.Unique);
        }
        foreach (PlanPhase each in all)
        {
            Assert.That(each.IsOverload);
            Assert.That(each.Tests.Select(task => task["phase"]), Is.All.EqualTo(each.Name));
            Assert.That(Flows(each.Responders), Is.EquivalentTo(Flows(each.Tests)), "both ends agree");
            Assert.That(Ports(each), Is.EqualTo(Ports(phase)), "the same flows");
        }

        static string[] Flows(IEnumerable<PlanTask> tasks) =>
            [.. tasks.Select(task => $"{task.Parameters.GetValueOrDefault("number")}/"
                + $"{task.Parameters.GetValueOrDefault("session")}/{task["port"]}")];
        static string[] Ports(PlanPhase each) => [.. each.Tests.Select(task => $"{task["localPort"]}-{task["port"]}")];
    }

    [TestCase("100000")]
    [TestCase("60")]
    public void Each_rate_that_is_claimed_is_loaded_in_its_direction_within_the_limit(string limitMbps)
    {
        Slice embb = ClaimSamples.Lab.Slices[0] with { AmbrUlMbps = 30m, AmbrDlMbps = 20m };
        Slice iot = ClaimSamples.Lab.Slices[1] with
        {
            AmbrUlMbps = 10m, AmbrDlMbps = 15m,
            Flows =
            [
                new(8, 9, null, null), new(2, 1, 2m, null) { Filter = "permit out 17 from any 6000-6099 to assigned" },
            ],
        };
        Claim claim = ClaimSamples.Lab with { Slices = [embb, iot], Limits = new(decimal.Parse(limitMbps), 100) };
        PlanPhase[] phases = [.. Build(claim).Phases.Where(phase => phase.Name.StartsWith("slice-l"))];
        PlanTask[] loads = [.. phases.SelectMany(phase => phase.Tests).Where(task => task.Kind == "slice-load")];
        foreach (string direction in (string[])["uplink", "downlink"])
            foreach ((string slice, string part, string qfi) in
                new[] { ("embb", "ambr", "9"), ("iot", "ambr", "8"), ("iot", "gfbr", "2") })
                Assert.That(loads.Count(load => load["slice"] == slice && load["part"] == part && load["qfi"] == qfi
                    && load["direction"] == direction), Is.EqualTo(1), $"{slice} {part} {direction}");
        foreach (PlanPhase phase in phases)
        {
            PlanTask[] here = [.. phase.Tests.Where(task => task.Kind == "slice-load")];
            Assert.That(here.Sum(load => decimal.Parse(load["mbps"])), Is.LessThanOrEqualTo(claim.Limits.Mbps!.Value),
                phase.Name);
            foreach (PlanTask guarantee in here.Where(load => load["part"] == "gfbr"))
                Assert.That(here.Any(load => load["part"] == "ambr" && load["slice"] == guarantee["slice"]
                    && load["direction"] == guarantee["direction"]), "an overload stands beside each guarantee");
        }
        Assert.That(phases.Select(phase => phase.Name), Is.Unique);
    }

    private static Claim WithGuarantee(decimal? ambr, decimal limitMbps)
    {
        Slice embb = ClaimSamples.Lab.Slices[0], iot = ClaimSamples.Lab.Slices[1];
        return ClaimSamples.Lab with
        {
            Slices =
            [
                embb with { Flows = [embb.Flows[0]], AmbrUlMbps = 10, AmbrDlMbps = 10 },
                iot with
                {
                    AmbrUlMbps = ambr, AmbrDlMbps = ambr,
                    Flows = [iot.Flows[0], new(2, 1, 2, 4) { Filter = "permit out 17 from any 6000-6099 to assigned" }],
                },
            ],
            Limits = new(limitMbps, 100),
        };
    }

    [Test]
    public void A_guarantee_stays_beside_its_overload_where_the_limit_has_no_room_for_more()
    {
        RunPlan plan = Build(WithGuarantee(8, 16));
        foreach (string direction in (string[])["uplink", "downlink"])
        {
            PlanPhase phase = plan.Phases.Single(each => each.Tests.Any(
                load => load.Kind == "slice-load" && load["part"] == "gfbr" && load["direction"] == direction));
            Assert.That(phase.Tests.Any(load => load["part"] == "ambr" && load["slice"] == "iot"
                && load["direction"] == direction), "the overload");
            Assert.That(plan.Tasks.Count(load => load.Kind == "slice-load" && load["part"] == "mfbr"
                && load["direction"] == direction), Is.EqualTo(1));
        }
        Assert.That(plan.Tasks.Count(load => load.Kind == "slice-load" && load["part"] == "ambr"), Is.EqualTo(4));
        Assert.That(plan.Omissions.Where(each => each.Requirements.Contains("SLC-005")), Is.Empty);
    }

    [TestCase(null, 100, "claims a GFBR without sessionAmbrMbps", 2)]
    [TestCase(10, 16, "is below the 17 Mbit/s", 4)]
    public void A_guarantee_beside_which_nothing_can_be_overloaded_is_left_open(
        int? ambr, int limitMbps, string reason, int overloads)
    {
        RunPlan plan = Build(WithGuarantee(ambr, limitMbps));
        Assert.That(plan.Omissions.Count(
            each => each.Requirements.Contains("SLC-005") && each.Reason.En.Contains(reason)), Is.EqualTo(2));
        PlanTask[] loads = [.. plan.Tasks.Where(task => task.Kind == "slice-load")];
        Assert.That(loads.Count(load => load["part"] == "gfbr"), Is.Zero);
        Assert.That(loads.Count(load => load["part"] == "mfbr"), Is.EqualTo(2));
        Assert.That(loads.Count(load => load["part"] == "ambr"), Is.EqualTo(overloads));
    }

    [Test]
    public void An_overload_that_does_not_fit_the_limit_leaves_open_what_it_was_to_show(
        [Values(PlanSize.Quick, PlanSize.Full)] PlanSize size)
    {
        RunPlan plan = Build(ClaimSamples.Lab with { Limits = new(200m, 100) }, size);
        Assert.That(
            plan.Omissions.Where(each => each.What == "slice-load-downlink").SelectMany(each => each.Requirements),
            Is.EqualTo(size is PlanSize.Full ? new[] { "SLC-004", "SLC-005", "SLC-006" } : ["SLC-005", "SLC-006"]));
    }

    [Test]
    public void Each_direction_is_overloaded_in_the_slice_that_claims_the_most_there()
    {
        Slice embb = ClaimSamples.Lab.Slices[0], iot = ClaimSamples.Lab.Slices[1];
        RunPlan plan = Build(ClaimSamples.Lab with
        {
            Slices = [embb with { AmbrDlMbps = 10 }, iot],
        }, PlanSize.Full);
        Assert.That(plan.Phases.Select(phase => phase.Name).Where(name => name.StartsWith("slice-load")),
            Is.EqualTo(new[] { "slice-load-uplink-embb", "slice-load-downlink-iot" }));
        Assert.That(plan.Phases.Single(phase => phase.Name == "slice-load-downlink-iot").Tests
            .Where(task => task.Kind == "stamp-witness").Select(task => (task["part"], task["slice"])),
            Is.EqualTo(new[] { ("other", "embb") }));
        Assert.That(LeftOut(plan), Is.Empty);
    }

    [TestCase(PlanSize.Quick, false)]
    [TestCase(PlanSize.Full, true)]
    public void A_claim_without_any_downlink_limit_leaves_the_downlink_open_where_it_is_to_be_watched(
        PlanSize size, bool isOpen)
    {
        Claim claim = ClaimSamples.Lab with
        {
            Slices = [.. ClaimSamples.Lab.Slices.Select(slice => slice with { AmbrDlMbps = null })],
        };
        Assert.That(Build(claim, size).Omissions.Any(each => each.Requirements.Contains("SLC-004")),
            Is.EqualTo(isOpen));
    }

    [Test]
    public void A_slice_that_cannot_be_watched_is_named()
    {
        Slice iot = ClaimSamples.Lab.Slices[1];
        iot = iot with { Flows = [.. iot.Flows, new(7, 9, null, null)] };
        PlanOmission omission = LeftOut(Build(
            ClaimSamples.Lab with { Slices = [ClaimSamples.Lab.Slices[0], iot] })).Single();
        Assert.That(omission.Reason.En, Does.StartWith("slice iot claims not exactly one QoS flow without a filter"));
        Assert.That(omission.Requirements, Is.EqualTo(new[] { "SLC-004" }));
    }

    [Test]
    public void Where_N2_alone_is_tapped_enough_slices_are_asked_for()
    {
        PlanTask byN4 = Tasks(ClaimSamples.Lab, "slice-admission").Single();
        Tap[] taps = [.. ClaimSamples.Lab.Taps.Where(tap => tap.Point != "n4"), new("n2", "kit-a", "n2u", [])];
        PlanTask byN2 = Tasks(ClaimSamples.Lab with { Taps = taps }, "slice-admission").Single();
        Assert.That(int.Parse(byN2["tries"]), Is.GreaterThanOrEqualTo(10));
        Assert.That(byN4.Seconds, Is.GreaterThanOrEqualTo(2 * int.Parse(byN4["tries"]) * 3), "a modem takes its time");
    }

    [Test]
    public void The_location_service_is_asked_without_a_token_too()
    {
        Claim edge = ClaimSamples.Lab with
        {
            Edge =
            [
                new("mec1", IPAddress.Parse("10.100.63.10"), "edge.example.mec", new("https://10.100.63.10/m"), null)
                {
                    Mec013 = new("https://10.100.63.10/location/v2"),
                },
            ],
            Endpoints =
            [
                .. ClaimSamples.Lab.Endpoints,
                new("edge", "kit-mec", "embb", null, IPAddress.Parse("10.100.63.10"), false),
            ],
        };
        Assert.That(Tasks(edge, "mec-refusals").Single()["location"], Is.EqualTo("https://10.100.63.10/location/v2"));
    }
}
