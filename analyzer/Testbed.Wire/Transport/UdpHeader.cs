using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Testbed.Wire.Ip;

namespace Testbed.Wire.Transport;

/// <summary>
/// A UDP header (RFC 768) over a datagram of which the end may be cut off, by the capture or as a first fragment.
/// <code>
///  0             2                  4        6
///  | source port | destination port | length | checksum | payload
/// </code>
/// </summary>
public readonly ref struct UdpHeader
{
    public const int LengthMin = 8;
    private readonly ReadOnlySpan<byte> _datagram;

    private UdpHeader(ReadOnlySpan<byte> datagram, int length)
    {
        _datagram = datagram;
        Length = length;
    }

    public int SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_datagram);
    public int DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_datagram[2..]);
    /// <summary>Bytes of the datagram, header included, as sent: of the whole one also in a first fragment.</summary>
    public int Length { get; }
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_datagram[6..]);
    /// <summary>Payload bytes of the whole datagram.</summary>
    public int PayloadLength => Length - LengthMin;
    /// <summary>Payload bytes at hand.</summary>
    public ReadOnlySpan<byte> Payload => _datagram[LengthMin..];
    public bool IsComplete => _datagram.Length == Length;

    /// <summary>Reads from an IP packet, and finds a UDP length that contradicts the IP length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeStatus Read(in IpPacket packet, out UdpHeader header)
    {
        DecodeStatus status = Read(packet.Payload, out header, packet.PayloadLength);
        if (status is DecodeStatus.Ok && header.Length > packet.PayloadLength && !packet.IsFragment)
        {
            header = default;
            return DecodeStatus.BadLength;
        }
        return status;
    }

    /// <summary>
    /// Reads the datagram at the start of <paramref name="bytes"/>; a longer stated length is no error.
    /// </summary>
    /// <param name="ipPayloadLength">
    /// Bytes on the wire, used only where the header states a length of 0 (RFC 2675 §4; large sends); 0 means "as many
    /// as are in <paramref name="bytes"/>".
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeStatus Read(ReadOnlySpan<byte> bytes, out UdpHeader header, int ipPayloadLength = 0)
    {
        header = default;
        if (bytes.Length < LengthMin) return DecodeStatus.Truncated;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (length == 0) length = Math.Max(bytes.Length, ipPayloadLength);
        if (length < LengthMin) return DecodeStatus.BadLength;
        header = new(bytes.Length > length ? bytes[..length] : bytes, length);
        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Writes a header with checksum 0, "not computed" (legal over IPv4, and for tunnels over IPv6, RFC 6935), and
    /// returns its length.
    /// </summary>
    public static int Write(Span<byte> destination, int sourcePort, int destinationPort, int payloadLength)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, checked((ushort)sourcePort));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], checked((ushort)destinationPort));
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], checked((ushort)(LengthMin + payloadLength)));
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], 0);
        return LengthMin;
    }

    /// <summary>
    /// Puts the checksum into a whole datagram, header and payload, between two addresses of 4 or 16 bytes.
    /// </summary>
    public static void WriteChecksum(Span<byte> datagram, ReadOnlySpan<byte> source, ReadOnlySpan<byte> target)
    {
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], 0);
        ushort checksum = Ip.Checksum.Compute(source, target, IpProtocol.Udp, datagram);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], checksum);
    }
}
