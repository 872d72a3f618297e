using System.Buffers.Binary;

namespace Testbed.Wire.Pfcp;

/// <summary>
/// A PFCP header (TS 29.244 §7.2.2) over one message.
/// <code>
///  0                          1      2        4                    12         15
///  |ver| - | FO | MP | S      | type | length | SEID, with S only  | sequence | priority | elements
/// </code>
/// </summary>
public readonly ref struct PfcpHeader
{
    /// <summary>UDP port of PFCP requests (TS 29.244 §6.4.1).</summary>
    public const int Port = 8805;
    public const int NodeHeaderLength = 8;
    public const int SessionHeaderLength = 16;
    private const int FixedLength = 4;
    private readonly ReadOnlySpan<byte> _message;

    private PfcpHeader(ReadOnlySpan<byte> message) => _message = message;

    public PfcpMessageType MessageType => (PfcpMessageType)_message[1];
    /// <summary>A second message follows in the same datagram.</summary>
    public bool HasFollowOn => (_message[0] & 0x04) != 0;
    public bool HasSeid => (_message[0] & 0x01) != 0;
    /// <summary>Session endpoint identifier of the receiver; 0 without one, and in an establishment request.</summary>
    public ulong Seid => HasSeid ? BinaryPrimitives.ReadUInt64BigEndian(_message[FixedLength..]) : 0;
    /// <summary>24 bits; a response repeats its request's.</summary>
    public uint SequenceNumber => BinaryPrimitives.ReadUInt32BigEndian(_message[(Length - 4)..]) >> 8;
    /// <summary>Bytes of the header: 8 or 16.</summary>
    public int Length => HasSeid ? SessionHeaderLength : NodeHeaderLength;
    /// <summary>Bytes of the message, header included: where a following message would start.</summary>
    public int MessageLength => _message.Length;
    public PfcpElements Elements => new(_message[Length..]);

    /// <summary>Reads the message at the start of a datagram. A message is read whole or not at all.</summary>
    /// <remarks>
    /// Truncated also where the capture cut the message off: rules that are half known explain nothing.
    /// </remarks>
    public static DecodeStatus Read(ReadOnlySpan<byte> datagram, out PfcpHeader header)
    {
        header = default;
        if (datagram.IsEmpty) return DecodeStatus.Truncated;
        if (datagram[0] >> 5 != 1) return DecodeStatus.BadVersion;
        if (datagram.Length < FixedLength) return DecodeStatus.Truncated;
        int messageLength = FixedLength + BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        int headerLength = (datagram[0] & 0x01) != 0 ? SessionHeaderLength : NodeHeaderLength;
        if (messageLength < headerLength) return DecodeStatus.BadLength;
        if (datagram.Length < messageLength) return DecodeStatus.Truncated;
        header = new(datagram[..messageLength]);
        return DecodeStatus.Ok;
    }
}
