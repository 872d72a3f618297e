using System.Buffers.Binary;

namespace Testbed.Wire.Stamp;

/// <summary>A Session-Reflector's test packet (RFC 8762 §4.3, SSID of RFC 8972 §3).</summary>
/// <remarks>
/// <code>
/// authenticated (112)                                  unauthenticated (44)
///  0 sequence          4 MBZ 12                         0 sequence
/// 16 timestamp T3     24 error 26 SSID 28 MBZ 4         4 timestamp T3       12 error 14 SSID
/// 32 receive T2       40 MBZ 8                         16 receive T2
/// 48 sender sequence  52 MBZ 12                        24 sender sequence
/// 64 sender T1        72 sender error 74 MBZ 6         28 sender T1          36 sender error 38 MBZ 2
/// 80 sender TTL       81 MBZ 15                        40 sender TTL         41 MBZ 3
/// 96 HMAC 16
/// </code>
/// </remarks>
/// <param name="Sequence">The reflector's own count of answers: it is stateful (RFC 8762 §4.3).</param>
/// <param name="TimestampUnixNs">T3, just before the answer was sent.</param>
/// <param name="ReceiveUnixNs">T2, when the test packet arrived.</param>
/// <param name="SenderTimestampUnixNs">T1 as the sender wrote it.</param>
/// <param name="SenderTtl">TTL or hop limit with which the test packet arrived; 255 when not known.</param>
public readonly record struct StampReflectorPacket(
    uint Sequence, long TimestampUnixNs, StampErrorEstimate ErrorEstimate, ushort SessionId, long ReceiveUnixNs,
    uint SenderSequence, long SenderTimestampUnixNs, StampErrorEstimate SenderErrorEstimate, byte SenderTtl)
{
    private readonly record struct Offsets(
        int Timestamp, int Receive, int SenderSequence, int SenderTimestamp, int SenderError, int SenderTtl)
    {
        public static readonly Offsets Authenticated = new(16, 32, 48, 64, 72, 80);
        public static readonly Offsets Unauthenticated = new(4, 16, 24, 28, 36, 40);
    }

    /// <summary>Reads the base packet at the start of a UDP payload; what follows is padding or TLVs.</summary>
    public static DecodeStatus Read(ReadOnlySpan<byte> payload, bool authenticated, out StampReflectorPacket packet)
    {
        packet = default;
        if (payload.Length < StampLayout.BaseLength(authenticated)) return DecodeStatus.Truncated;
        Offsets at = authenticated ? Offsets.Authenticated : Offsets.Unauthenticated;
        StampErrorEstimate own = new(BinaryPrimitives.ReadUInt16BigEndian(payload[(at.Timestamp + 8)..]));
        StampErrorEstimate sender = new(BinaryPrimitives.ReadUInt16BigEndian(payload[at.SenderError..]));
        if (own.Multiplier == 0 || sender.Multiplier == 0) return DecodeStatus.BadField;
        packet = new(
            BinaryPrimitives.ReadUInt32BigEndian(payload),
            ReadTimestamp(payload, at.Timestamp, own.Format),
            own,
            BinaryPrimitives.ReadUInt16BigEndian(payload[(at.Timestamp + 10)..]),
            ReadTimestamp(payload, at.Receive, own.Format),
            BinaryPrimitives.ReadUInt32BigEndian(payload[at.SenderSequence..]),
            ReadTimestamp(payload, at.SenderTimestamp, sender.Format),
            sender,
            payload[at.SenderTtl]);
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
        StampLayout.WritePadding(payload[length..], fromSender: false);
        Offsets at = authenticated ? Offsets.Authenticated : Offsets.Unauthenticated;
        BinaryPrimitives.WriteUInt32BigEndian(payload, Sequence);
        WriteTimestamp(payload, at.Timestamp, TimestampUnixNs, ErrorEstimate.Format);
        BinaryPrimitives.WriteUInt16BigEndian(payload[(at.Timestamp + 8)..], ErrorEstimate.Wire);
        BinaryPrimitives.WriteUInt16BigEndian(payload[(at.Timestamp + 10)..], SessionId);
        WriteTimestamp(payload, at.Receive, ReceiveUnixNs, ErrorEstimate.Format);
        BinaryPrimitives.WriteUInt32BigEndian(payload[at.SenderSequence..], SenderSequence);
        WriteTimestamp(payload, at.SenderTimestamp, SenderTimestampUnixNs, SenderErrorEstimate.Format);
        BinaryPrimitives.WriteUInt16BigEndian(payload[at.SenderError..], SenderErrorEstimate.Wire);
        payload[at.SenderTtl] = SenderTtl;
    }

    private static long ReadTimestamp(ReadOnlySpan<byte> payload, int at, StampTimestampFormat format) =>
        StampTimestamp.ToUnixNs(BinaryPrimitives.ReadUInt64BigEndian(payload[at..]), format);

    private static void WriteTimestamp(Span<byte> payload, int at, long unixNs, StampTimestampFormat format) =>
        BinaryPrimitives.WriteUInt64BigEndian(payload[at..], StampTimestamp.FromUnixNs(unixNs, format));
}
