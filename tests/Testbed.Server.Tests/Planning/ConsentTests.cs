using System.Net;
using Testbed.Server.Planning;

namespace Testbed.Server.Tests.Planning;

/// <summary>What an applicant did not allow is not done, and the plan says so.</summary>
public sealed class ConsentTests
{
    private static readonly string[] All = ["load", "scan", "spoof", "malformed", "n3-active"];

    private static RunPlan Build(params string[] consent) => PlanBuilder.Build(new(
        "run-1", ClaimSamples.Lab with { Consent = consent }, "miit-2022-220@1", new string('b', 64), new byte[32],
        PlanSize.Quick, RequirementFilter.All, new KitOnN3()));

    [TestCase("load", "capacity-client", "SCN-BW-001")]
    [TestCase("load", "density-ramp", "SCN-DEN-001")]
    [TestCase("n3-active", "n3-path-management", "E2E-005")]
    [TestCase("n3-active", "gtpu-mutants", "SEC-008")]
    [TestCase("malformed", "gtpu-mutants", "SEC-008")]
    [TestCase("scan", "core-scan", "SEC-002")]
    [TestCase("scan", "ue-to-ue", "SEC-005")]
    [TestCase("scan", "unsolicited-downlink", "SEC-006")]
    [TestCase("spoof", "spoofed-source", "SEC-003")]
    [TestCase("spoof", "nested-tunnel", "SEC-004")]
    public void Without_its_consent_a_test_is_left_out_and_its_requirement_told_why(
        string consent, string kind, string requirement)
    {
        Assert.That(Kinds(Build(All)), Does.Contain(kind), "it is planned where it is allowed");
        RunPlan plan = Build([.. All.Where(word => word != consent)]);
        Assert.That(Kinds(plan), Does.Not.Contain(kind));
        PlanOmission omission = plan.Omissions.Single(each => each.Requirements.Contains(requirement));
        Assert.That(omission.Reason.En, Does.Contain($"consent: {consent}"));
        Assert.That(omission.Reason.Zh, Does.Contain($"consent: {consent}"));
    }

    [Test]
    public void Without_any_consent_nothing_loads_scans_spoofs_or_speaks_on_N3()
        => Assert.That(Build().Phases.SelectMany(phase => phase.Tests).Select(task => task.Kind), Has.None.AnyOf(
            "capacity-client", "density-ramp", "slice-load", "slice-reach", "core-scan", "trial-sender",
            "n3-path-management", "n3-tunnel-watch", "gtpu-mutants"));

    [Test]
    public void The_profile_asks_for_the_same_consents_as_the_plan()
    {
        var profile = Testbed.Conformance.Profiles.ProfileCatalogue.Find("miit-2022-220@1")!;
        foreach (string consent in All)
        {
            string[] missing = [.. Build([.. All.Where(word => word != consent)]).Omissions
                .SelectMany(omission => omission.Requirements)];
            IEnumerable<string> asking = profile.Requirements
                .Where(each => each.Judged && each.Consent.Contains(consent) && each.Group == "SEC")
                .Select(each => each.Id);
            Assert.That(asking, Is.SubsetOf(missing), consent);
        }
    }

    [Test]
    public void Malformed_messages_come_last_of_all()
    {
        string[] names = [.. Build(All).Phases.Select(phase => phase.Name)];
        Assert.That(names[^2..], Is.EqualTo(new[] { "gtpu-mutants", "after-mutants" }));
    }

    [Test]
    public void A_nested_packet_names_the_tunnel_that_an_earlier_task_finds()
    {
        RunPlan plan = Build(All);
        PlanTask watch = plan.Tasks.Single(task => task.Kind == "n3-tunnel-watch");
        PlanTask nested = plan.Tasks.Single(task => task.Parameters.GetValueOrDefault("kind") == "nested-tunnel");
        Assert.That(nested["tunnel"], Is.EqualTo($"outcome:{watch.Id}/tunnel"));
        int Phase(PlanTask task) => plan.Phases.ToList().FindIndex(phase => phase.Tasks.Contains(task));
        Assert.That(Phase(watch), Is.LessThan(Phase(nested)));
    }

    [Test]
    public void Every_trial_names_a_control_that_is_planned_and_the_numbers_are_its_own()
    {
        PlanTask[] senders = [.. Build(All).Tasks.Where(task => task.Kind is "trial-sender")];
        Assert.That(senders.Select(task => task["trial"]), Is.Unique);
        string[] controls = [.. senders.Where(task => task["kind"] == "control").Select(task => task["trial"])];
        foreach (PlanTask sender in senders.Where(task => task["kind"] != "control"))
            Assert.That(controls, Does.Contain(sender["control"]), sender.Id);
    }

    [Test]
    public void What_a_plan_will_send_can_be_told_of_every_task()
    {
        foreach (PlanTask task in Build(All).Tasks)
        {
            PlannedTraffic traffic = PlannedTraffic.Of(task);
            Assert.That(traffic.Target.En, Is.Not.Empty, task.Id);
            if (task.Kind is "stamp-sender" or "trial-sender" or "core-scan" or "gtpu-mutants" or "capacity-client"
                or "density-ramp" or "n3-path-management")
                Assert.That(traffic.Bytes, Is.Positive, task.Id);
            if (traffic.Mbps is { } rate) Assert.That(rate, Is.LessThanOrEqualTo(500m), task.Id);
        }
    }

    private static IEnumerable<string> Kinds(RunPlan plan) => plan.Tasks
        .SelectMany(task => new[] { task.Kind, task.Parameters.GetValueOrDefault("kind") ?? "" });

    private sealed class KitOnN3 : IKitAddresses
    {
        public IPAddress? Near(string kit, IPAddress peer) => kit == "kit-a" ? IPAddress.Parse("10.100.3.200") : null;
    }
}
