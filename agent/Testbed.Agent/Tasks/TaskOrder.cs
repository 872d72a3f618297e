using Testbed.Conformance;

namespace Testbed.Agent.Tasks;

/// <summary>One order of the server, checked.</summary>
internal sealed record TaskOrder(
    string Id, string Kind, ReadOnlyMemory<byte> RunNonce, IReadOnlyDictionary<string, string> Parameters);

/// <summary>How a task ended: what the server is told in <c>TaskDone</c>.</summary>
/// <param name="OutcomeJson">Canonical JSON; empty when there is no outcome.</param>
/// <param name="Files">Durable files to be sent first, also those of a task that failed.</param>
internal sealed record TaskEnd(string OutcomeJson, IReadOnlyList<Spool.SpooledFile> Files, LocalText? Problem);

/// <summary>What a task may say to the server while it runs.</summary>
internal interface ITaskVoice
{
    ValueTask ReadyAsync();
    /// <param name="share">0 to 1.</param>
    void Progress(double share, string? figure);
}

/// <summary>A kind of task that this agent can do.</summary>
internal interface IAgentTask
{
    /// <summary>Runs to its end, or until stopped: a stopped task still ends in order and gives what it has.</summary>
    Task<TaskEnd> RunAsync(TaskOrder order, ITaskVoice voice, CancellationToken stop);
}
