using Testbed.Probes.Sockets;

namespace Testbed.Probes;

/// <summary>
/// Runs a probe's loop on a thread of its own: the pool's threads are shared, and a packet that waits for one
/// looks like a slow network.
/// </summary>
internal static class ProbeThread
{
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromMilliseconds(500);

    public static Task<T> RunAsync<T>(string name, Func<T> body)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                done.SetResult(body());
            }
            catch (OperationCanceledException cancelled)
            {
                done.SetCanceled(cancelled.CancellationToken);
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        })
        { IsBackground = true, Name = name };
        thread.Start();
        return done.Task;
    }

    /// <summary>Reports progress now and then from one place until the work ends.</summary>
    public static async Task<T> WithProgressAsync<T>(Task<T> work, IProbeHost host, Func<(double, string?)> look)
    {
        using PeriodicTimer timer = new(ProgressPeriod, host.Time);
        Task<bool> tick = timer.WaitForNextTickAsync().AsTask();
        while (await Task.WhenAny(work, tick) != work)
        {
            (double share, string? figure) = look();
            host.Progress(Math.Clamp(share, 0, 1), figure);
            tick = timer.WaitForNextTickAsync().AsTask();
        }
        return await work;
    }

    /// <summary>A kernel that refuses (no such address, no permission, no descriptors) is a cause to report.</summary>
    public static async Task<ProbeOutcome> GuardAsync(Func<Task<ProbeOutcome>> run)
    {
        try
        {
            return await run();
        }
        catch (ProbeFault fault)
        {
            return new([], [], fault.Text);
        }
    }

    /// <summary>For responders: cancellation is how they end, not a failure.</summary>
    public static Task<ProbeOutcome> RespondAsync(string name, Action body) => GuardAsync(async () =>
    {
        try
        {
            await RunAsync(name, () => { body(); return true; });
        }
        catch (OperationCanceledException) { }
        return new ProbeOutcome([], []);
    });
}
