using System.Net;
using Testbed.Conformance.Claims;
using Testbed.Server.Planning;

namespace Testbed.Server.Tests.Planning;

/// <summary>What an applicant writes first, or most of, does not choose what is examined.</summary>
public sealed class SecurityPlanTests
{
    private static readonly Claim Lab = ClaimSamples.Lab;
    /// <summary>The second slice is at a UPF of its own.</summary>
    private static readonly Claim TwoUpfs = Lab with
    {
        Network = Lab.Network with
        {
            Upfs =
            [
                Lab.Network.Upfs[0],
                new("upf2", [IPAddress.Parse("10.100.3.2"), IPAddress.Parse("10.100.3.3")], [], "central"),
            ],
        },
        Slices = [Lab.Slices[0], Lab.Slices[1] with { Upf = "upf2" }],
    };
    private static readonly string[] Kinds =
        ["spoofed-source", "nested-tunnel", "ue-to-ue", "unsolicited-downlink", "core-scan", "n3-tunnel-watch"];

    private static RunPlan Build(Claim claim) => PlanBuilder.Build(new(
        "run-1", claim, "miit-2022-220@1", new string('b', 64), new byte[32], PlanSize.Quick, RequirementFilter.All,
        new KitOnN3()));

    private static IEnumerable<PlanTask> Of(RunPlan plan, string kind) => plan.Tasks
        .Where(task => task.Kind == kind || (task.Kind == "trial-sender" && task["kind"] == kind));

    [Test]
    public void Each_UPF_that_serves_a_slice_is_tried_from_a_UE_of_it()
    {
        RunPlan one = Build(Lab), two = Build(TwoUpfs);
        foreach (string kind in Kinds)
        {
            Assert.That(Of(one, kind).Count(), Is.EqualTo(1), kind);
            Assert.That(Of(two, kind).Count(), Is.EqualTo(2), kind);
        }
        Assert.That(Of(two, "spoofed-source").Select(task => task["slice"]), Is.EqualTo((string[])["embb", "iot"]));
        Assert.That(two.Tasks
            .Where(task => task.Parameters.GetValueOrDefault("figure") == "forwarded-after-mutants-ratio")
            .Select(task => task["slice"]), Is.EqualTo((string[])["embb", "iot"]));
        Assert.That(two.Phases.Select(phase => phase.Name), Is.Unique);
        Assert.That(two.Omissions, Is.Empty);
    }

    [Test]
    public void A_UPF_without_endpoints_is_named_beside_what_is_tried()
    {
        RunPlan plan = Build(TwoUpfs with { Endpoints = [.. Lab.Endpoints.Where(each => each.Slice == "embb")] });
        PlanOmission[] omissions = [.. plan.Omissions.Where(each => each.Reason.En.Contains("upf2"))];
        Assert.That(omissions.SelectMany(each => each.Requirements), Is.EquivalentTo((string[])
            ["SEC-002", "SEC-003", "SEC-004", "SEC-005", "SEC-006", "SEC-008"]));
        foreach (string kind in Kinds) Assert.That(Of(plan, kind).Count(), Is.EqualTo(1), kind);
    }

    [Test]
    public void A_nested_packet_may_go_to_any_claimed_address_where_a_tunnel_may_end()
        => Assert.That(Of(Build(TwoUpfs), "nested-tunnel").Select(task => task["upfAddresses"]),
            Is.All.EqualTo("10.100.3.1,10.100.3.2,10.100.3.3"));

    [Test]
    public void Ports_and_addresses_of_the_claim_push_nothing_out_of_the_scan()
    {
        CoreNetwork padded = new(
            [.. Enumerable.Range(1, 100).Select(i => IPAddress.Parse($"10.77.0.{i}"))],
            [.. Enumerable.Range(20_000, 70).Select(port => $"{port}/tcp")]);
        RunPlan plan = Build(Lab with { Network = Lab.Network with { Core = padded } });
        HashSet<(string, string)> scanned = [];
        foreach (PlanTask task in Of(plan, "core-scan"))
        {
            string[] addresses = task["addresses"].Split(','), ports = task["ports"].Split(',');
            Assert.That((addresses.Length, ports.Length), Is.LessThanOrEqualTo((64, 64)));
            scanned.UnionWith(from address in addresses from port in ports select (address, port));
        }
        Assert.That(scanned, Has.Count.EqualTo((100 + 3) * (70 + 10)));
        Assert.That(scanned, Does.Contain(("10.100.3.1", "2152/udp")).And.Contain(("10.100.4.1", "8805/udp"))
            .And.Contain(("10.100.3.10", "38412/sctp")).And.Contain(("10.77.0.100", "20069/tcp")));
    }

    [Test]
    public void A_claim_that_would_be_scanned_for_an_hour_is_told_so()
    {
        CoreNetwork endless = new(Lab.Network.Core.Addresses,
            [.. Enumerable.Range(1, 60_000).Select(port => $"{port}/tcp")]);
        RunPlan plan = Build(Lab with { Network = Lab.Network with { Core = endless } });
        Assert.That(Of(plan, "core-scan"), Is.Empty);
        Assert.That(plan.Omissions.Single(each => each.Requirements.Contains("SEC-002")).Reason.En,
            Does.Contain("name fewer core.ports"));
    }

    private sealed class KitOnN3 : IKitAddresses
    {
        public IPAddress? Near(string kit, IPAddress peer) => kit == "kit-a" ? IPAddress.Parse("10.100.3.200") : null;
    }
}
