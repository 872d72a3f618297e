using System.Diagnostics;
using Testbed.Lab.Native;
using Testbed.Lab.Records;

namespace Testbed.Lab.Forwarding;

/// <summary>
/// Sends packets later, on a thread of its own, so that the forwarding threads never look at a clock for others.
/// </summary>
internal sealed class DelayLine : IDisposable
{
    private const int Capacity = 8192;
    /// <summary>Packets due this soon leave with the one that is due now; a wake-up costs about as much.</summary>
    private const long TogetherNs = 50_000;

    private readonly DelayQueue _queue = new(Capacity);
    private readonly Lock _gate = new();
    private readonly Wakeup _wakeup = new();
    private readonly StopSignal _stop;
    private readonly Thread _thread;
    private readonly int[] _slots = new int[ReceiveBatch.Capacity];

    public DelayLine(string name, StopSignal stop)
    {
        _stop = stop;
        _thread = new(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Packets that found no room: lost by the lab, and so part of the truth.</summary>
    public long OverflowCount { get; private set; }

    /// <summary>Now, in the clock of all due times, ns.</summary>
    public static long NowNs => Stopwatch.GetTimestamp();

    /// <summary>Copies a packet and sends it at <paramref name="dueNs"/>. False when there was no room.</summary>
    public bool TryAdd(ReadOnlySpan<byte> packet, SendPort port, long dueNs, Arrival arrival = default)
    {
        bool isFirst, isAdded;
        lock (_gate)
        {
            isFirst = dueNs < _queue.NextDueNs;
            isAdded = _queue.TryAdd(packet, port, dueNs, arrival);
            if (!isAdded) OverflowCount++;
        }
        if (isAdded && isFirst) _wakeup.Set();
        return isAdded;
    }

    private void Run()
    {
        // The default slack of 50 µs would be part of every delay.
        _ = Libc.ProcessControl(LinuxConstants.SetTimerSlack, 1, 0, 0, 0);
        using SendList sends = new();
        Waiter waiter = new(_stop.Fd, _wakeup.Fd);
        while (!_stop.IsSet)
        {
            long nextNs;
            lock (_gate) nextNs = _queue.NextDueNs;
            long nowNs = NowNs;
            if (nextNs > nowNs)
            {
                waiter.Wait(nextNs == long.MaxValue ? Waiter.Forever : nextNs - nowNs);
                if (waiter.IsReady(1)) _wakeup.Clear();
            }
            SendDue(sends);
        }
    }

    private unsafe void SendDue(SendList sends)
    {
        while (true)
        {
            int count = 0;
            lock (_gate)
            {
                if (_queue.NextDueNs > NowNs) return;
                long untilNs = NowNs + TogetherNs;
                while (count < _slots.Length && _queue.TryTake(untilNs, out DelayQueue.Entry entry))
                {
                    _slots[count++] = entry.Slot;
                    sends.Add(_queue.BytesOf(entry.Slot), entry.Length, entry.Port, entry.Arrival);
                }
            }
            sends.Flush();
            lock (_gate)
                for (int i = 0; i < count; i++) _queue.Release(_slots[i]);
        }
    }

    /// <summary>Call after the stop signal is set.</summary>
    public void Dispose()
    {
        _thread.Join();
        _queue.Dispose();
        _wakeup.Dispose();
    }
}
