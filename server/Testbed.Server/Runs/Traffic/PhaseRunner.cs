using Testbed.Analyzer;
using Testbed.Conformance;
using Testbed.Evidence.Journals;
using Testbed.Server.Agents;
using Testbed.Server.Planning;

namespace Testbed.Server.Runs.Traffic;

/// <summary>Runs the plan between first and last capture: responders, then tests, phase after phase.</summary>
internal sealed class PhaseRunner(TaskRunner tasks, Journal journal, IRunProgress progress, TimeProvider time)
{
    /// <summary>
    /// Packets sent before a phase's first order or after its last answer belong to it no further than this.
    /// </summary>
    private const long WindowMarginNs = 300_000_000;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>When the network was overloaded on purpose.</summary>
    public List<(PlanPhase Attempt, TimeWindow Window)> Overloads { get; } = [];

    public async Task RunAsync(RunPlan plan, CancellationToken cancellation)
    {
        int doneSeconds = 0;
        foreach (PlanPhase phase in plan.Phases)
        {
            await AttemptAsync(phase, Overall, cancellation).ConfigureAwait(false);
            PlanPhase latest = phase;
            foreach (PlanPhase attempt in phase.Retest?.Attempts ?? [])
            {
                if (!PhaseAttempts.CallForAnother(phase.Retest!, latest, tasks.Outcomes)) break;
                decimal figure = PhaseAttempts.Figure(phase.Retest!, latest, tasks.Outcomes)!.Value;
                progress.Note(new(
                    $"{phase.Title.Zh}：{figure:P1} 的样本受套件停顿影响，按冻结的计划重测一次",
                    $"{phase.Title.En}: the kits disturbed {figure:P1} of the samples; "
                        + "measured again as the plan says"));
                await AttemptAsync(latest = attempt, _ => Overall(1), cancellation).ConfigureAwait(false);
            }
            doneSeconds += phase.Seconds;

            double Overall(double share) => (doneSeconds + share * phase.Seconds) / Math.Max(1, plan.Seconds);
        }
    }

    private async Task AttemptAsync(PlanPhase phase, Func<double, double> overall, CancellationToken cancellation)
    {
        journal.Store(new PhaseStarted(phase.Name, phase.IsOverload));
        long fromNs = time.GetUtcNow().ToUnixNs();
        await RunPhaseAsync(phase, overall, cancellation).ConfigureAwait(false);
        if (phase.IsOverload)
            Overloads.Add((phase, new(fromNs - WindowMarginNs, time.GetUtcNow().ToUnixNs() + WindowMarginNs)));
        journal.Store(new PhaseEnded(phase.Name));
    }

    private async Task RunPhaseAsync(PlanPhase phase, Func<double, double> overall, CancellationToken cancellation)
    {
        List<AgentTask> responders = [.. phase.Responders.Select(tasks.Start)];
        if (await tasks.ReadyAsync(responders, cancellation).ConfigureAwait(false))
        {
            List<(PlanTask Plan, AgentTask Task)> tests = [.. phase.Tests.Select(test => (test, tasks.Start(test)))];
            Task all = Task.WhenAll(tests.Select(test => tasks.FinishAsync(test.Plan, test.Task, cancellation)));
            while (!all.IsCompleted)
            {
                progress.At(phase.Title, overall(tests.Average(test => test.Task.Share)),
                    string.Join("  ", tests.Select(test => test.Task.Figure).Where(figure => figure.Length > 0)));
                await Task.WhenAny(all, Task.Delay(ProgressInterval, time, cancellation)).ConfigureAwait(false);
            }
            await all.ConfigureAwait(false);
        }
        else
        {
            string kits = string.Join(", ", phase.Responders.Select(task => task.Kit).Distinct());
            LocalText why = new($"应答端未就绪（套件 {kits}）", $"the responder was not ready (kit {kits})");
            foreach (PlanTask test in phase.Tests) tasks.Skip(test, why);
        }
        foreach (AgentTask responder in responders)
            await tasks.StopAsync(responder, null, cancellation).ConfigureAwait(false);
    }
}

internal static class UnixTime
{
    /// <summary>Nanoseconds since the Unix epoch; the clock's own resolution is 100 ns.</summary>
    public static long ToUnixNs(this DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;
}
