using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Testbed.Agent.Spool;
using Testbed.Agent.Uplink;
using Testbed.Agents.V1;
using Testbed.Conformance;
using Testbed.Probes;

namespace Testbed.Agent.Tasks;

/// <summary>
/// The tasks of this agent: starts, stops and reports each on a thread of its own. Whatever a task does, the server
/// gets exactly one <c>TaskDone</c> for it and the agent lives.
/// </summary>
internal sealed class TaskTable(
    Func<string, IAgentTask?> find, Outbox outbox, EvidenceUploader uploader, TimeProvider time, ILogger logger)
{
    private const int TasksMax = 64;
    private const int DigestBytes = 32;

    private readonly ConcurrentDictionary<string, Running> _running = new();
    private readonly HashSet<string> _seen = [];
    private byte[]? _planDigest;

    private sealed record Running(CancellationTokenSource Stop, Task Whole);

    /// <summary>Called by the one thread that reads the server's orders.</summary>
    public void Start(StartTask start, ReadOnlyMemory<byte> runNonce, CancellationToken abandon)
    {
        LocalText? refusal = Refusal(start);
        CancellationTokenSource stop = new();
        TaskOrder order = new(start.TaskId, start.Kind, runNonce, new Dictionary<string, string>(start.Parameters));
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (refusal is null) _running[order.Id] = new(stop, ended.Task);
        _ = Task.Factory.StartNew(async () =>
        {
            try
            {
                await RunAsync(order, refusal, stop.Token, abandon);
            }
            finally
            {
                if (refusal is null) _running.TryRemove(order.Id, out _);
                stop.Dispose();
                ended.SetResult();
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public void Stop(string taskId)
    {
        // A task that has just ended by itself is no error.
        if (_running.TryGetValue(taskId, out Running? running)) Cancel(running);
    }

    /// <summary>Stops every task and waits for their ends. Returns how many did not end in time.</summary>
    public async Task<int> StopAllAsync(TimeSpan within)
    {
        Running[] all = [.. _running.Values];
        foreach (Running running in all) Cancel(running);
        Task together = Task.WhenAll(all.Select(running => running.Whole));
        await Task.WhenAny(together, Task.Delay(within, time));
        return all.Count(running => !running.Whole.IsCompleted);
    }

    private static void Cancel(Running running)
    {
        try
        {
            running.Stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended between being found and being told.
        }
    }

    private LocalText? Refusal(StartTask start)
    {
        if (!SafeName.IsSafe(start.TaskId))
            return new("任务编号不合法。", "The task id is not a plain ASCII name.");
        if (!_seen.Add(start.TaskId)) return new("任务编号重复。", "This task id was given out before.");
        if (_running.Count >= TasksMax) return new("任务过多。", $"More than {TasksMax} tasks at once.");
        if (start.PlanDigest.Length != DigestBytes)
            return new("任务没有冻结计划的摘要。", "The task names no frozen plan.");
        _planDigest ??= start.PlanDigest.ToByteArray();
        if (!start.PlanDigest.Span.SequenceEqual(_planDigest))
            return new("任务属于另一份计划。", "The task belongs to another plan than the first task of this run.");
        return find(start.Kind) is null
            ? new($"此代理不会“{start.Kind}”任务。", $"This agent knows no task of kind '{start.Kind}'.") : null;
    }

    private async Task RunAsync(TaskOrder order, LocalText? refusal, CancellationToken stop, CancellationToken abandon)
    {
        TaskEnd end = refusal is null ? await DoAsync(order, stop) : new("", [], refusal);
        TaskDone done = new() { TaskId = order.Id, OutcomeJson = end.OutcomeJson };
        LocalText? problem = end.Problem;
        try
        {
            foreach (SpooledFile file in end.Files)
            {
                await uploader.SendAsync(order.Id, file, abandon);
                done.Files.Add(file.RunName);
            }
        }
        catch (Exception e) when (e is UploadException or OperationCanceledException)
        {
            problem ??= new($"证据未能送达服务器：{e.Message}", $"Evidence did not reach the server: {e.Message}");
        }
        if (problem is not null)
        {
            (done.ProblemZh, done.ProblemEn) = (problem.Zh, problem.En);
            Log.TaskProblem(logger, order.Id, order.Kind, problem.En);
        }
        try
        {
            await outbox.SendAsync(new() { TaskDone = done }, abandon);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            // Nobody is left to be told; the spool keeps the evidence and the session says so.
        }
    }

    private async Task<TaskEnd> DoAsync(TaskOrder order, CancellationToken stop)
    {
        Log.TaskStarted(logger, order.Id, order.Kind);
        try
        {
            return await find(order.Kind)!.RunAsync(order, new TaskVoice(order.Id, outbox, time), stop);
        }
        catch (ProbeParameterException e)
        {
            return new("", [], new($"参数 {e.Name} 有误：{e.Message}", $"Parameter {e.Message}"));
        }
        catch (Capture.CaptureException e)
        {
            return new("", [], new($"{e.ProblemZh}{e.RemedyZh}", e.Message));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new("", [], new("任务在完成前被停止。", "The task was stopped before its end."));
        }
        catch (Exception e)
        {
            Log.TaskDefect(logger, e, order.Id, order.Kind);
            string what = $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}";
            return new("", [], new($"任务因程序缺陷中断（{what}）。", $"The task met a defect of ours ({what})."));
        }
    }
}
