using Testbed.Conformance.Statistics;
using Testbed.Probes.Sockets;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Stamp;

/// <summary>
/// What became of each test packet, in the order of sending. The sender enters packets, the receiver answers
/// them; packets leave in order once answered or given up, to the record file and to the statistics.
/// Memory is bounded by rate × waiting time, besides one delay sample a packet.
/// </summary>
internal sealed class SessionLedger
{
    private enum State : byte { Free, Sent, Answered, ClockStep, NotSent }

    private struct Entry
    {
        public uint Sequence;
        public State State;
        public ClockReading Sent;
        /// <summary>How much later than due it was sent.</summary>
        public long LateNs;
        public long T2Ns, T3Ns, T4Ns;

        public readonly bool IsSentLate => KitStalls.IsStall(LateNs);
        public readonly long RoundTripNs => T4Ns - Sent.RealtimeNs - (T3Ns - T2Ns);
    }

    /// <summary>A wall clock that moves so far against the monotonic one while a packet is away has stepped.</summary>
    /// <remarks>NTP slews by at most 500 ppm: 1 ms takes a flight of two seconds.</remarks>
    public const long ClockStepNs = 1_000_000;

    /// <summary>An answered packet stays so long, for the sender may only then wake and tell that it slept.</summary>
    private const long AnsweredKeptNs = 250_000_000;

    private readonly Lock _lock = new();
    private readonly KitStalls _stalls = new();
    private readonly Entry[] _window;
    private readonly RecordWriter _record;
    private readonly long _waitNs, _deadlineNs;
    private readonly DelaySamples _samples;
    private readonly StampCounters _counters = new();
    private long _head, _next, _highestAnswered = -1;

    /// <param name="windowPackets">At least as many as are sent while one is waited for.</param>
    public SessionLedger(int count, int windowPackets, long waitNs, long deadlineNs, RecordWriter record)
    {
        _window = new Entry[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)windowPackets)];
        _samples = new(count);
        _record = record;
        _waitNs = waitNs;
        _deadlineNs = deadlineNs;
    }

    /// <summary>Losses in order of sending; late is lost.</summary>
    public LossSequence Losses { get; } = new();

    /// <summary>The same, without losses that may be a kit's.</summary>
    public LossSequence ProvenLosses { get; } = new();

    public bool AllDone(int count)
    {
        lock (_lock) return _head == count;
    }

    public long Entered
    {
        get
        {
            lock (_lock) return _next;
        }
    }

    /// <summary>Enters a packet just before it is sent, so that its answer cannot come first.</summary>
    /// <param name="lateNs">How much later than it was due.</param>
    public void Enter(uint sequence, in ClockReading now, long lateNs = 0)
    {
        lock (_lock)
        {
            _stalls.Add(now.RealtimeNs - lateNs, now.RealtimeNs);
            if (_next - _head == _window.Length) Leave(); // Waited for longer than a full window lasts.
            ref Entry entry = ref Slot(_next++);
            entry = new()
            {
                Sequence = sequence, State = State.Sent, Sent = now, LateNs = Math.Max(0, lateNs),
            };
        }
    }

    /// <summary>The kernel did not take the packet: it says nothing of the network.</summary>
    public void NotSent(uint sequence)
    {
        lock (_lock)
        {
            if (sequence < _head || sequence >= _next) return;
            Slot(sequence).State = State.NotSent;
        }
    }

    /// <summary>Enters a verified answer.</summary>
    /// <param name="t4Ns">The kernel's receive stamp.</param>
    /// <param name="now">Both clocks when the answer was read.</param>
    public void Answer(in StampReflectorPacket answer, long t4Ns, in ClockReading now)
    {
        lock (_lock)
        {
            _stalls.Add(t4Ns, now.RealtimeNs);
            long sequence = answer.SenderSequence;
            if (sequence >= _next)
            {
                _counters.Strange++;
                return;
            }
            if (sequence < _head)
            {
                // Answered before and already written, or given up: either way too late to change the record.
                _counters.AfterWait++;
                return;
            }
            ref Entry entry = ref Slot(sequence);
            if (entry.State != State.Sent)
            {
                _counters.Duplicates++;
                return;
            }
            if (answer.SenderTimestampUnixNs != entry.Sent.RealtimeNs)
            {
                _counters.Strange++;
                return;
            }
            if (sequence < _highestAnswered) _counters.Reordered++;
            _highestAnswered = Math.Max(_highestAnswered, sequence);
            entry.T2Ns = answer.ReceiveUnixNs;
            entry.T3Ns = answer.TimestampUnixNs;
            entry.T4Ns = t4Ns;
            entry.State = Stepped(in entry, in now) ? State.ClockStep : State.Answered;
        }
    }

    /// <summary>Gives up what was waited for long enough and hands on what is complete.</summary>
    public void Sweep(long nowMonotonicNs)
    {
        lock (_lock)
        {
            while (_head < _next)
            {
                ref Entry entry = ref Slot(_head);
                long keptNs = entry.State == State.Sent ? _waitNs : Math.Min(_waitNs, AnsweredKeptNs);
                if (nowMonotonicNs - entry.Sent.MonotonicNs < keptNs) return;
                Leave();
            }
        }
    }

    /// <summary>Statistics of all packets that have left.</summary>
    public (DelaySamples Samples, StampCounters Counters) Finish()
    {
        lock (_lock)
        {
            while (_head < _next) Leave();
            return (_samples, _counters);
        }
    }

    private ref Entry Slot(long sequence) => ref _window[sequence & (_window.Length - 1)];

    /// <summary>
    /// The offset of wall to monotonic clock at both ends of the flight: the difference of two readings of each
    /// clock, never of one clock and the other. A reflector's clock that ran further than the flight stepped too.
    /// </summary>
    private static bool Stepped(in Entry entry, in ClockReading now)
    {
        long moved = Math.Abs(now.OffsetNs - entry.Sent.OffsetNs);
        if (moved > ClockStepNs + now.WidthNs + entry.Sent.WidthNs) return true;
        long flight = entry.T4Ns - entry.Sent.RealtimeNs, held = entry.T3Ns - entry.T2Ns;
        return held < 0 || held > flight;
    }

    private void Leave()
    {
        ref Entry entry = ref Slot(_head++);
        ReadOnlySpan<byte> status = entry.State switch
        {
            State.Answered when entry.RoundTripNs <= _deadlineNs => "answered"u8,
            State.Answered => "late"u8,
            State.ClockStep => "clock-step"u8,
            State.NotSent => "not-sent"u8,
            _ => "lost"u8,
        };
        _stalls.Forget(entry.Sent.RealtimeNs);
        bool isDisturbed = IsDisturbed(in entry);
        long heldNs = HeldNs(in entry);
        _record.Add(entry.Sequence).Add(entry.Sent.RealtimeNs);
        _record.Add(entry.T2Ns).Add(entry.T3Ns).Add(entry.T4Ns).Add(status).Add(isDisturbed ? 1 : 0);
        _record.Add(entry.LateNs).Add(heldNs).EndRow();
        if (isDisturbed && entry.State != State.NotSent) _counters.Disturbed++;
        Count(in entry, Math.Max(0, entry.RoundTripNs - heldNs));
        entry.State = State.Free;
    }

    // Of a lost packet it is not known how long it flew: only what happened at its start counts.
    private bool IsDisturbed(in Entry entry)
    {
        if (entry.IsSentLate || entry.State != State.Answered) return entry.IsSentLate;
        return KitStalls.IsStall(entry.T3Ns - entry.T2Ns) || _stalls.Overlap(entry.Sent.RealtimeNs, entry.T4Ns);
    }

    /// <summary>How much of the packet's flight may be the kits'; all of one that was sent late.</summary>
    private long HeldNs(in Entry entry)
    {
        if (entry.State != State.Answered) return 0;
        if (entry.IsSentLate) return entry.T4Ns - entry.Sent.RealtimeNs;
        long reflectorNs = entry.T3Ns - entry.T2Ns;
        return _stalls.HeldNs(entry.Sent.RealtimeNs, entry.T4Ns)
            + (KitStalls.IsStall(reflectorNs) ? KitStalls.CatchUp * reflectorNs : 0);
    }

    private void Count(in Entry entry, long atLeastNs)
    {
        if (entry.State == State.NotSent)
        {
            _counters.NotSent++;
            return;
        }
        _counters.Sent++;
        bool isAnswered = entry.State == State.Answered;
        Losses.Add(!isAnswered || entry.RoundTripNs > _deadlineNs);
        ProvenLosses.Add(isAnswered ? atLeastNs > _deadlineNs : !entry.IsSentLate);
        switch (entry.State)
        {
            case State.ClockStep:
                _counters.ClockSteps++;
                break;
            case State.Answered:
                if (entry.RoundTripNs > _deadlineNs) _counters.Late++;
                _samples.Add(
                    entry.RoundTripNs, entry.T2Ns - entry.Sent.RealtimeNs, entry.T4Ns - entry.T3Ns, atLeastNs);
                break;
            default:
                _counters.Lost++;
                break;
        }
    }
}
