using Testbed.Analyzer.Decoding;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Details.Tcp;

/// <summary>One conversation at a time: its connections, one after the other, in both directions.</summary>
internal sealed class TcpConversation(IReadOnlyList<TapCapture> taps, TcpTotals totals)
{
    private readonly CopyFinder _copies = new(taps);
    private readonly SequenceTracker[] _trackers = [new(), new()];
    private readonly Handshake _handshake = new();
    private readonly long[] _retransmissions = new long[2];
    private PacketDirection _opener;
    private long _connections;
    private long _outOfOrder;
    private long? _serverSideNs;
    private long? _clientSideNs;

    /// <summary>Of use where there is any.</summary>
    public SegmentPlace FirstRetransmission { get; private set; }

    public TcpFlowFigures Figures => new(
        _connections, _serverSideNs, _clientSideNs, _retransmissions[0], _retransmissions[1], _outOfOrder);

    /// <summary>The next conversation.</summary>
    public void Begin()
    {
        _handshake.Clear();
        foreach (SequenceTracker tracker in _trackers) tracker.Clear();
        Array.Clear(_retransmissions);
        (_connections, _outOfOrder, _serverSideNs, _clientSideNs) = (0, 0, null, null);
    }

    /// <param name="segments">The conversation's, by time.</param>
    /// <param name="direction">0 from its first end, 1 towards it.</param>
    public void Add(ReadOnlySpan<SegmentPlace> segments, int at, int direction)
    {
        ref PacketRecord record = ref taps[segments[at].Tap].Records[segments[at].Record];
        TcpFlags flags = (TcpFlags)record.TcpFlags;
        if (flags.HasFlag(TcpFlags.Rst)) totals.Segments++;
        else if (flags.HasFlag(TcpFlags.Syn)) AddSyn(segments, at, direction, record);
        else AddOther(segments, at, direction, record);
    }

    private void AddSyn(ReadOnlySpan<SegmentPlace> segments, int at, int direction, in PacketRecord record)
    {
        bool isAnswer = ((TcpFlags)record.TcpFlags).HasFlag(TcpFlags.Ack);
        bool isAgain = isAnswer
            ? _handshake.IsSynAckAgain(direction, record.Extra) : _handshake.IsSynAgain(direction, record.Extra);
        if (isAgain && _copies.IsCopy(segments, at))
        {
            totals.Copies++;
            return;
        }
        totals.Segments++;
        if (isAgain)
        {
            totals.Of(record.Direction).SynAgain++;
            if (_handshake.Again()) totals.OpenedBy(_opener).Ambiguous++;
            Retransmitted(segments[at], direction);
            return;
        }
        if (!isAnswer) Open(direction, record);
        else Answer(direction, record);
        _trackers[direction].Start(record.Extra);
        // Data in a SYN (TCP Fast Open, RFC 7413).
        if (record.PayloadLength > 0)
            totals.Of(record.Direction).Add(
                _trackers[direction].Accept(
                    record.Extra + 1, record.PayloadLength, false, record.IpId, record.TimeNs, 0),
                record.PayloadLength, 0);
    }

    private void Open(int direction, in PacketRecord record)
    {
        NewConnection();
        _opener = record.Direction;
        totals.OpenedBy(_opener).Opened++;
        _handshake.Open(direction, record.Extra, record.TimeNs);
    }

    private void Answer(int direction, in PacketRecord record)
    {
        bool answersSeen = _handshake.IsAnswer(direction);
        if (!answersSeen)
        {
            // Its SYN passed before the capture began, or the tap missed it.
            NewConnection();
            _opener = Opposite(record.Direction);
        }
        bool isSure = _handshake.Answer(direction, record.Extra, record.TimeNs);
        OpeningCount openings = totals.OpenedBy(_opener);
        if (answersSeen) openings.Answered++;
        if (answersSeen && _handshake.IsAmbiguous) openings.Ambiguous++;
        if (!isSure) return;
        openings.ServerSideNs.Add(_handshake.ServerSideNs);
        _serverSideNs ??= _handshake.ServerSideNs;
    }

    private void AddOther(ReadOnlySpan<SegmentPlace> segments, int at, int direction, in PacketRecord record)
    {
        bool isFin = ((TcpFlags)record.TcpFlags).HasFlag(TcpFlags.Fin);
        int length = record.PayloadLength + (isFin ? 1 : 0);
        SequenceTracker tracker = _trackers[direction];
        SegmentFate fate = tracker.Accept(
            record.Extra, length, isFin, record.IpId, record.TimeNs, _handshake.RoundTripNs);
        if (fate is SegmentFate.SeenBefore or SegmentFate.KeepAlive && _copies.IsCopy(segments, at))
        {
            totals.Copies++;
            return;
        }
        totals.Segments++;
        totals.Of(record.Direction).Add(fate, record.PayloadLength, tracker.BytesSeenBefore);
        if (fate is SegmentFate.SeenBefore or SegmentFate.LostBeforeTap) Retransmitted(segments[at], direction);
        else if (fate is SegmentFate.OutOfOrder) _outOfOrder++;
        if (!_handshake.Follow(direction, record.Extra, length, record.TimeNs)) return;
        totals.OpenedBy(_opener).ClientSideNs.Add(_handshake.ClientSideNs);
        _clientSideNs ??= _handshake.ClientSideNs;
    }

    private void NewConnection()
    {
        _connections++;
        _handshake.Clear();
        foreach (SequenceTracker tracker in _trackers) tracker.Clear();
    }

    private void Retransmitted(SegmentPlace place, int direction)
    {
        if (_retransmissions[0] + _retransmissions[1] == 0) FirstRetransmission = place;
        _retransmissions[direction]++;
    }

    private static PacketDirection Opposite(PacketDirection direction) => direction switch
    {
        PacketDirection.Uplink => PacketDirection.Downlink,
        PacketDirection.Downlink => PacketDirection.Uplink,
        _ => PacketDirection.Unknown,
    };
}
