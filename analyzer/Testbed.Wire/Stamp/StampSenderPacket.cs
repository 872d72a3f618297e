using System.Buffers.Binary;

namespace Testbed.Wire.Stamp;

/// <summary>
/// A Session-Sender's test packet (RFC 8762 §4.2, SSID of RFC 8972 §3). Values, not a view: the HMAC is checked
/// over the bytes with <see cref="StampKey.Verify"/>.
/// </summary>
/// <remarks>
/// <code>
/// authenticated (112)                         unauthenticated (44)
///  0 sequence   4 MBZ 12                       0 sequence
/// 16 timestamp 24 error estimate 26 SSID       4 timestamp 12 error estimate 14 SSID
/// 28 MBZ 68    96 HMAC 16                     16 MBZ 28
/// </code>
/// </remarks>
/// <param name="Sequence">Counts test packets of the session from 0.</param>
/// <param name="TimestampUnixNs">T1, the sender's wall clock just before sending.</param>
/// <param name="SessionId">SSID: the session's number; never zero on the wire of this product.</param>
public readonly record struct StampSenderPacket(
    uint Sequence, long TimestampUnixNs, StampErrorEstimate ErrorEstimate, ushort SessionId)
{
    /// <summary>Reads the base packet at the start of a UDP payload; what follows is padding or TLVs.</summary>
    public static DecodeStatus Read(ReadOnlySpan<byte> payload, bool authenticated, out StampSenderPacket packet)
    {
        packet = default;
        if (payload.Length < StampLayout.BaseLength(authenticated)) return DecodeStatus.Truncated;
        int at = authenticated ? 16 : 4;
        StampErrorEstimate estimate = new(BinaryPrimitives.ReadUInt16BigEndian(payload[(at + 8)..]));
        if (estimate.Multiplier == 0) return DecodeStatus.BadField;
        packet = new(
            BinaryPrimitives.ReadUInt32BigEndian(payload),
            StampTimestamp.ToUnixNs(BinaryPrimitives.ReadUInt64BigEndian(payload[at..]), estimate.Format),
            estimate,
            BinaryPrimitives.ReadUInt16BigEndian(payload[(at + 10)..]));
        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Writes the packet into the whole of <paramref name="payload"/>, padding included; the HMAC stays zero until
    /// <see cref="StampKey.Sign"/>. The span must hold the base packet.
    /// </summary>
    public void Write(Span<byte> payload, bool authenticated)
    {
        int length = StampLayout.BaseLength(authenticated);
        payload[..length].Clear();
        StampLayout.WritePadding(payload[length..], fromSender: true);
        int at = authenticated ? 16 : 4;
        BinaryPrimitives.WriteUInt32BigEndian(payload, Sequence);
        BinaryPrimitives.WriteUInt64BigEndian(
            payload[at..], StampTimestamp.FromUnixNs(TimestampUnixNs, ErrorEstimate.Format));
        BinaryPrimitives.WriteUInt16BigEndian(payload[(at + 8)..], ErrorEstimate.Wire);
        BinaryPrimitives.WriteUInt16BigEndian(payload[(at + 10)..], SessionId);
    }
}
