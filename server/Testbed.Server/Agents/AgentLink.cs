using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf;
using Testbed.Agents.V1;
using Testbed.Conformance;

namespace Testbed.Server.Agents;

/// <summary>One agent's connection: orders go out, news of tasks comes in, silence kills it.</summary>
public sealed class AgentLink
{
    private const int OutcomeLengthMax = 2 * 1024 * 1024;
    private const int FilesMax = 20_000;
    private const int ProblemLengthMax = 4_000;

    private readonly ConcurrentDictionary<string, AgentTask> _tasks = new(StringComparer.Ordinal);
    private readonly Channel<ServerMessage> _outbound = Channel.CreateBounded<ServerMessage>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly TaskCompletionSource<LocalText> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _isDismissed;
    private bool _isClosed;
    private Action? _close;

    internal AgentLink(AgentFacts facts) => Facts = facts;

    public AgentFacts Facts { get; }
    public string Kit => Facts.Kit;
    public bool IsLost => _lost.Task.IsCompleted;
    /// <summary>Comes true with the cause when the agent is gone before it was dismissed.</summary>
    public Task<LocalText> Lost => _lost.Task;
    /// <summary>Why it was lost; null while it is there and after it was dismissed.</summary>
    public LocalText? Loss => _lost.Task.IsCompletedSuccessfully ? _lost.Task.GetAwaiter().GetResult() : null;
    internal ChannelReader<ServerMessage> Outbound => _outbound.Reader;

    /// <summary>Orders a task. On a lost agent the task is born ended, with the loss as its problem.</summary>
    public AgentTask Start(
        string taskId, string kind, IEnumerable<KeyValuePair<string, string>> parameters, byte[] planDigest)
    {
        AgentTask task = new(taskId, kind, Kit);
        StartTask order = new() { TaskId = taskId, Kind = kind, PlanDigest = ByteString.CopyFrom(planDigest) };
        foreach ((string name, string value) in parameters) order.Parameters.Add(name, value);
        lock (_gate)
        {
            if (!_tasks.TryAdd(taskId, task))
                throw new InvalidOperationException($"task {taskId} was ordered twice");
            if (!IsLost && _outbound.Writer.TryWrite(new() { StartTask = order })) return task;
        }
        Lose(new("指令队列已满", "its queue of orders is full"));
        task.Lose(Loss ?? new("连接已关闭", "the connection is closed"));
        return task;
    }

    public void Stop(string taskId) => _outbound.Writer.TryWrite(new() { StopTask = new() { TaskId = taskId } });

    /// <summary>Ends the connection in peace: what the agent does afterwards is no loss.</summary>
    public void Dismiss(string reason)
    {
        lock (_gate) _isDismissed = true;
        _outbound.Writer.TryWrite(new() { Goodbye = new() { Reason = reason } });
        _outbound.Writer.TryComplete();
    }

    public bool Knows(string taskId) => _tasks.ContainsKey(taskId);

    internal void Greet(string runId, byte[] nonce) => _outbound.Writer.TryWrite(
        new() { Welcome = new() { RunId = runId, RunNonce = ByteString.CopyFrom(nonce) } });

    /// <summary>Takes one message. Null, or what is wrong with it: then the agent is not one of ours.</summary>
    internal string? Accept(AgentMessage message) => message.BodyCase switch
    {
        AgentMessage.BodyOneofCase.Heartbeat => null,
        AgentMessage.BodyOneofCase.TaskReady => With(message.TaskReady.TaskId, task => task.MarkReady()),
        AgentMessage.BodyOneofCase.TaskProgress => With(message.TaskProgress.TaskId,
            task => task.MarkProgress(message.TaskProgress.Share, message.TaskProgress.Figure)),
        AgentMessage.BodyOneofCase.TaskDone => Finish(message.TaskDone),
        _ => $"unexpected message {message.BodyCase}",
    };

    /// <summary>Sets what ends the connection; null once it has ended.</summary>
    internal void OnClose(Action? close)
    {
        lock (_gate)
        {
            _close = close;
            if (_isClosed) _close?.Invoke();
        }
    }

    internal void Lose(LocalText why)
    {
        lock (_gate)
        {
            if (_isDismissed) why = new("已结束", "dismissed");
            else _lost.TrySetResult(why);
        }
        foreach (AgentTask task in _tasks.Values) task.Lose(why);
        _outbound.Writer.TryComplete();
        lock (_gate)
        {
            _isClosed = true;
            _close?.Invoke();
        }
    }

    private string? Finish(TaskDone done)
    {
        if (done.OutcomeJson.Length > OutcomeLengthMax) return "outcome too long";
        if (done.Files.Count > FilesMax) return "too many files";
        if (done.ProblemZh.Length > ProblemLengthMax || done.ProblemEn.Length > ProblemLengthMax)
            return "problem too long";
        LocalText? problem = done.ProblemEn.Length + done.ProblemZh.Length == 0
            ? null : new(done.ProblemZh, done.ProblemEn);
        return With(done.TaskId,
            task => task.Finish(new(task.Id, Kit, done.OutcomeJson, [.. done.Files], problem)));
    }

    private string? With(string taskId, Action<AgentTask> action)
    {
        if (!_tasks.TryGetValue(taskId, out AgentTask? task)) return $"speaks of a task that it was not given";
        action(task);
        return null;
    }
}
