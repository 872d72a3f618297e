using System.Net;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Density;

/// <summary>What became of one emulated UE.</summary>
internal struct UeState
{
    public long StartNs, StartUnixNs, UpNs, LastSentNs;
    public uint Sequence;
    /// <summary>The last question was part of the hold and is not answered yet.</summary>
    public bool Counting;
    public int Sent, Answered;

    public readonly bool IsUp => UpNs != 0;
}

/// <summary>
/// Sets UEs up at a steady rate, each from its own address, then keeps all of them active and counts answers.
/// A UE is up when its first answer comes within the time-out; until then it asks again each second.
/// One thread, one socket a UE.
/// </summary>
internal sealed class DensityRamp : IDisposable
{
    private const long NsPerMs = 1_000_000, NsPerSecond = 1_000 * NsPerMs;
    private const long RetryNs = NsPerSecond;
    /// <summary>Five packets of each UE in a window of ten seconds.</summary>
    private const long ActiveNs = 2 * NsPerSecond;
    /// <summary>An answer in the hold that takes longer is a failure.</summary>
    private const long AnswerNsMax = NsPerSecond;

    private readonly DensityOrder _order;
    private readonly byte[] _key;
    private readonly Wake _wake;
    private readonly SocketSet _set;
    private readonly SockAddr _remote;
    private readonly UdpSocket[] _sockets;
    private readonly PriorityQueue<int, long> _due;
    private readonly byte[] _datagram = new byte[DensityMessage.Length + 1];
    private long _holdNs = long.MaxValue, _endNs = long.MaxValue;
    private int _started;

    public DensityRamp(DensityOrder order, byte[] key, Wake wake)
    {
        (_order, _key, _wake) = (order, key, wake);
        DescriptorLimit.Require(order.Count);
        _remote = SockAddr.Create(order.RemoteAddress, order.Port);
        _sockets = new UdpSocket[order.Count];
        Ues = new UeState[order.Count];
        _due = new(order.Count);
        _set = new(wake);
        try
        {
            for (int i = 0; i < order.Count; i++)
            {
                _sockets[i] = Open(order.Address(i));
                _set.Add(_sockets[i], i);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public UeState[] Ues { get; }
    public int UpCount { get; private set; }
    /// <summary>Why the kernel last refused to send; 0 when it never did.</summary>
    public int LastErrno { get; private set; }

    public void Run()
    {
        Span<int> ready = stackalloc int[256];
        long start = Clocks.MonotonicNs();
        while (!_wake.IsSignalled)
        {
            long now = Clocks.MonotonicNs();
            StartDue(start, now);
            if (now >= _endNs) return;
            SendDue(now);
            int count = _set.Wait(ready, WaitMs(start, now));
            for (int i = 0; i < count; i++) Receive(ready[i]);
        }
    }

    public void Dispose()
    {
        _set.Dispose();
        foreach (UdpSocket? socket in _sockets) socket?.Dispose();
    }

    /// <summary>An address of a routed pool needs no interface; where there is no route, bind freely.</summary>
    private static UdpSocket Open(IPAddress address)
    {
        const int BufferBytes = 16 * 1024;
        try
        {
            return new(address, 0, new(BufferBytes: BufferBytes));
        }
        catch (SocketFault fault) when (fault.Errno == SocketFault.Eaddrnotavail)
        {
            return new(address, 0, new(FreeBind: true, BufferBytes: BufferBytes));
        }
    }

    private void StartDue(long start, long now)
    {
        while (_started < _order.Count && now >= start + _started * _order.StartIntervalNs)
        {
            ref UeState ue = ref Ues[_started];
            ue.StartNs = now;
            ue.StartUnixNs = Clocks.RealtimeNs();
            _due.Enqueue(_started++, now);
        }
        if (_started < _order.Count || _holdNs != long.MaxValue) return;
        // Everyone has had a first try a second ago when the hold starts; those still asking go on into it.
        _holdNs = now + AnswerNsMax;
        _endNs = Math.Max(_holdNs + _order.HoldNs + AnswerNsMax, now + _order.TimeoutNs);
    }

    private void SendDue(long now)
    {
        while (_due.TryPeek(out int index, out long dueNs) && dueNs <= now)
        {
            _due.Dequeue();
            ref UeState ue = ref Ues[index];
            if (!ue.IsUp && now - ue.StartNs >= _order.TimeoutNs) continue; // Given up.
            bool holding = now >= _holdNs && now < _holdNs + _order.HoldNs;
            if (ue.IsUp && now >= _holdNs && !holding) continue; // The hold is over.
            Ask(index, ref ue, now, counting: ue.IsUp && holding);
            _due.Enqueue(index, now + (ue.IsUp ? ActiveNs : RetryNs));
        }
    }

    private void Ask(int index, ref UeState ue, long now, bool counting)
    {
        new DensityMessage(false, index, ++ue.Sequence).Write(_key, _datagram);
        ue.LastSentNs = now;
        ue.Counting = counting;
        if (counting) ue.Sent++;
        int errno = _sockets[index].Send(_datagram.AsSpan(0, DensityMessage.Length), in _remote);
        if (errno != 0) LastErrno = errno;
    }

    private void Receive(int index)
    {
        while (_sockets[index].TryReceive(_datagram, out Received received))
        {
            long now = Clocks.MonotonicNs();
            if (received.Length > _datagram.Length || !received.Source.Equals(_remote)
                || !DensityMessage.TryRead(_key, _datagram.AsSpan(0, received.Length), out DensityMessage answer)
                || !answer.IsAnswer || answer.Ue != index)
                continue;
            ref UeState ue = ref Ues[index];
            if (!ue.IsUp && answer.Sequence <= ue.Sequence && now - ue.StartNs <= _order.TimeoutNs)
            {
                ue.UpNs = now;
                UpCount++;
            }
            if (!ue.Counting || answer.Sequence != ue.Sequence || now - ue.LastSentNs > AnswerNsMax) continue;
            ue.Counting = false;
            ue.Answered++;
        }
    }

    private int WaitMs(long start, long now)
    {
        long next = now + 100 * NsPerMs;
        if (_started < _order.Count) next = Math.Min(next, start + _started * _order.StartIntervalNs);
        if (_due.TryPeek(out _, out long dueNs)) next = Math.Min(next, dueNs);
        next = Math.Min(next, _endNs);
        return (int)Math.Max(0, (next - now + NsPerMs - 1) / NsPerMs);
    }
}
