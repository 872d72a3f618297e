using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Testbed.Wire.Transport;

namespace Testbed.Wire.GtpU;

/// <summary>
/// A GTP-U header (TS 29.281 §5.1) with its optional fields and extension headers, over a message of which the end
/// may be cut off. The optional fields are there when any of E, S and PN is set.
/// <code>
///  0                     1      2        4      8                 10      11
///  |ver|PT|-| E | S | PN | type | length | TEID | sequence number | N-PDU | next extension … payload
/// </code>
/// </summary>
public readonly ref struct GtpUHeader
{
    /// <summary>UDP port of GTP-U (TS 29.281 §4.4.2).</summary>
    public const int Port = 2152;
    public const int LengthMin = 8;
    /// <summary>Bytes of a header with optional fields and no extension header.</summary>
    public const int LengthWithOptions = 12;
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _containerOffset;
    private readonly int _containerLength;

    private GtpUHeader(ReadOnlySpan<byte> message, int length, int messageLength, GtpUExtensions.Found found)
    {
        _message = message;
        Length = length;
        MessageLength = messageLength;
        _containerOffset = found.ContainerOffset;
        _containerLength = found.ContainerLength;
        ExtensionCount = found.Count;
    }

    public GtpUMessageType MessageType => (GtpUMessageType)_message[1];
    /// <summary>Tunnel endpoint identifier, chosen by the receiver of the message.</summary>
    public uint Teid => BinaryPrimitives.ReadUInt32BigEndian(_message[4..]);
    public bool HasSequenceNumber => (_message[0] & 0x02) != 0;
    /// <summary>Meaningful only with <see cref="HasSequenceNumber"/>; else 0.</summary>
    public ushort SequenceNumber =>
        HasSequenceNumber ? BinaryPrimitives.ReadUInt16BigEndian(_message[8..]) : (ushort)0;
    public bool HasNpduNumber => (_message[0] & 0x01) != 0;
    public byte NpduNumber => HasNpduNumber ? _message[10] : (byte)0;
    /// <summary>Bytes of the header, optional fields and extension headers included.</summary>
    public int Length { get; }
    /// <summary>Bytes of the message as its length field states, header included.</summary>
    public int MessageLength { get; }
    /// <summary>Payload bytes as stated.</summary>
    public int PayloadLength => MessageLength - Length;
    /// <summary>
    /// Payload bytes at hand: the user's packet of a G-PDU, the information elements of other messages.
    /// </summary>
    public ReadOnlySpan<byte> Payload => _message[Length..];
    public bool IsSnapped => _message.Length < MessageLength;
    public int ExtensionCount { get; }
    public bool HasPduSessionContainer => _containerLength != 0;
    /// <summary>
    /// Content of the first PDU session container, without length and next type; empty when there is none.
    /// </summary>
    public ReadOnlySpan<byte> PduSessionContent => _message.Slice(_containerOffset, _containerLength);
    /// <summary>The extension headers in order, already checked.</summary>
    public GtpUExtensions Extensions =>
        (_message[0] & 0x04) != 0 ? new(_message[..Length], _message[11]) : default;

    /// <summary>
    /// Reads a whole UDP payload; a GTP length that exceeds the UDP length is <see cref="DecodeStatus.BadLength"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeStatus Read(in UdpHeader udp, out GtpUHeader header) =>
        Read(udp.Payload, out header, udp.PayloadLength);

    /// <summary>
    /// Reads the message at the start of <paramref name="datagram"/>. Other protocols met on port 2152 have a status
    /// each: <see cref="DecodeStatus.GtpPrime"/>, <see cref="DecodeStatus.GtpV1Control"/>,
    /// <see cref="DecodeStatus.GtpV2Control"/>, <see cref="DecodeStatus.BadVersion"/>.
    /// </summary>
    /// <param name="datagramLength">
    /// UDP payload bytes on the wire, against which the length field is checked; 0 when unknown: then a message that
    /// states more than is at hand counts as cut off by the capture.
    /// </param>
    public static DecodeStatus Read(ReadOnlySpan<byte> datagram, out GtpUHeader header, int datagramLength = 0)
    {
        header = default;
        if (datagram.IsEmpty) return DecodeStatus.Truncated;
        int flags = datagram[0];
        if ((flags & 0xF0) != 0x30) return NotGtpU(flags);
        if (datagram.Length < LengthMin) return DecodeStatus.Truncated;
        if (!IsGtpUType(datagram[1])) return DecodeStatus.GtpV1Control;
        int messageLength = LengthMin + BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (datagramLength != 0 && messageLength > datagramLength) return DecodeStatus.BadLength;
        if (datagram.Length > messageLength) datagram = datagram[..messageLength];
        int length = LengthMin;
        GtpUExtensions.Found found = default;
        if ((flags & 0x07) != 0)
        {
            length = LengthWithOptions;
            if (messageLength < length) return DecodeStatus.BadLength;
            if (datagram.Length < length) return DecodeStatus.Truncated;
            // The next type is to be read only with E set; else the byte is there and means nothing.
            if ((flags & 0x04) != 0)
            {
                DecodeStatus status = GtpUExtensions.Walk(datagram, messageLength, ref length, out found);
                if (status is not DecodeStatus.Ok) return status;
            }
        }
        header = new(datagram, length, messageLength, found);
        return DecodeStatus.Ok;
    }

    private static DecodeStatus NotGtpU(int flags) => (flags >> 5) switch
    {
        // Version 1 with the protocol type bit clear.
        1 => DecodeStatus.GtpPrime,
        2 => DecodeStatus.GtpV2Control,
        _ => DecodeStatus.BadVersion,
    };

    private static bool IsGtpUType(byte type) => type is
        (byte)GtpUMessageType.GPdu or (byte)GtpUMessageType.EchoRequest or (byte)GtpUMessageType.EchoResponse
        or (byte)GtpUMessageType.ErrorIndication or (byte)GtpUMessageType.EndMarker
        or (byte)GtpUMessageType.SupportedExtensionHeadersNotification or (byte)GtpUMessageType.TunnelStatus;

    /// <summary>Writes a header without optional fields and returns its length, 8.</summary>
    /// <param name="payloadLength">Bytes that will follow.</param>
    public static int Write(Span<byte> destination, GtpUMessageType type, uint teid, int payloadLength)
    {
        destination[0] = 0x30;
        destination[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], checked((ushort)payloadLength));
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], teid);
        return LengthMin;
    }

    /// <summary>Writes a header with a sequence number and returns its length, 12.</summary>
    /// <param name="payloadLength">Bytes that will follow.</param>
    public static int Write(
        Span<byte> destination, GtpUMessageType type, uint teid, int payloadLength, ushort sequenceNumber)
    {
        Write(destination, type, teid, payloadLength + LengthWithOptions - LengthMin);
        destination[0] = 0x32;
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], sequenceNumber);
        destination[10] = 0;
        destination[11] = GtpUExtensionType.None;
        return LengthWithOptions;
    }

    /// <summary>Writes a G-PDU's header with a PDU session container and returns its length.</summary>
    /// <param name="payloadLength">Bytes of the user's packet that will follow.</param>
    /// <param name="sequenceNumber">
    /// Present in some networks also with a container; null leaves the S flag clear.
    /// </param>
    public static int WriteGPdu(
        Span<byte> destination, uint teid, in PduSessionInformation information, int payloadLength,
        ushort? sequenceNumber = null)
    {
        int container = PduSessionContainer.WriteExtension(
            destination[LengthWithOptions..], information, GtpUExtensionType.None);
        int length = LengthWithOptions + container;
        Write(destination, GtpUMessageType.GPdu, teid, payloadLength + length - LengthMin);
        destination[0] = sequenceNumber is null ? (byte)0x34 : (byte)0x36;
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], sequenceNumber ?? 0);
        destination[10] = 0;
        destination[11] = GtpUExtensionType.PduSessionContainer;
        return length;
    }
}
