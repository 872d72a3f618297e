using Testbed.Server.Planning;
using Testbed.Server.Runs.Conclusions;
using Testbed.Server.Tests.Planning;

namespace Testbed.Server.Tests.Runs;

/// <summary>What the analyzer is told of the loads by which it finds the times of overload.</summary>
public sealed class OverloadPhaseTests
{
    // Whichever way a load goes, its path leads from its UE to the far end and bears the far end's port.
    [Test]
    public void Every_load_of_an_overload_phase_is_told_by_its_ue_and_its_far_ends_port()
    {
        RunPlan plan = PlanBuilder.Build(new(
            "run", ClaimSamples.Lab, "miit-2022-220@1", new('b', 64), new byte[32], PlanSize.Quick, new([], []),
            new SlicePlanTests.NoKits()));
        string[] told =
        [
            .. plan.Phases.Where(phase => phase.IsOverload)
                .SelectMany(phase => SliceInput.Overload((phase, new(0, 1))).Loads)
                .Select(path => $"{path.UeAddress} {path.RemoteAddress} {path.RemotePort}"),
        ];
        PlanTask[] loads = [.. plan.Phases.SelectMany(phase => phase.Tests).Where(
            test => test.Kind is "capacity-client" or "slice-load")];
        string[] planned = [.. loads.Select(load => load["direction"] == "downlink" && load.Kind == "slice-load"
            ? $"{load["remoteAddress"]} {load["localAddress"]} {load["localPort"]}"
            : $"{load["localAddress"]} {load["remoteAddress"]} {load["port"]}")];
        Assert.That(planned, Has.Length.GreaterThan(4));
        Assert.That(told, Is.EquivalentTo(planned));
        Assert.That(told, Is.All.StartsWith("10.45.").Or.StartsWith("10.46."));
    }
}
