using Testbed.Conformance;

namespace Testbed.Server.Agents;

/// <summary>How a task ended.</summary>
/// <param name="OutcomeJson">The agent's outcome, canonical JSON; empty when it gave none.</param>
/// <param name="Files">Evidence files, already received, as paths inside the run folder.</param>
/// <param name="Problem">Why the task did not do its work; null when it did.</param>
/// <param name="IsAgentLost">The kit was lost before the task ended.</param>
public sealed record TaskOutcome(
    string TaskId, string Kit, string OutcomeJson, IReadOnlyList<string> Files, LocalText? Problem,
    bool IsAgentLost = false);

/// <summary>
/// A task that an agent was told to do. Both promises always come true: a lost agent fulfils them too.
/// </summary>
public sealed class AgentTask
{
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TaskOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal AgentTask(string id, string kind, string kit)
    {
        Id = id;
        Kind = kind;
        Kit = kit;
    }

    public string Id { get; }
    public string Kind { get; }
    public string Kit { get; }
    /// <summary>True once the task answers or sees packets; false when it ended before it did.</summary>
    public Task<bool> Ready => _ready.Task;
    public Task<TaskOutcome> Done => _done.Task;
    /// <summary>0 to 1, as the agent last said.</summary>
    public double Share { get; private set; }
    /// <summary>A short figure such as a rate so far; empty when there is none.</summary>
    public string Figure { get; private set; } = "";

    internal void MarkReady() => _ready.TrySetResult(true);

    internal void MarkProgress(double share, string figure)
    {
        Share = double.IsFinite(share) ? Math.Clamp(share, 0, 1) : 0;
        Figure = figure.Length > 120 ? figure[..120] : figure;
    }

    internal void Finish(TaskOutcome outcome)
    {
        _done.TrySetResult(outcome);
        _ready.TrySetResult(false);
    }

    internal void Lose(LocalText why) =>
        Finish(new(Id, Kit, "", [], new($"套件 {Kit}：{why.Zh}", $"kit {Kit}: {why.En}"), IsAgentLost: true));
}
