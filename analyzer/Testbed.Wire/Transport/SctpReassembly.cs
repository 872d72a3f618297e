using Testbed.Wire.Ip;

namespace Testbed.Wire.Transport;

/// <summary>One direction of an association, as packets name it.</summary>
public readonly record struct SctpPath(
    HostAddress Source, HostAddress Destination, int SourcePort, int DestinationPort, uint VerificationTag);

/// <summary>What became of a DATA chunk.</summary>
public enum SctpDelivery : byte
{
    /// <summary>A user message is whole: this chunk's alone, or joined from several.</summary>
    Whole = 1,
    /// <summary>A piece; others are to come.</summary>
    Pending = 2,
    /// <summary>A transmission sequence number that was seen before.</summary>
    Retransmitted = 3,
    /// <summary>More associations or pieces than are kept.</summary>
    Refused = 4,
}

/// <summary>
/// Puts user messages of SCTP together (RFC 9260 §6.9) and leaves repeated chunks out (§6.2). Pieces of one message
/// have consecutive transmission sequence numbers. Memory is bounded: associations, pieces, bytes.
/// </summary>
public sealed class SctpReassembly
{
    private const int PathsMax = 16_384;
    /// <summary>Pieces that an association may wait with: a message of 64 KiB has about 50.</summary>
    private const int PiecesMax = 256;
    private const int PieceBytesMax = 1 << 20;
    private readonly Dictionary<SctpPath, Receiver> _receivers = [];
    private byte[] _joined = [];

    /// <summary>Pieces whose message never became whole, so far.</summary>
    public long PiecesLeft => _receivers.Values.Sum(receiver => (long)receiver.Pieces.Count) + _piecesForgotten;
    private long _piecesForgotten;

    /// <param name="message">The whole message when there is one; good until the next call.</param>
    public SctpDelivery Add(in SctpPath path, in SctpData data, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (!_receivers.TryGetValue(path, out Receiver? receiver))
        {
            if (_receivers.Count >= PathsMax) return SctpDelivery.Refused;
            _receivers[path] = receiver = new(data.TransmissionSequence);
        }
        if (!receiver.TryTake(data.TransmissionSequence)) return SctpDelivery.Retransmitted;
        if (data.IsFirst && data.IsLast)
        {
            message = data.Message;
            return SctpDelivery.Whole;
        }
        Forget(receiver, data.Message.Length);
        receiver.Pieces[data.TransmissionSequence] = new(data.Message.ToArray(), data.IsFirst, data.IsLast);
        receiver.PieceBytes += data.Message.Length;
        if (!receiver.TryJoin(data.TransmissionSequence, ref _joined, out int length)) return SctpDelivery.Pending;
        message = _joined.AsSpan(0, length);
        return SctpDelivery.Whole;
    }

    // A message that lost a piece would wait for ever: the oldest pieces make room.
    private void Forget(Receiver receiver, int bytes)
    {
        while (receiver.Pieces.Count > 0
            && (receiver.Pieces.Count >= PiecesMax || receiver.PieceBytes + bytes > PieceBytesMax))
        {
            receiver.DropOldest();
            _piecesForgotten++;
        }
    }

    private readonly record struct Piece(byte[] Bytes, bool IsFirst, bool IsLast);

    private sealed class Receiver(uint first)
    {
        /// <summary>Far more than is under way at once: windows hold tens to hundreds of chunks.</summary>
        private const int Window = 4096;
        /// <summary>A leap this wide is another life of the association, or damage.</summary>
        private const int LeapMax = 1 << 20;
        private readonly ulong[] _seen = new ulong[Window / 64];
        private uint _highest = first - 1;

        public Dictionary<uint, Piece> Pieces { get; } = [];
        public int PieceBytes { get; set; }

        public bool TryTake(uint sequence)
        {
            int ahead = (int)(sequence - _highest);
            if (ahead is > LeapMax or < -LeapMax)
            {
                Array.Clear(_seen);
                _highest = sequence - 1;
                ahead = 1;
            }
            if (ahead <= -Window) return false;
            for (int i = 1; i <= Math.Min(ahead, Window); i++) Clear(_highest + (uint)i);
            if (ahead > 0) _highest = sequence;
            else if (IsSet(sequence)) return false;
            _seen[sequence / 64 % (Window / 64)] |= 1UL << (int)(sequence % 64);
            return true;
        }

        /// <summary>Joins the message that this piece belongs to when all of it is here.</summary>
        public bool TryJoin(uint sequence, ref byte[] joined, out int length)
        {
            length = 0;
            uint from = sequence, to = sequence;
            while (!Pieces[from].IsFirst)
                if (!Pieces.TryGetValue(--from, out Piece before) || before.IsLast) return false;
            while (!Pieces[to].IsLast)
                if (!Pieces.TryGetValue(++to, out Piece after) || after.IsFirst) return false;
            if (joined.Length < PieceBytes) joined = new byte[PieceBytes];
            for (uint at = from; at != to + 1; at++)
            {
                Pieces.Remove(at, out Piece piece);
                piece.Bytes.CopyTo(joined, length);
                length += piece.Bytes.Length;
            }
            PieceBytes -= length;
            return true;
        }

        public void DropOldest()
        {
            uint oldest = Pieces.Keys.MinBy(sequence => (int)(sequence - _highest));
            Pieces.Remove(oldest, out Piece piece);
            PieceBytes -= piece.Bytes.Length;
        }

        private bool IsSet(uint sequence) => (_seen[sequence / 64 % (Window / 64)] >> (int)(sequence % 64) & 1) != 0;

        private void Clear(uint sequence) =>
            _seen[sequence / 64 % (Window / 64)] &= ~(1UL << (int)(sequence % 64));
    }
}
