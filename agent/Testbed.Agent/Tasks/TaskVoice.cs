using Testbed.Agent.Uplink;

namespace Testbed.Agent.Tasks;

/// <summary>Speaks for one task; progress at most five times a second, however often it is told.</summary>
internal sealed class TaskVoice(string taskId, Outbox outbox, TimeProvider time) : ITaskVoice
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);
    private readonly Lock _gate = new();
    private long? _lastProgress;

    public ValueTask ReadyAsync() => outbox.SendAsync(new() { TaskReady = new() { TaskId = taskId } });

    public void Progress(double share, string? figure)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (_lastProgress is { } last && time.GetElapsedTime(last, now) < ProgressInterval) return;
            _lastProgress = now;
        }
        double bounded = double.IsFinite(share) ? Math.Clamp(share, 0, 1) : 0;
        outbox.Offer(new() { TaskProgress = new() { TaskId = taskId, Share = bounded, Figure = figure ?? "" } });
    }
}
