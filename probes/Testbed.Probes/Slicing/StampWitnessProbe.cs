using Testbed.Probes.Stamp;

namespace Testbed.Probes.Slicing;

/// <summary>
/// A STAMP session whose record is compared block by block with a load beside it. What it measures on the whole means
/// nothing, as half of it was measured in an overload; what it tells itself is how fit the kits were, where a tail is
/// to be compared. Parameters as in <see cref="StampSenderOrder"/>, and phase, qfi and part for those who judge.
/// </summary>
internal sealed class StampWitnessProbe : IProbe
{
    public string Kind => "stamp-witness";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation) =>
        ProbeThread.GuardAsync(async () =>
        {
            ProbeOutcome outcome = (await StampSession.RunAsync(task, host, cancellation)).Outcome;
            if (task.Parameters.GetValueOrDefault("part") != "other") return outcome with { Kpis = [] };
            return outcome with
            {
                Kpis = [.. outcome.Kpis.Where(kpi => kpi.Id == StampKpis.DisturbedShareId)
                    .Select(kpi => kpi with { Id = LoadOrder.DisturbedShareId })],
            };
        });
}
