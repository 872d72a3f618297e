using System.Buffers.Binary;

namespace Testbed.Wire.Http2;

/// <summary>What reading gave.</summary>
public enum Http2Event : byte
{
    /// <summary>All bytes are used up.</summary>
    NeedMore = 0,
    /// <summary>A header block of a request or a response.</summary>
    Headers = 1,
    /// <summary>Damage, or more than is kept: this direction cannot be followed further.</summary>
    Fault = 2,
}

/// <summary>
/// Reads one direction of an HTTP/2 connection (RFC 9113 §4.1) from bytes in order. Bodies and all frames but those
/// with header blocks are stepped over and never stored.
/// <code>
///  0            3      4       5           9
///  | length     | type | flags | stream    | payload
/// </code>
/// </summary>
public sealed class Http2Reader
{
    /// <summary>What a client begins with (RFC 9113 §3.4).</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;
    private const int HeaderLength = 9;
    private const int BlockMax = 65_536;
    /// <summary>Larger buffers are given back after their block: there may be many connections.</summary>
    private const int BufferKept = 4_096;
    private const byte HeadersType = 1, PushPromiseType = 5, ContinuationType = 9;
    private const byte EndHeaders = 0x04, Padded = 0x08, HasPriority = 0x20;

    private readonly HpackDecoder _hpack = new();
    private readonly byte[] _header = new byte[HeaderLength];
    private int _headerFill;
    private byte[] _payload = [];
    private int _payloadFill;
    private byte[] _block = [];
    private int _blockFill;
    private int _left;
    private bool _isFaulty;

    /// <summary>Stream of the frame that was read last.</summary>
    public int Stream { get; private set; }
    private byte Type => _header[3];
    private byte Flags => _header[4];
    private bool HasBlock => Type is HeadersType or PushPromiseType or ContinuationType;

    /// <summary>Reads on to the next header block; call again with what is left until it needs more.</summary>
    public Http2Event Read(ref ReadOnlySpan<byte> bytes, out Http2Headers headers)
    {
        headers = default;
        while (!_isFaulty && (!bytes.IsEmpty || (_headerFill == HeaderLength && _left == 0)))
        {
            if (_headerFill < HeaderLength)
            {
                FillHeader(ref bytes);
                continue;
            }
            int take = Math.Min(_left, bytes.Length);
            if (HasBlock) Fill(ref _payload, ref _payloadFill, bytes[..take]);
            bytes = bytes[take..];
            _left -= take;
            if (_left > 0 || _isFaulty) continue;
            _headerFill = 0;
            if (HasBlock && End(out headers)) return _isFaulty ? Http2Event.Fault : Http2Event.Headers;
        }
        return _isFaulty ? Http2Event.Fault : Http2Event.NeedMore;
    }

    private void FillHeader(ref ReadOnlySpan<byte> bytes)
    {
        int take = Math.Min(HeaderLength - _headerFill, bytes.Length);
        bytes[..take].CopyTo(_header.AsSpan(_headerFill));
        bytes = bytes[take..];
        _headerFill += take;
        if (_headerFill < HeaderLength) return;
        _left = _header[0] << 16 | _header[1] << 8 | _header[2];
        _payloadFill = 0;
        Stream = (int)(BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(5)) & 0x7FFF_FFFF);
    }

    private bool End(out Http2Headers headers)
    {
        bool isWhole = EndFrame(out headers);
        if (_payload.Length > BufferKept) _payload = [];
        if (isWhole && _block.Length > BufferKept) _block = [];
        return isWhole;
    }

    // True when a whole block is decoded. A block may be spread over a frame and its continuations (§6.10).
    private bool EndFrame(out Http2Headers headers)
    {
        headers = default;
        ReadOnlySpan<byte> payload = _payload.AsSpan(0, _payloadFill);
        if (Type is not ContinuationType)
        {
            _blockFill = 0;
            if (!Strip(ref payload)) return _isFaulty = true;
        }
        Fill(ref _block, ref _blockFill, payload);
        if (_isFaulty || (Flags & EndHeaders) == 0) return _isFaulty;
        _isFaulty = _hpack.Read(_block.AsSpan(0, _blockFill), out headers) is not DecodeStatus.Ok;
        // What a server promises is no answer and no request of the client's; it only moves the table on.
        return _isFaulty || Type is not PushPromiseType;
    }

    private bool Strip(ref ReadOnlySpan<byte> payload)
    {
        int padding = 0, fixedLength = Type is PushPromiseType ? 4 : (Flags & HasPriority) != 0 ? 5 : 0;
        if ((Flags & Padded) != 0)
        {
            if (payload.IsEmpty) return false;
            padding = payload[0];
            payload = payload[1..];
        }
        if (fixedLength + padding > payload.Length) return false;
        payload = payload[fixedLength..^padding];
        return true;
    }

    private void Fill(ref byte[] buffer, ref int fill, ReadOnlySpan<byte> bytes)
    {
        if (fill + bytes.Length > BlockMax)
        {
            _isFaulty = true;
            return;
        }
        if (fill + bytes.Length > buffer.Length)
            Array.Resize(ref buffer, Math.Min(BlockMax, Math.Max(1024, 2 * (fill + bytes.Length))));
        bytes.CopyTo(buffer.AsSpan(fill));
        fill += bytes.Length;
    }
}
