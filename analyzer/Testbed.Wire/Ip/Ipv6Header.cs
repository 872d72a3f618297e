using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Testbed.Wire.Ip;

/// <summary>
/// The fixed IPv6 header (RFC 8200 §3). Extension headers are walked by <see cref="IpPacket"/>.
/// <code>
///  0                                     4               6           7         8       24
///  |ver, traffic class, flow label       | payload length|next header|hop limit| source | destination
/// </code>
/// </summary>
public readonly ref struct Ipv6Header
{
    public const int LengthMin = 40;
    private readonly ReadOnlySpan<byte> _packet;

    private Ipv6Header(ReadOnlySpan<byte> packet) => _packet = packet;

    public byte TrafficClass => (byte)(BinaryPrimitives.ReadUInt16BigEndian(_packet) >> 4);
    public int FlowLabel => (int)(BinaryPrimitives.ReadUInt32BigEndian(_packet) & 0xF_FFFF);
    /// <summary>As the field says; 0 in a jumbogram, and where the sender's card was to cut the packet.</summary>
    public int StatedPayloadLength => BinaryPrimitives.ReadUInt16BigEndian(_packet[4..]);
    /// <summary>Type of the first header that follows, an extension header perhaps.</summary>
    public byte NextHeader => _packet[6];
    public byte HopLimit => _packet[7];
    public ReadOnlySpan<byte> Source => _packet.Slice(8, 16);
    public ReadOnlySpan<byte> Destination => _packet.Slice(24, 16);
    /// <summary>All bytes at hand after the fixed header, with padding if there is any.</summary>
    public ReadOnlySpan<byte> AfterHeader => _packet[LengthMin..];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeStatus Read(ReadOnlySpan<byte> packet, out Ipv6Header header)
    {
        header = default;
        if (!packet.IsEmpty && packet[0] >> 4 != 6) return DecodeStatus.BadVersion;
        if (packet.Length < LengthMin) return DecodeStatus.Truncated;
        header = new(packet);
        return DecodeStatus.Ok;
    }

    /// <summary>Writes the fixed header and returns its length.</summary>
    /// <param name="payloadLength">Bytes that follow the fixed header, extension headers included.</param>
    public static int Write(
        Span<byte> destination, ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, byte nextHeader,
        int payloadLength, byte trafficClass = 0, int flowLabel = 0, byte hopLimit = 64)
    {
        Span<byte> header = destination[..LengthMin];
        uint first = (6u << 28) | ((uint)trafficClass << 20) | ((uint)flowLabel & 0xF_FFFF);
        BinaryPrimitives.WriteUInt32BigEndian(header, first);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], checked((ushort)payloadLength));
        header[6] = nextHeader;
        header[7] = hopLimit;
        source[..16].CopyTo(header[8..]);
        target[..16].CopyTo(header[24..]);
        return LengthMin;
    }
}
