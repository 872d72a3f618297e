using Testbed.Lab.Native;

namespace Testbed.Lab.Forwarding;

/// <summary>
/// One thread that blocks on up to three sockets and hands each batch to its worker. Nothing runs while no packet
/// comes.
/// </summary>
internal sealed class ForwardingLoop : IDisposable
{
    private readonly int[] _fds;
    private readonly StopSignal _stop;
    private readonly IBatchWorker _worker;
    private readonly Thread _thread;

    public ForwardingLoop(string name, IBatchWorker worker, StopSignal stop, params int[] fds)
    {
        _fds = fds;
        _stop = stop;
        _worker = worker;
        _thread = new(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Datagrams too long for the lab's buffers.</summary>
    public long TruncatedCount { get; private set; }

    private void Run()
    {
        using ReceiveBatch batch = new();
        Waiter waiter = new([_stop.Fd, .. _fds]);
        while (!_stop.IsSet)
        {
            waiter.Wait();
            for (int i = 0; i < _fds.Length; i++)
            {
                if (!waiter.IsReady(i + 1)) continue;
                int count;
                do
                {
                    count = batch.Receive(_fds[i]);
                    if (count > 0) _worker.Handle(batch, count, i);
                }
                while (count == ReceiveBatch.Capacity && !_stop.IsSet);
            }
            TruncatedCount = batch.TruncatedCount;
        }
    }

    /// <summary>Call after the stop signal is set.</summary>
    public void Dispose() => _thread.Join();
}

/// <summary>What a forwarding thread does with the packets of one receive call.</summary>
internal interface IBatchWorker
{
    /// <param name="socket">Index of the socket among those that the loop was given.</param>
    void Handle(ReceiveBatch batch, int count, int socket);
}
