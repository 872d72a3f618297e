using System.Buffers.Binary;
using Testbed.Lab.Records;
using Testbed.Wire;
using Testbed.Wire.Transport;

namespace Testbed.Lab.Access;

/// <summary>
/// One end of an SCTP association (RFC 9260), as far as NGAP between two neighbours needs it: the four-way handshake,
/// one ordered stream, acknowledgements bundled with data, retransmission from the first unacknowledged chunk on.
/// Packets are handed out as bytes; the kernel is not asked, for it may have no SCTP. Not thread-safe.
/// </summary>
/// <param name="send">Sends one SCTP packet with its checksum.</param>
/// <param name="deliver">Called with each user message, in order.</param>
internal sealed class SctpAssociation(
    ushort ownPort, ushort peerPort, Random random, SctpAssociation.PacketHandler send,
    SctpAssociation.PacketHandler deliver, EventCounts events)
{
    public delegate void PacketHandler(ReadOnlySpan<byte> bytes);

    private enum State { Closed, CookieWait, CookieEchoed, Established }

    /// <summary>RTO.Initial (RFC 9260 §16).</summary>
    public const long RetryNs = 1_000_000_000;
    private const int RetriesMax = 10;
    /// <summary>Chunks that may be under way; the receiver's socket holds far more.</summary>
    private const int WindowChunks = 256;
    /// <summary>An Ethernet payload less IPv4 header.</summary>
    private const int PacketBytesMax = 1480;
    private const uint ReceiveWindowBytes = 1 << 20;
    private const ushort Streams = 1;
    private const ushort StateCookie = 7;
    private const int InitBytes = 16;
    private const int CookieBytes = 16;
    private const int ParameterHeaderBytes = 4;
    /// <summary>The cause "user-initiated abort" without a reason (RFC 9260 §3.3.10.12).</summary>
    private static readonly byte[] UserAbort = [0x00, 0x0C, 0x00, 0x04];

    private readonly record struct Sent(uint Sequence, byte[] Chunk);

    private readonly Queue<byte[]> _waiting = [];
    private readonly Queue<Sent> _underWay = [];
    private readonly byte[] _packet = new byte[PacketBytesMax];
    private readonly byte[] _cookie = new byte[CookieBytes];
    private State _state;
    private uint _ownTag, _peerTag;
    private uint _nextSequence, _received;
    private ushort _streamSequence;
    private bool _owesAcknowledgement;
    private long _retryNs = long.MaxValue;
    private int _retries;

    public bool IsEstablished => _state is State.Established;

    /// <summary>When <see cref="RetryDue"/> has something to do; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDueNs => _retryNs;

    /// <summary>Called once each time that the association is up.</summary>
    public Action? Up { get; set; }

    /// <summary>Begins a new association; one that was there is aborted.</summary>
    public void Connect(long nowNs)
    {
        if (_state is State.Established) SendChunk(SctpChunkType.Abort, UserAbort);
        Reset();
        _state = State.CookieWait;
        SendInit(SctpChunkType.Init, 0);
        _retryNs = nowNs + RetryNs;
    }

    /// <summary>Queues a user message; <see cref="Flush"/> sends it.</summary>
    public void Send(byte[] message) => _waiting.Enqueue(message);

    /// <summary>Takes in one SCTP packet.</summary>
    public void Receive(ReadOnlySpan<byte> packet, long nowNs)
    {
        if (SctpHeader.Read(packet, out SctpHeader header) is not DecodeStatus.Ok) return;
        foreach (SctpChunk chunk in header.Chunks)
        {
            // An INIT carries no tag, for the peer knows none yet (RFC 9260 §8.5.1).
            uint expected = chunk.Type is SctpChunkType.Init ? 0 : _ownTag;
            if (header.VerificationTag != expected)
            {
                events.Add("sctp: another association's packet");
                return;
            }
            Take(chunk, nowNs);
        }
    }

    private void Take(in SctpChunk chunk, long nowNs)
    {
        switch (chunk.Type)
        {
            case SctpChunkType.Init when chunk.Value.Length >= InitBytes: Answer(chunk.Value); break;
            case SctpChunkType.InitAck when _state is State.CookieWait: EchoCookie(chunk.Value, nowNs); break;
            case SctpChunkType.CookieEcho when chunk.Value.SequenceEqual(_cookie):
                SendChunk(SctpChunkType.CookieAck, []);
                Establish();
                break;
            case SctpChunkType.CookieAck when _state is State.CookieEchoed:
                _retryNs = long.MaxValue;
                Establish();
                break;
            case SctpChunkType.Data when chunk.TryReadData(out SctpData data): Take(data); break;
            case SctpChunkType.Sack when chunk.Value.Length >= 4:
                Acknowledge(BinaryPrimitives.ReadUInt32BigEndian(chunk.Value), nowNs);
                break;
            case SctpChunkType.Abort: Reset(); break;
            default: events.Add($"sctp: {chunk.Type} not expected"); break;
        }
    }

    private void Reset()
    {
        _state = State.Closed;
        _ownTag = (uint)random.NextInt64(1, 1L << 32);
        _nextSequence = (uint)random.NextInt64(0, 1L << 32);
        _streamSequence = 0;
        _owesAcknowledgement = false;
        _retryNs = long.MaxValue;
        _retries = 0;
        _underWay.Clear();
        _waiting.Clear();
    }

    private void Answer(ReadOnlySpan<byte> init)
    {
        Reset();
        _peerTag = BinaryPrimitives.ReadUInt32BigEndian(init);
        _received = BinaryPrimitives.ReadUInt32BigEndian(init[12..]) - 1;
        random.NextBytes(_cookie);
        SendInit(SctpChunkType.InitAck, _peerTag);
    }

    private void EchoCookie(ReadOnlySpan<byte> answer, long nowNs)
    {
        if (answer.Length < InitBytes + ParameterHeaderBytes) return;
        ReadOnlySpan<byte> parameter = answer[InitBytes..];
        int length = BinaryPrimitives.ReadUInt16BigEndian(parameter[2..]);
        if (BinaryPrimitives.ReadUInt16BigEndian(parameter) != StateCookie || length < ParameterHeaderBytes
            || length > parameter.Length) return;
        _peerTag = BinaryPrimitives.ReadUInt32BigEndian(answer);
        _received = BinaryPrimitives.ReadUInt32BigEndian(answer[12..]) - 1;
        _state = State.CookieEchoed;
        _retryNs = nowNs + RetryNs;
        SendChunk(SctpChunkType.CookieEcho, parameter[ParameterHeaderBytes..length]);
    }

    private void Establish()
    {
        if (_state is State.Established) return;
        _state = State.Established;
        Up?.Invoke();
    }

    // A chunk beyond the next one is not taken: on one cable nothing overtakes, so the one between was lost and comes
    // again with all behind it.
    private void Take(in SctpData data)
    {
        _owesAcknowledgement = true;
        if (data.TransmissionSequence != _received + 1) return;
        _received++;
        if (data.PayloadProtocol == SctpChunk.NgapPayloadProtocol) deliver(data.Message);
        else events.Add("sctp: a payload that is not NGAP");
    }

    private void Acknowledge(uint sequence, long nowNs)
    {
        while (_underWay.TryPeek(out Sent oldest) && (int)(sequence - oldest.Sequence) >= 0)
        {
            _underWay.Dequeue();
            _retries = 0;
        }
        _retryNs = _underWay.Count == 0 ? long.MaxValue : nowNs + RetryNs;
    }

    /// <summary>Sends what waits, as far as the window allows, and the acknowledgement that is owed.</summary>
    public void Flush(long nowNs)
    {
        if (_state is not State.Established) return;
        int length = Begin(_peerTag);
        if (_owesAcknowledgement)
        {
            Span<byte> value = stackalloc byte[12];
            BinaryPrimitives.WriteUInt32BigEndian(value, _received);
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], ReceiveWindowBytes);
            value[8..].Clear();
            length += SctpChunk.Write(_packet.AsSpan(length), SctpChunkType.Sack, 0, value);
            _owesAcknowledgement = false;
        }
        while (_underWay.Count < WindowChunks && _waiting.TryDequeue(out byte[]? message))
        {
            byte[] chunk = new byte[(16 + message.Length + 3) & ~3];
            SctpChunk.WriteData(
                chunk, _nextSequence, 0, _streamSequence++, SctpChunk.NgapPayloadProtocol, message);
            if (_underWay.Count == 0) _retryNs = nowNs + RetryNs;
            _underWay.Enqueue(new(_nextSequence++, chunk));
            length = Append(chunk, length);
        }
        End(length);
    }

    /// <summary>Sends again what nobody acknowledged; gives the association up after ten times.</summary>
    public void RetryDue(long nowNs)
    {
        if (nowNs < _retryNs) return;
        if (_state is State.CookieWait or State.CookieEchoed || _retries++ == RetriesMax)
        {
            events.Add("sctp: association begun anew");
            Connect(nowNs);
            return;
        }
        events.Add("sctp: chunks sent again", _underWay.Count);
        _retryNs = nowNs + RetryNs;
        int length = Begin(_peerTag);
        foreach (Sent sent in _underWay) length = Append(sent.Chunk, length);
        End(length);
    }

    private int Append(byte[] chunk, int length)
    {
        if (length + chunk.Length > PacketBytesMax)
        {
            End(length);
            length = Begin(_peerTag);
        }
        chunk.CopyTo(_packet, length);
        return length + chunk.Length;
    }

    private void SendInit(SctpChunkType type, uint tag)
    {
        bool hasCookie = type is SctpChunkType.InitAck;
        Span<byte> value = stackalloc byte[InitBytes + ParameterHeaderBytes + CookieBytes];
        BinaryPrimitives.WriteUInt32BigEndian(value, _ownTag);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], ReceiveWindowBytes);
        BinaryPrimitives.WriteUInt16BigEndian(value[8..], Streams);
        BinaryPrimitives.WriteUInt16BigEndian(value[10..], Streams);
        BinaryPrimitives.WriteUInt32BigEndian(value[12..], _nextSequence);
        BinaryPrimitives.WriteUInt16BigEndian(value[InitBytes..], StateCookie);
        BinaryPrimitives.WriteUInt16BigEndian(value[(InitBytes + 2)..], ParameterHeaderBytes + CookieBytes);
        _cookie.CopyTo(value[(InitBytes + ParameterHeaderBytes)..]);
        int length = Begin(tag);
        length += SctpChunk.Write(_packet.AsSpan(length), type, 0, hasCookie ? value : value[..InitBytes]);
        End(length);
    }

    private void SendChunk(SctpChunkType type, ReadOnlySpan<byte> value)
    {
        int length = Begin(_peerTag);
        length += SctpChunk.Write(_packet.AsSpan(length), type, 0, value);
        End(length);
    }

    private int Begin(uint tag) => SctpHeader.Write(_packet, ownPort, peerPort, tag);

    // A packet of nothing but its header is not sent.
    private void End(int length)
    {
        if (length == SctpHeader.LengthMin) return;
        SctpHeader.WriteChecksum(_packet.AsSpan(0, length));
        send(_packet.AsSpan(0, length));
    }
}
