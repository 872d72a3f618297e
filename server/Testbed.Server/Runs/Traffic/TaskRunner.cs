using Testbed.Conformance;
using Testbed.Conformance.Json;
using Testbed.Evidence.Journals;
using Testbed.Server.Agents;
using Testbed.Server.Planning;

namespace Testbed.Server.Runs.Traffic;

/// <summary>
/// Starts and stops the plan's tasks on their kits. The journal knows of each step before the world does, and
/// nothing waits without an end.
/// </summary>
internal sealed class TaskRunner(
    AgentRegistry registry, EvidenceIntake intake, Journal journal, byte[] planDigest, IRunProgress progress,
    TimeProvider time)
{
    /// <summary>How long a responder or a capture may take until it is ready.</summary>
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(10);
    /// <summary>How long a stopped task may be silent: the last 64 MiB segment and its fsync.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);
    /// <summary>Evidence that comes more slowly than this in that time is no longer waited for.</summary>
    private const long StopBytesMin = 1 << 20;
    /// <summary>What a test may take beyond its expected length: set-up, time-outs of its peer, its upload.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(15);

    /// <summary>How long an interrupted run waits for its tasks: whoever pressed Ctrl-C wants to leave.</summary>
    private static readonly TimeSpan AbortWithin = TimeSpan.FromSeconds(3);

    /// <summary>What a probe says when it found the network with things that an earlier run had made.</summary>
    private const string LeftoversFact = "leftovers-removed";

    private readonly Dictionary<string, AgentTask> _running = new(StringComparer.Ordinal);

    /// <summary>Every task's end, by its id.</summary>
    public Dictionary<string, TaskOutcome> Outcomes { get; } = new(StringComparer.Ordinal);

    public AgentTask Start(PlanTask task)
    {
        journal.Store(new TaskStarted(task.Id, task.Kind, task.Kit));
        AgentLink? link = registry.Find(task.Kit);
        AgentTask started = link is null ? Stillborn(task, new("从未连接", "never connected"))
            : Parameters(task, out LocalText? missing) is { } parameters
                ? link.Start(task.Id, task.Kind, parameters, planDigest)
                : Stillborn(task, missing!);
        _running[task.Id] = started;
        return started;
    }

    /// <summary>True when all became ready; those that did not have ended or are overdue.</summary>
    public async Task<bool> ReadyAsync(IReadOnlyCollection<AgentTask> tasks, CancellationToken cancellation)
    {
        Task all = Task.WhenAll(tasks.Select(task => task.Ready));
        await Task.WhenAny(all, Task.Delay(ReadyWithin, time, cancellation)).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        bool isAllReady = true;
        foreach (AgentTask task in tasks)
        {
            bool isReady = task.Ready.IsCompletedSuccessfully && await task.Ready.ConfigureAwait(false);
            if (isReady) journal.Store(new TaskReady(task.Id));
            else isAllReady = false;
        }
        return isAllReady;
    }

    /// <summary>Waits for a test's end; one that takes too long is stopped and its kit named.</summary>
    public async Task FinishAsync(PlanTask plan, AgentTask task, CancellationToken cancellation)
    {
        TimeSpan limit = TimeSpan.FromSeconds(plan.Seconds * 1.5) + Margin;
        LocalText? overdue = null;
        if (!await EndsWithinAsync(task, limit, cancellation).ConfigureAwait(false))
            overdue = new(
                $"套件 {plan.Kit}：任务 {plan.Id} 超过 {limit.TotalSeconds:0} 秒未结束，已停止",
                $"kit {plan.Kit}: task {plan.Id} did not end within {limit.TotalSeconds:0} s and was stopped");
        if (overdue is null) Record(await task.Done.ConfigureAwait(false));
        else await StopAsync(task, overdue, cancellation).ConfigureAwait(false);
    }

    /// <summary>Stops what runs until it is stopped, and takes its outcome.</summary>
    public async Task StopAsync(AgentTask task, LocalText? problem, CancellationToken cancellation)
    {
        registry.Find(task.Kit)?.Stop(task.Id);
        if (await EndsWithinAsync(task, StopWithin, cancellation).ConfigureAwait(false))
        {
            TaskOutcome outcome = await task.Done.ConfigureAwait(false);
            Record(problem is null ? outcome : outcome with { Problem = problem });
            return;
        }
        Record(new(task.Id, task.Kit, "", [], problem ?? new(
            $"套件 {task.Kit}：任务 {task.Id} 停止后未交出结果",
            $"kit {task.Kit}: task {task.Id} gave no outcome after it was stopped")));
    }

    /// <summary>A task that never started because what it needs was not there.</summary>
    public void Skip(PlanTask task, LocalText why) => Record(new(task.Id, task.Kit, "", [], why));

    /// <summary>Stops every running task and gives all of them together a little time to end in order.</summary>
    public async Task StopAllAsync()
    {
        AgentTask[] left = [.. _running.Values.Where(task => !task.Done.IsCompleted)];
        foreach (AgentTask task in left) registry.Find(task.Kit)?.Stop(task.Id);
        await Task.WhenAny(Task.WhenAll(left.Select(task => task.Done)), Task.Delay(AbortWithin, time))
            .ConfigureAwait(false);
        foreach (AgentTask task in left.Where(task => task.Done.IsCompleted))
            Record(await task.Done.ConfigureAwait(false));
    }

    // A task whose evidence is coming in is not silent: an hour's captures are gigabytes, and lost if not waited for.
    private async Task<bool> EndsWithinAsync(AgentTask task, TimeSpan limit, CancellationToken cancellation)
    {
        for (long before = 0; ; limit = StopWithin)
        {
            await Task.WhenAny(task.Done, Task.Delay(limit, time, cancellation)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            long received = intake.BytesOf(task.Id);
            if (task.Done.IsCompleted || received - before < StopBytesMin) return task.Done.IsCompleted;
            before = received;
            progress.At(new("接收证据", "taking in evidence"), 1, $"{task.Kit} {received / 1_000_000:N0} MB");
        }
    }

    private void Record(TaskOutcome outcome)
    {
        (JsonObject? json, LocalText? malformed) = Read(outcome);
        outcome = outcome with { Problem = outcome.Problem ?? malformed };
        journal.Store(new TaskDone(outcome.TaskId, outcome.Files, json, outcome.Problem));
        lock (Outcomes) Outcomes[outcome.TaskId] = outcome;
        if (json?.GetObjectOrNull("facts")?.GetStringOrNull(LeftoversFact) is { } removed)
            progress.Note(new($"{outcome.TaskId}：已删除此前中断的运行遗留的 {removed} 项资源",
                $"{outcome.TaskId}: removed {removed} subscriptions or services that an earlier, interrupted run "
                    + "had left"));
        if (outcome.Problem is { } problem)
            progress.Note(new($"{outcome.TaskId}：{problem.Zh}", $"{outcome.TaskId}: {problem.En}"));
    }

    private static (JsonObject?, LocalText?) Read(TaskOutcome outcome)
    {
        if (outcome.OutcomeJson.Length == 0) return (null, null);
        try
        {
            return (CanonicalJson.ParseObject(System.Text.Encoding.UTF8.GetBytes(outcome.OutcomeJson)), null);
        }
        catch (CanonicalJsonException malformed)
        {
            return (null, new($"套件 {outcome.Kit} 的结果无法解读：{malformed.Message}",
                $"kit {outcome.Kit} gave an outcome that cannot be read: {malformed.Message}"));
        }
    }

    private IReadOnlyDictionary<string, string>? Parameters(PlanTask task, out LocalText? missing)
    {
        lock (Outcomes) return TaskReferences.Resolve(task, Outcomes, out missing);
    }

    private static AgentTask Stillborn(PlanTask task, LocalText why)
    {
        AgentTask never = new(task.Id, task.Kind, task.Kit);
        never.Finish(new(task.Id, task.Kit, "", [], new($"套件 {task.Kit}：{why.Zh}", $"kit {task.Kit}: {why.En}")));
        return never;
    }
}
