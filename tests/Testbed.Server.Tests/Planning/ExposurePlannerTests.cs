using System.Net;
using Testbed.Conformance.Claims;
using Testbed.Server.Planning;

namespace Testbed.Server.Tests.Planning;

public sealed class ExposurePlannerTests
{
    private const string Ca = "-----BEGIN CERTIFICATE-----";
    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static readonly Claim Exposed = ClaimSamples.Lab with
    {
        Slices =
        [
            ClaimSamples.Lab.Slices[0] with
            {
                Flows =
                [
                    new(9, 9, null, null), new(20, 3, 3, 6) { QosReference = "gold" },
                    new(21, 4, 2, 4) { QosProfile = "QOS_E" },
                ],
            },
            ClaimSamples.Lab.Slices[1],
        ],
        Edge = [new("mec1", IPAddress.Parse("10.100.63.10"), "edge.example.mec", null, null) { Dnai = "edge-1" }],
        Exposure = new(
            new(new("https://10.100.5.10:8444"), new("https://10.100.5.10:8444/oauth2/token"), "af1", "env:NEF_SECRET",
                "nef-ca.pem", "af1", ["as-session-with-qos", "traffic-influence", "monitoring-event"])
            {
                UeGroup = "ues@lab.example", UeGroupSlice = "embb",
            },
            new("https://10.100.5.10:8445"), new("https://10.100.5.10:8446/quality-on-demand/v1")),
        Consent = [.. ClaimSamples.Lab.Consent, "malformed"],
    };

    [Test]
    public void A_claim_without_exposure_plans_nothing_of_it() =>
        Assert.That(Build(ClaimSamples.Lab).Tasks.Select(task => task.Kind), Has.None.StartsWith("exposure-"));

    [Test]
    public void Every_exposure_requirement_has_its_test() => Assert.That(
        Build(Exposed).Tasks.Select(task => task.Kind)
            .Where(kind => kind.StartsWith("exposure-", StringComparison.Ordinal)),
        Is.EquivalentTo((string[])
        [
            "exposure-access", "exposure-refusals", "exposure-qos-life-cycle", "exposure-discovery",
            "exposure-bad-bodies", "exposure-qos-loop", "exposure-camara-loop", "exposure-influence-loop",
            "exposure-session-events",
        ]));

    [Test]
    public void The_secret_stays_a_reference_and_the_CA_is_frozen_with_the_plan()
    {
        PlanTask task = Task(Build(Exposed), "exposure-access");
        Assert.That((task["secret"], task["ca"], task.Kit), Is.EqualTo(("env:NEF_SECRET", Ca, "kit-a")));
    }

    [Test]
    public void The_other_AF_goes_to_the_refusals_alone()
    {
        Claim two = Exposed with
        {
            Exposure = Exposed.Exposure! with
            {
                Nef = Exposed.Exposure.Nef! with { OtherAf = new("af2", "two", "env:SECOND") },
            },
        };
        foreach (PlanTask task in Build(two).Tasks)
        {
            string?[] other = [.. ((string[])["otherAfId", "otherClientId", "otherSecret"])
                .Select(name => task.Parameters.GetValueOrDefault(name))];
            Assert.That(other, task.Kind == "exposure-refusals"
                ? Is.EqualTo((string[])["af2", "two", "env:SECOND"]) : Is.All.Null, task.Kind);
        }
    }

    [Test]
    public void Each_loop_has_ports_and_a_flow_of_its_own()
    {
        PlanTask[] loops =
            [.. Build(Exposed).Tasks.Where(task => task.Kind.EndsWith("-loop", StringComparison.Ordinal))];
        Assert.That(loops, Has.Length.EqualTo(3));
        Assert.That(
            loops.SelectMany(loop => new[] { loop["uePort"], loop["remotePort"], loop["listenPort"] }), Is.Unique);
        Assert.That(loops.Select(loop => loop["cycles"]), Is.All.EqualTo("5"));
        Assert.That(Task(Build(Exposed), "exposure-qos-loop")["qfi"], Is.EqualTo("20"));
    }

    [Test]
    public void More_is_offered_to_a_flow_than_it_may_carry_and_not_more_than_the_claim_allows()
    {
        static decimal Offered(RunPlan plan) => plan.Tasks.Where(task => task.Kind == "flow-sender").Max(task =>
            decimal.Parse(task["ratePps"]) * decimal.Parse(task["answers"]) * 1228 * 8 / 1_000_000);
        Assert.That(Offered(Build(Exposed)), Is.InRange(9, 10));
        Assert.That(Offered(Build(Exposed with { Limits = new(5, 100) })), Is.LessThanOrEqualTo(5));
    }

    [Test]
    public void A_flow_is_offered_more_than_it_may_carry_only_with_consent()
    {
        RunPlan plan = Build(Exposed with { Consent = ["malformed"] });
        Assert.That(plan.Tasks.Select(task => task.Kind),
            Has.None.AnyOf("exposure-qos-loop", "exposure-camara-loop").And.Some.EqualTo("exposure-influence-loop"));
        foreach (string requirement in (string[])["EXP-004", "EXP-008"])
        {
            Assert.That(plan.Omissions.Single(each => each.Requirements.Contains(requirement)).Reason.En,
                Does.Contain("consent: load"));
            Assert.That(Testbed.Conformance.Profiles.ProfileCatalogue.Find("miit-2022-220@1")!.Requirements
                .Single(each => each.Id == requirement).Consent, Does.Contain("load"));
        }
        foreach (PlanTask flow in plan.Tasks.Where(task => task.Kind == "flow-sender"))
            Assert.That(decimal.Parse(flow["ratePps"]) * decimal.Parse(flow["answers"]) * 1228 * 8,
                Is.LessThan(1_000_000m), "what is left is no load");
    }

    [Test]
    public void Bad_bodies_go_out_only_with_consent()
    {
        RunPlan plan = Build(Exposed with { Consent = ["load"] });
        Assert.That(plan.Tasks.Select(task => task.Kind), Has.None.EqualTo("exposure-bad-bodies"));
        Assert.That(plan.Omissions.SelectMany(each => each.Requirements), Does.Contain("EXP-009"));
    }

    [Test]
    public void Before_a_run_every_exposure_test_names_its_target_and_every_flow_its_rate_both_ways()
    {
        PlannedTraffic[] all = [.. Build(Exposed).Tasks.Select(PlannedTraffic.Of)];
        foreach (PlannedTraffic each in all)
            if (each.Task.Kind.StartsWith("exposure-", StringComparison.Ordinal))
                Assert.That(each.Target.En, Does.Contain("https://10.100.5.10"), each.Task.Kind);
        Assert.That(all.Where(one => one.Task.Kind == "flow-sender").Max(one => one.Mbps), Is.InRange(9, 11));
        PlannedTraffic bad = all.Single(one => one.Task.Kind == "exposure-bad-bodies");
        Assert.That((bad.PacketsPerSecond, bad.Bytes), Is.EqualTo(((decimal?)80, (long?)38_400_000)));
    }

    [Test]
    public void What_a_claim_leaves_out_is_said()
    {
        RunPlan plan = Build(Exposed with
        {
            Slices = ClaimSamples.Lab.Slices, Edge = [],
            Exposure = new(Exposed.Exposure!.Nef! with { UeGroup = null }, null, null),
        });
        Assert.That(plan.Omissions.SelectMany(each => each.Requirements),
            Is.EquivalentTo((string[])["EXP-003", "EXP-004", "EXP-005", "EXP-006", "EXP-007", "EXP-008"]));
    }

    [Test]
    public void The_loops_lose_packets_on_purpose_and_so_count_as_overload() =>
        Assert.That(Build(Exposed).Phases.Single(phase => phase.Name == "exposure-loops").IsOverload, Is.True);

    private static PlanTask Task(RunPlan plan, string kind) => plan.Tasks.Single(task => task.Kind == kind);

    private static RunPlan Build(Claim claim) => PlanBuilder.Build(new(
        "run-1", claim, "miit-2022-220@1", "digest", Nonce, PlanSize.Quick, RequirementFilter.All, new NearKits())
    {
        ExposureCa = Ca,
    });

    /// <summary>kit-a is on the NEF's network; every kit has an address somewhere in 10.100/16.</summary>
    private sealed class NearKits : IKitAddresses
    {
        public IPAddress? Near(string kit, IPAddress peer) =>
            IPAddress.Parse(kit == "kit-a" ? "10.100.5.200" : "10.100.61.10");
    }
}
