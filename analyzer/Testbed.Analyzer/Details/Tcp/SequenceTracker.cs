namespace Testbed.Analyzer.Details.Tcp;

/// <summary>What a segment's place in the sequence says about it.</summary>
internal enum SegmentFate
{
    /// <summary>Nothing that takes a place: no data, no FIN.</summary>
    Empty = 1,
    /// <summary>Goes on where the sequence ended, or behind a gap.</summary>
    New = 2,
    /// <summary>All or some of it had passed before.</summary>
    SeenBefore = 3,
    /// <summary>Fills a gap, later than anything that was only overtaken could come.</summary>
    LostBeforeTap = 4,
    /// <summary>Fills a gap that others left by overtaking it.</summary>
    OutOfOrder = 5,
    KeepAlive = 6,
    /// <summary>Ahead of all that was seen, or where gaps are no longer remembered.</summary>
    Undecided = 7,
}

/// <summary>
/// Follows the sequence numbers of one direction of a connection past a tap: what came, and what is missing. Numbers
/// are kept in 64 bits, so wrapping is no case of its own.
/// </summary>
internal sealed class SequenceTracker
{
    /// <summary>Gaps that are remembered; a tap that loses more packets in one flow can tell little anyway.</summary>
    private const int GapsMax = 4096;
    /// <remarks>The largest window that TCP can have (RFC 7323 §2.3), 1 GiB: no segment lies further off.</remarks>
    private const int JumpMax = 1 << 30;
    /// <remarks>Where no round trip is known, nothing that comes later was only overtaken; as in Wireshark.</remarks>
    private const long OvertakenNsDefault = 3_000_000;

    private readonly record struct Gap(long From, long To, long NoticedNs, ushort IdBehind);

    private readonly List<Gap> _gaps = [];
    private readonly IdOrder _ids = new();
    private bool _isStarted;
    /// <summary>Lowest number that was seen, or below which nothing is remembered.</summary>
    private long _base;
    private long _next;
    private bool _hasForgotten;
    /// <summary>Where a segment of a single byte stood: a probe of a closed window sends it again with more.</summary>
    private long _singleByteAt;

    /// <summary>Bytes of the last segment's sequence space that had passed before.</summary>
    public int BytesSeenBefore { get; private set; }

    /// <summary>A connection begins: the first byte stands behind the SYN.</summary>
    public void Start(uint initialSequence)
    {
        _gaps.Clear();
        _ids.Clear();
        _hasForgotten = false;
        _isStarted = true;
        _base = _next = (long)initialSequence + 1 + (1L << 40);
        _singleByteAt = -1;
    }

    public void Clear() => _isStarted = false;

    /// <param name="length">Data bytes, and one for FIN.</param>
    /// <param name="roundTripNs">0 when not known.</param>
    public SegmentFate Accept(uint sequence, int length, bool isFin, ushort ipId, long timeNs, long roundTripNs)
    {
        bool isFar = length > 0 && Math.Abs((long)(int)(sequence - (uint)_next)) > JumpMax;
        if (!_isStarted || isFar) Start(sequence - 1);
        if (length == 0) return SegmentFate.Empty;
        long from = _next + (int)(sequence - (uint)_next), to = from + length;
        if (from >= _next)
        {
            if (from > _next) AddGap(new(_next, from, timeNs, ipId));
            _ids.Add(ipId);
            if (length == 1 && !isFin) _singleByteAt = from;
            _next = to;
            return SegmentFate.New;
        }
        if (length == 1 && !isFin && to == _next) return SegmentFate.KeepAlive;
        if (from == _singleByteAt && to > _next && _next == from + 1)
        {
            _next = to;
            return SegmentFate.New;
        }
        return Again(from, to, ipId, timeNs, roundTripNs);
    }

    // At least its start lies where the sequence has been.
    private SegmentFate Again(long from, long to, ushort ipId, long timeNs, long roundTripNs)
    {
        long unknown = Math.Max(0, Math.Min(_base, to) - from);
        long missing = Fill(from, Math.Min(to, _next), out Gap gap);
        long seen = Math.Min(to, _next) - from - unknown - missing;
        if (!_hasForgotten) _base = Math.Min(_base, from);
        _next = Math.Max(_next, to);
        BytesSeenBefore = (int)seen;
        if (seen > 0) return SegmentFate.SeenBefore;
        if (missing == 0) return SegmentFate.Undecided;
        bool isOvertaken = _ids.IsBefore(ipId, gap.IdBehind)
            ?? timeNs - gap.NoticedNs < (roundTripNs > 0 ? roundTripNs : OvertakenNsDefault);
        return isOvertaken ? SegmentFate.OutOfOrder : SegmentFate.LostBeforeTap;
    }

    private void AddGap(Gap gap)
    {
        if (_gaps.Count == GapsMax)
        {
            _hasForgotten = true;
            _base = _gaps[0].To;
            _gaps.RemoveAt(0);
        }
        _gaps.Add(gap);
    }

    /// <summary>Takes the range out of the gaps; how many bytes of it were missing, and the first gap it met.</summary>
    private long Fill(long from, long to, out Gap first)
    {
        first = default;
        long filled = 0;
        for (int i = FirstBehind(from); i < _gaps.Count && _gaps[i].From < to;)
        {
            Gap gap = _gaps[i];
            if (filled == 0) first = gap;
            filled += Math.Min(to, gap.To) - Math.Max(from, gap.From);
            _gaps.RemoveAt(i);
            if (gap.From < from) _gaps.Insert(i++, gap with { To = from });
            if (gap.To > to) _gaps.Insert(i++, gap with { From = to });
        }
        return filled;
    }

    /// <summary>The first gap that ends behind a number.</summary>
    private int FirstBehind(long number)
    {
        int low = 0, high = _gaps.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_gaps[middle].To <= number) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
