using System.Net;
using Testbed.Conformance.Claims;
using Testbed.Server.Planning;

namespace Testbed.Server.Tests.Planning;

/// <summary>What the figures of a claim's scenarios become in a plan.</summary>
public sealed class ScenarioPlanTests
{
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
}
