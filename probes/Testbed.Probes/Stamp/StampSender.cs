using Testbed.Probes.Sockets;
using Testbed.Wire;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Stamp;

/// <summary>
/// A Session-Sender: one thread sends on an absolute schedule, another receives with kernel stamps, so that
/// waiting for one packet never delays another's stamp.
/// </summary>
internal sealed class StampSender : IDisposable
{
    private const long NsPerMs = 1_000_000;
    /// <summary>Both threads stand before the first packet is due.</summary>
    private const long LeadNs = 20 * NsPerMs;
    /// <summary>Cancellation and give-up are looked at this often.</summary>
    private const long LookNs = 50 * NsPerMs;
    /// <summary>A sender held up for longer shifts its schedule instead of sending a burst.</summary>
    private const long CatchUpNsMax = 1_000 * NsPerMs;

    private readonly StampSenderOrder _order;
    private readonly StampKey _key;
    private readonly SendSchedule _schedule;
    private readonly SessionLedger _ledger;
    private readonly UdpSocket _socket;
    private readonly SockAddr _remote;
    private readonly Wake _wake;
    private readonly CancellationToken _cancellation;
    private long _sendCallNs, _notAuthentic, _foreign;
    private int _lastErrno;

    public StampSender(
        StampSenderOrder order, ReadOnlySpan<byte> runNonce, RecordWriter record, CancellationToken cancellation)
    {
        _order = order;
        _cancellation = cancellation;
        _key = StampKeys.Derive(runNonce, order.Session);
        _schedule = new(runNonce, order.Session, (double)order.RatePps);
        _ledger = new(order.Count, order.WindowPackets, order.WaitNs, order.DeadlineNs, record);
        _remote = SockAddr.Create(order.RemoteAddress, order.Port);
        _socket = new(order.LocalAddress, order.LocalPort);
        _wake = new(cancellation);
    }

    public double Share => (double)_ledger.Entered / _order.Count;

    public async Task<StampOutcome> RunAsync()
    {
        Task<bool> receiving = ProbeThread.RunAsync("stamp-receive", Receive);
        Task<bool> sending = ProbeThread.RunAsync("stamp-send", Send);
        Task first = await Task.WhenAny(receiving, sending);
        if (!first.IsCompletedSuccessfully) _wake.Signal(); // One failed thread ends the other.
        await Task.WhenAll(receiving, sending);
        (DelaySamples samples, StampCounters counters) = _ledger.Finish();
        counters.NotAuthentic = _notAuthentic;
        counters.Foreign = _foreign;
        counters.SocketDrops = _socket.Overflows;
        double sendCallMeanNs = counters.Sent == 0 ? 0 : (double)_sendCallNs / counters.Sent;
        return new(samples, counters, _ledger.Losses, _ledger.ProvenLosses, sendCallMeanNs, _lastErrno);
    }

    public void Dispose()
    {
        _wake.Dispose();
        _socket.Dispose();
    }

    private bool Send()
    {
        byte[] payload = new byte[_order.PacketBytes];
        StampErrorEstimate estimate = Clocks.ErrorEstimate(StampTimestampFormat.Ntp);
        long startNs = Clocks.MonotonicNs() + LeadNs;
        for (int i = 0; i < _order.Count; i++)
        {
            long dueNs = startNs + _schedule.DueNs(i);
            if (!SleepUntil(dueNs)) break;
            long behindNs = Clocks.MonotonicNs() - dueNs;
            if (behindNs > CatchUpNsMax) startNs += behindNs;
            SendOne((uint)i, dueNs, payload, estimate);
        }
        _cancellation.ThrowIfCancellationRequested();
        return true;
    }

    private void SendOne(uint sequence, long dueNs, Span<byte> payload, StampErrorEstimate estimate)
    {
        ClockReading now = Clocks.ReadBoth();
        new StampSenderPacket(sequence, now.RealtimeNs, estimate, (ushort)_order.Session).Write(payload, true);
        _order.Marker.Span.CopyTo(StampLayout.PaddingValue(payload, true));
        _key.Sign(payload);
        _ledger.Enter(sequence, in now, now.MonotonicNs - dueNs);
        int errno = _socket.Send(payload, in _remote);
        _sendCallNs += Clocks.MonotonicNs() - now.MonotonicNs;
        if (errno == 0) return;
        _ledger.NotSent(sequence);
        _lastErrno = errno;
    }

    /// <returns>False when the session is to end.</returns>
    private bool SleepUntil(long dueNs)
    {
        while (!_wake.IsSignalled)
        {
            long now = Clocks.MonotonicNs();
            if (now >= dueNs) return true;
            Clocks.SleepUntil(Math.Min(dueNs, now + LookNs));
        }
        return false;
    }

    private bool Receive()
    {
        byte[] buffer = new byte[_order.PacketBytes + 1];
        while (!_wake.IsSignalled && !_ledger.AllDone(_order.Count))
        {
            bool ready = _socket.Wait(Clocks.MonotonicNs() + LookNs, _wake);
            while (ready && _socket.TryReceive(buffer, out Received received)) Accept(buffer, in received);
            _ledger.Sweep(Clocks.MonotonicNs());
        }
        _cancellation.ThrowIfCancellationRequested();
        return true;
    }

    private void Accept(ReadOnlySpan<byte> buffer, in Received received)
    {
        ClockReading now = Clocks.ReadBoth();
        if (!received.Source.Equals(_remote))
        {
            _foreign++;
            return;
        }
        ReadOnlySpan<byte> payload = buffer[..Math.Min(received.Length, buffer.Length)];
        if (!_key.Verify(payload)
            || StampReflectorPacket.Read(payload, true, out StampReflectorPacket answer) != DecodeStatus.Ok
            || answer.SessionId != _order.Session)
        {
            _notAuthentic++;
            return;
        }
        _ledger.Answer(in answer, received.RealtimeNs, in now);
    }
}
