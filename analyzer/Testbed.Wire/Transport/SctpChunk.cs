using System.Buffers.Binary;

namespace Testbed.Wire.Transport;

/// <summary>Chunk types of RFC 9260 §3.2 that matter here.</summary>
public enum SctpChunkType : byte
{
    Data = 0,
    Init = 1,
    InitAck = 2,
    Sack = 3,
    Heartbeat = 4,
    HeartbeatAck = 5,
    Abort = 6,
    Shutdown = 7,
    ShutdownAck = 8,
    Error = 9,
    CookieEcho = 10,
    CookieAck = 11,
    ShutdownComplete = 14,
}

/// <summary>One chunk: type, flags, value.</summary>
public readonly ref struct SctpChunk
{
    internal const int HeaderLength = 4;
    private const int DataHeaderLength = 12;
    /// <summary>SCTP payload protocol identifier of NGAP (TS 38.412 §7).</summary>
    public const uint NgapPayloadProtocol = 60;

    internal SctpChunk(ReadOnlySpan<byte> bytes, int length)
    {
        Type = (SctpChunkType)bytes[0];
        Flags = bytes[1];
        Value = bytes[HeaderLength..];
        ValueLength = length - HeaderLength;
    }

    public SctpChunkType Type { get; }
    public byte Flags { get; }
    /// <summary>Bytes at hand after the chunk header, without padding.</summary>
    public ReadOnlySpan<byte> Value { get; }
    /// <summary>Bytes on the wire after the chunk header, without padding.</summary>
    public int ValueLength { get; }

    /// <summary>Reads the value as a DATA chunk; false for other types and for values too short to be one.</summary>
    public bool TryReadData(out SctpData data)
    {
        data = default;
        if (Type is not SctpChunkType.Data || Value.Length < DataHeaderLength) return false;
        data = new(Value, Flags);
        return true;
    }

    /// <summary>Writes a chunk of any type with its padding, and returns its length.</summary>
    public static int Write(Span<byte> destination, SctpChunkType type, byte flags, ReadOnlySpan<byte> value)
    {
        int length = HeaderLength + value.Length;
        destination[0] = (byte)type;
        destination[1] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], checked((ushort)length));
        value.CopyTo(destination[HeaderLength..]);
        int padded = (length + 3) & ~3;
        destination[length..padded].Clear();
        return padded;
    }

    /// <summary>Writes a DATA chunk with an unfragmented message and its padding, and returns its length.</summary>
    public static int WriteData(
        Span<byte> destination, uint transmissionSequence, int stream, int streamSequence, uint payloadProtocol,
        ReadOnlySpan<byte> message)
    {
        int length = HeaderLength + DataHeaderLength + message.Length;
        destination[0] = (byte)SctpChunkType.Data;
        destination[1] = 0x03;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], checked((ushort)length));
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], transmissionSequence);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], checked((ushort)stream));
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], checked((ushort)streamSequence));
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], payloadProtocol);
        message.CopyTo(destination[16..]);
        int padded = (length + 3) & ~3;
        destination[length..padded].Clear();
        return padded;
    }
}

/// <summary>A DATA chunk's value (RFC 9260 §3.3.1).</summary>
public readonly ref struct SctpData
{
    private readonly ReadOnlySpan<byte> _value;
    private readonly byte _flags;

    internal SctpData(ReadOnlySpan<byte> value, byte flags)
    {
        _value = value;
        _flags = flags;
    }

    public uint TransmissionSequence => BinaryPrimitives.ReadUInt32BigEndian(_value);
    public int Stream => BinaryPrimitives.ReadUInt16BigEndian(_value[4..]);
    public int StreamSequence => BinaryPrimitives.ReadUInt16BigEndian(_value[6..]);
    /// <summary>Payload protocol identifier; 60 is NGAP.</summary>
    public uint PayloadProtocol => BinaryPrimitives.ReadUInt32BigEndian(_value[8..]);
    /// <summary>This chunk holds the first piece of a user message.</summary>
    public bool IsFirst => (_flags & 0x02) != 0;
    /// <summary>This chunk holds the last piece of a user message.</summary>
    public bool IsLast => (_flags & 0x01) != 0;
    public bool IsUnordered => (_flags & 0x04) != 0;
    public ReadOnlySpan<byte> Message => _value[12..];
}

/// <summary>Walks chunks with <c>foreach</c>; allocates nothing and always moves on by at least 4 bytes.</summary>
public ref struct SctpChunks
{
    private ReadOnlySpan<byte> _rest;
    private int _restLength;

    internal SctpChunks(ReadOnlySpan<byte> rest, int restLength)
    {
        _rest = rest;
        _restLength = restLength;
        Status = DecodeStatus.Ok;
    }

    public SctpChunk Current { get; private set; }
    /// <summary>Why the walk ended: Ok at the end of the packet, else what is wrong with the next chunk.</summary>
    public DecodeStatus Status { get; private set; }

    public readonly SctpChunks GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_restLength <= 0 || Status is not DecodeStatus.Ok) return false;
        if (_restLength < SctpChunk.HeaderLength) return End(DecodeStatus.BadLength);
        if (_rest.Length < SctpChunk.HeaderLength) return End(DecodeStatus.Truncated);
        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length < SctpChunk.HeaderLength || length > _restLength) return End(DecodeStatus.BadLength);
        Current = new(_rest[..Math.Min(length, _rest.Length)], length);
        int step = (length + 3) & ~3;
        _rest = _rest[Math.Min(step, _rest.Length)..];
        _restLength -= step;
        return true;
    }

    private bool End(DecodeStatus status)
    {
        Status = status;
        return false;
    }
}
