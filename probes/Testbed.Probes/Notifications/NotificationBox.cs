using System.Threading.Channels;

namespace Testbed.Probes.Notifications;

/// <summary>
/// The address of one subscription and what came to it. Nobody who was not given the address finds it, so what one
/// peer sends never lands in another's box.
/// </summary>
/// <param name="countMax">Notifications kept; more are counted and thrown away.</param>
internal sealed class NotificationBox(Uri address, int countMax)
{
    // Unbounded, because the count is bounded here: a bounded channel that drops says that it took what it dropped.
    private readonly Channel<Notification> _channel =
        Channel.CreateUnbounded<Notification>(new() { SingleReader = true });
    private int _count, _refused;

    /// <summary>For <c>notificationDestination</c>.</summary>
    public Uri Address => address;

    /// <summary>Too many, too long, or not posted.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>False when the box is full.</summary>
    public bool TryPut(Notification notification)
    {
        if (Interlocked.Increment(ref _count) <= countMax && _channel.Writer.TryWrite(notification)) return true;
        Refuse();
        return false;
    }

    public void Refuse() => Interlocked.Increment(ref _refused);

    /// <summary>The next one, or null when none came in time.</summary>
    public async Task<Notification?> NextAsync(TimeSpan within, TimeProvider time, CancellationToken cancellation)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using ITimer timer = time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), deadline, within, Timeout.InfiniteTimeSpan);
        try
        {
            return await _channel.Reader.ReadAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>All that came and was not taken yet, in order.</summary>
    public IReadOnlyList<Notification> TakeAll()
    {
        List<Notification> all = [];
        while (_channel.Reader.TryRead(out Notification? notification)) all.Add(notification);
        return all;
    }
}
