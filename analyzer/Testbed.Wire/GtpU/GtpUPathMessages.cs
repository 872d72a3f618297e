using System.Buffers.Binary;
using Testbed.Wire.Ip;

namespace Testbed.Wire.GtpU;

/// <summary>
/// Information elements of GTP-U (TS 29.281 §8). Types below 128 have a fixed length, the others a length field.
/// </summary>
public static class GtpUInformationElement
{
    public const byte Recovery = 14;
    public const byte TeidDataI = 16;
    public const byte GsnAddress = 133;
    public const byte ExtensionHeaderTypeList = 141;
    public const byte PrivateExtension = 255;
}

/// <summary>
/// An Error Indication's content (TS 29.281 §7.3.1): the tunnel that its sender does not know.
/// </summary>
/// <param name="Teid">TEID of the offending G-PDU.</param>
/// <param name="PeerAddress">Destination address of the offending G-PDU.</param>
public readonly record struct ErrorIndication(uint Teid, HostAddress PeerAddress)
{
    /// <summary>Reads the payload of an Error Indication; both elements are mandatory.</summary>
    public static DecodeStatus Read(ReadOnlySpan<byte> payload, out ErrorIndication indication)
    {
        indication = default;
        uint? teid = null;
        HostAddress address = default;
        while (!payload.IsEmpty)
        {
            DecodeStatus status = GtpUPathMessages.TakeElement(
                ref payload, out byte type, out ReadOnlySpan<byte> value);
            if (status is not DecodeStatus.Ok) return status;
            if (type == GtpUInformationElement.TeidDataI) teid ??= BinaryPrimitives.ReadUInt32BigEndian(value);
            if (type != GtpUInformationElement.GsnAddress) continue;
            if (value.Length is not (4 or 16)) return DecodeStatus.BadLength;
            address = HostAddress.From(value);
        }
        if (teid is null || address.IsNone) return DecodeStatus.BadField;
        indication = new(teid.Value, address);
        return DecodeStatus.Ok;
    }
}

/// <summary>
/// Writers and readers of the messages that manage a path (TS 29.281 §7.2, §7.3). Each writes a whole message.
/// </summary>
public static class GtpUPathMessages
{
    private const int RecoveryLength = 2;

    public static int WriteEchoRequest(Span<byte> destination, ushort sequenceNumber) =>
        GtpUHeader.Write(destination, GtpUMessageType.EchoRequest, 0, 0, sequenceNumber);

    /// <summary>The restart counter is always 0 (§7.2.2), the element mandatory.</summary>
    public static int WriteEchoResponse(Span<byte> destination, ushort sequenceNumber)
    {
        int at = GtpUHeader.Write(
            destination, GtpUMessageType.EchoResponse, 0, RecoveryLength, sequenceNumber);
        destination[at] = GtpUInformationElement.Recovery;
        destination[at + 1] = 0;
        return at + RecoveryLength;
    }

    public static int WriteEndMarker(Span<byte> destination, uint teid) =>
        GtpUHeader.Write(destination, GtpUMessageType.EndMarker, teid, 0);

    /// <summary>An Error Indication; its own TEID is 0 and its sequence number is to be ignored (§5.1).</summary>
    public static int WriteErrorIndication(Span<byte> destination, in ErrorIndication indication)
    {
        int addressLength = indication.PeerAddress.Length;
        int at = GtpUHeader.Write(
            destination, GtpUMessageType.ErrorIndication, 0, 5 + 3 + addressLength, sequenceNumber: 0);
        destination[at] = GtpUInformationElement.TeidDataI;
        BinaryPrimitives.WriteUInt32BigEndian(destination[(at + 1)..], indication.Teid);
        at += 5;
        destination[at] = GtpUInformationElement.GsnAddress;
        BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 1)..], (ushort)addressLength);
        return at + 3 + indication.PeerAddress.Write(destination[(at + 3)..]);
    }

    /// <summary>Takes one element off the front of a payload.</summary>
    internal static DecodeStatus TakeElement(
        ref ReadOnlySpan<byte> payload, out byte type, out ReadOnlySpan<byte> value)
    {
        value = default;
        type = payload[0];
        int start = type >= 128 ? 3 : 1;
        if (payload.Length < start) return DecodeStatus.Truncated;
        int length = type switch
        {
            >= 128 => BinaryPrimitives.ReadUInt16BigEndian(payload[1..]),
            GtpUInformationElement.Recovery => 1,
            GtpUInformationElement.TeidDataI => 4,
            // Without a length field an unknown element cannot be stepped over.
            _ => -1,
        };
        if (length < 0) return DecodeStatus.Unsupported;
        if (payload.Length - start < length) return DecodeStatus.Truncated;
        value = payload.Slice(start, length);
        payload = payload[(start + length)..];
        return DecodeStatus.Ok;
    }
}
