namespace Testbed.Wire.Transport;

/// <summary>
/// One direction of a TCP connection (RFC 9293 §3.4) as bytes in order: repeated bytes are left out, bytes that came
/// early wait. What waits is bounded; a gap that does not close gives the direction up.
/// </summary>
public sealed class TcpReassembly
{
    private const int SegmentsMax = 64;
    private const int BytesMax = 256 * 1024;
    private readonly List<(uint Sequence, byte[] Bytes)> _early = [];
    private uint? _next;
    private int _earlyBytes;

    /// <summary>Bytes are missing for good: cut off by the capture, or lost with too much behind them.</summary>
    public bool IsBroken { get; private set; }
    /// <summary>Bytes wait for others that did not come.</summary>
    public bool HasGap => IsBroken || _early.Count > 0;

    /// <summary>
    /// Takes a segment and gives what of it is next in order; then <see cref="TryNext"/> gives what waited for it.
    /// </summary>
    public ReadOnlySpan<byte> Add(in TcpHeader segment)
    {
        uint sequence = segment.SequenceNumber;
        if ((segment.Flags & TcpFlags.Syn) != 0) _next ??= ++sequence;
        if (IsBroken || segment.PayloadLength == 0) return default;
        _next ??= sequence;
        if (segment.Payload.Length < segment.PayloadLength)
        {
            IsBroken = true;
            return default;
        }
        if ((int)(sequence - _next.Value) > 0)
        {
            Hold(sequence, segment.Payload);
            return default;
        }
        return Advance(sequence, segment.Payload);
    }

    /// <summary>Bytes that came early and are next now.</summary>
    public bool TryNext(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        for (int i = 0; i < _early.Count; i++)
        {
            (uint sequence, byte[] held) = _early[i];
            if ((int)(sequence - _next!.Value) > 0) continue;
            _early.RemoveAt(i);
            _earlyBytes -= held.Length;
            bytes = Advance(sequence, held);
            return true;
        }
        return false;
    }

    private ReadOnlySpan<byte> Advance(uint sequence, ReadOnlySpan<byte> bytes)
    {
        int known = (int)(_next!.Value - sequence);
        if (known >= bytes.Length) return default;
        _next += (uint)(bytes.Length - known);
        return bytes[known..];
    }

    private void Hold(uint sequence, ReadOnlySpan<byte> bytes)
    {
        if (_early.Count >= SegmentsMax || _earlyBytes + bytes.Length > BytesMax)
        {
            IsBroken = true;
            _early.Clear();
            return;
        }
        _early.Add((sequence, bytes.ToArray()));
        _earlyBytes += bytes.Length;
    }
}
