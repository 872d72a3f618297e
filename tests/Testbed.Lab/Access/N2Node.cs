using System.Collections.Concurrent;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Wire;
using Testbed.Wire.Ngap;

namespace Testbed.Lab.Access;

/// <summary>
/// One end of N2: NGAP over one association, on one thread. Wishes from other threads wait in a queue.
/// </summary>
internal abstract class N2Node : IDisposable
{
    private readonly string _name;
    private readonly N2Port _port;
    private readonly StopSignal _stop;
    private readonly ConcurrentQueue<Action> _wishes = [];
    private readonly Wakeup _wakeup = new();
    private readonly Thread _thread;

    protected N2Node(
        string name, N2Port port, ushort ownPort, ushort peerPort, int seed, EventCounts events, StopSignal stop)
    {
        (_name, _port, _stop) = (name, port, stop);
        Events = events;
        Random = new(seed);
        Association = new(ownPort, peerPort, Random, port.Send, Deliver, events);
        _thread = new(Run) { IsBackground = true, Name = name };
    }

    protected SctpAssociation Association { get; }
    protected EventCounts Events { get; }
    /// <summary>For this node's thread only.</summary>
    protected Random Random { get; }

    public void Start() => _thread.Start();

    /// <summary>Has something done on this node's thread.</summary>
    protected void Post(Action wish)
    {
        _wishes.Enqueue(wish);
        _wakeup.Set();
    }

    /// <summary>Called on this node's thread with each message of the peer.</summary>
    protected abstract void Take(NgapMessage message);

    protected void Send(NgapMessage message) => Association.Send(message.ToArray());

    private void Deliver(ReadOnlySpan<byte> bytes)
    {
        if (NgapMessage.Read(bytes, out NgapMessage? message) is DecodeStatus.Ok && message is not null) Take(message);
        else Events.Add($"{_name}: not NGAP");
    }

    private void Run()
    {
        using ReceiveBatch batch = new();
        Waiter waiter = new(_stop.Fd, _wakeup.Fd, _port.Fd);
        while (!_stop.IsSet)
        {
            long dueNs = Association.NextDueNs;
            waiter.Wait(dueNs == long.MaxValue ? Waiter.Forever : Math.Max(0, dueNs - DelayLine.NowNs));
            if (waiter.IsReady(1)) _wakeup.Clear();
            while (_wishes.TryDequeue(out Action? wish)) wish();
            if (waiter.IsReady(2)) Receive(batch);
            Association.RetryDue(DelayLine.NowNs);
            // All that one turn gave goes out together.
            Association.Flush(DelayLine.NowNs);
        }
    }

    private void Receive(ReceiveBatch batch)
    {
        int count = batch.Receive(_port.Fd);
        for (int i = 0; i < count; i++)
        {
            if (batch.TryGet(i, out Datagram packet) && _port.Unwrap(packet) is { IsEmpty: false } sctp)
                Association.Receive(sctp, DelayLine.NowNs);
        }
    }

    /// <summary>Call after the stop signal is set.</summary>
    public void Dispose()
    {
        _thread.Join();
        _wakeup.Dispose();
    }
}
