using Testbed.Probes.Stamp;

namespace Testbed.Probes.Slicing;

/// <summary>
/// A STAMP session whose record is compared block by block with a load beside it. What it measures on the whole means
/// nothing: half of it was measured in an overload. Parameters as in <see cref="StampSenderOrder"/>, and phase, qfi and
/// part for those who judge.
/// </summary>
internal sealed class StampWitnessProbe : IProbe
{
    public string Kind => "stamp-witness";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation) =>
        ProbeThread.GuardAsync(async () =>
            (await StampSession.RunAsync(task, host, cancellation)).Outcome with { Kpis = [] });
}
