namespace Testbed.Probes.Capacity;

/// <summary>
/// Counts a trial's load as it arrives: bytes, gaps, reordering, delay and round trips, for the status every
/// 50 ms and for each second. No clock of its own: every arrival brings its time.
/// </summary>
internal sealed class ArrivalMeter(int seconds, int packetBytes)
{
    /// <summary>How far back a packet may come late and still be told from a duplicate.</summary>
    private const int WindowPackets = 4_096;
    private const int StatusesKept = 256;

    private struct Tally
    {
        public long ReceivedPackets, NewPackets, Reordered, HighestAtStart, DelaySumUs, RttMinNs, RttMaxNs;

        public readonly uint Lost(long highest) =>
            (uint)Math.Clamp(highest - HighestAtStart - NewPackets, 0, uint.MaxValue);
    }

    private readonly ulong[] _seen = new ulong[WindowPackets / 64];
    private readonly long[] _statusSentNs = new long[StatusesKept];
    private readonly SubInterval[] _rows = new SubInterval[seconds];
    private Tally _second = new() { HighestAtStart = -1 }, _status = new() { HighestAtStart = -1 };
    private long _firstNs = long.MaxValue, _firstUnixNs, _highest = -1, _delayMinNs = long.MaxValue;
    private uint _statusSequence, _echoed;
    private int _row;

    public bool Started => _firstNs != long.MaxValue;
    public long Duplicates { get; private set; }
    /// <summary>The trial's seconds; whole only when <see cref="Finish"/> was called.</summary>
    public IReadOnlyList<SubInterval> Rows => _rows;
    /// <summary>When the last whole second ends, on the clock of <see cref="Arrive"/>.</summary>
    public long EndNs => Started ? _firstNs + seconds * SubInterval.DurationNs : long.MaxValue;

    /// <param name="monotonicNs">When it arrived.</param>
    /// <param name="unixNs">The same by the wall clock, for the record and for one-way delay.</param>
    public void Arrive(in LoadHeader load, long monotonicNs, long unixNs)
    {
        if (!Started) (_firstNs, _firstUnixNs) = (monotonicNs, unixNs);
        CloseSecondsBefore(monotonicNs);
        if (_row == seconds) return;
        if (!Remember(load.Sequence, out bool late))
        {
            Duplicates++;
            return;
        }
        long delayNs = unixNs - load.SentUnixNs;
        _delayMinNs = Math.Min(_delayMinNs, delayNs);
        Count(ref _second, late, delayNs);
        Count(ref _status, late, delayNs);
        if (load.EchoSequence <= _echoed || load.EchoSequence > _statusSequence
            || _statusSequence - load.EchoSequence >= StatusesKept)
            return;
        _echoed = load.EchoSequence;
        long rttNs = monotonicNs - _statusSentNs[load.EchoSequence % StatusesKept] - load.EchoHoldNs;
        if (rttNs <= 0) return;
        _second.RttMinNs = _second.RttMinNs == 0 ? rttNs : Math.Min(_second.RttMinNs, rttNs);
        _second.RttMaxNs = Math.Max(_second.RttMaxNs, rttNs);
    }

    /// <summary>The next status, for what arrived since the last one.</summary>
    public StatusReport TakeStatus(long nowNs, long sinceNs)
    {
        uint sequence = ++_statusSequence;
        _statusSentNs[sequence % StatusesKept] = nowNs;
        long variationUs = _status.NewPackets == 0 ? 0
            : _status.DelaySumUs / _status.NewPackets - _delayMinNs / 1_000;
        double rateKbps = _status.ReceivedPackets * packetBytes * 8e6 / Math.Max(1, nowNs - sinceNs);
        StatusReport report = new(sequence, (uint)_status.ReceivedPackets, _status.Lost(_highest),
            (uint)_status.Reordered, (uint)Math.Max(0, variationUs), (uint)rateKbps);
        _status = new() { HighestAtStart = _highest };
        return report;
    }

    /// <summary>Closes what seconds are over.</summary>
    public void Finish(long nowNs)
    {
        if (Started) CloseSecondsBefore(nowNs);
    }

    private void CloseSecondsBefore(long nowNs)
    {
        while (_row < seconds && nowNs >= _firstNs + (_row + 1) * SubInterval.DurationNs)
        {
            long start = _firstUnixNs + _row * SubInterval.DurationNs;
            _rows[_row++] = new(start, start + SubInterval.DurationNs, 0, _second.ReceivedPackets * packetBytes,
                _second.Lost(_highest), (uint)_second.Reordered,
                (uint)(_second.RttMinNs / 1_000), (uint)(_second.RttMaxNs / 1_000));
            _second = new() { HighestAtStart = _highest };
        }
    }

    private static void Count(ref Tally tally, bool late, long delayNs)
    {
        tally.ReceivedPackets++;
        tally.NewPackets++;
        if (late) tally.Reordered++;
        tally.DelaySumUs += delayNs / 1_000;
    }

    /// <returns>False for a packet that was there already, or is too old to tell.</returns>
    private bool Remember(uint sequence, out bool late)
    {
        late = sequence <= _highest;
        if (_highest - sequence >= WindowPackets) return false;
        // Forget what leaves the window; a jump of a whole window clears it all.
        for (long next = Math.Max(_highest + 1, sequence - WindowPackets + 1); next <= sequence; next++)
            Mark(next) &= ~(1UL << (int)(next % 64));
        ref ulong word = ref Mark(sequence);
        ulong bit = 1UL << (int)(sequence % 64);
        if ((word & bit) != 0) return false;
        word |= bit;
        _highest = Math.Max(_highest, sequence);
        return true;
    }

    private ref ulong Mark(long sequence) => ref _seen[sequence % WindowPackets / 64];
}
