using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Testbed.Wire.Ip;

/// <summary>
/// An IPv4 or IPv6 packet walked to its transport header, over extension headers and IPsec authentication headers.
/// Works on outer and inner packets alike, also when the capture cut the packet's end off.
/// </summary>
public readonly ref struct IpPacket
{
    private readonly ReadOnlySpan<byte> _packet;
    private readonly ushort _fragmentField;

    internal IpPacket(
        ReadOnlySpan<byte> packet, byte protocol, int payloadOffset, int totalLength,
        ushort fragmentField, uint identification)
    {
        _packet = packet;
        Protocol = protocol;
        PayloadOffset = payloadOffset;
        TotalLength = totalLength;
        _fragmentField = fragmentField;
        Identification = identification;
    }

    public bool IsIpv6 => _packet[0] >> 4 == 6;
    /// <summary>Bytes of the packet on the wire, from the IP header on, link padding not counted.</summary>
    public int TotalLength { get; }
    /// <summary>Protocol of the payload, after all extension headers: UDP, TCP, ESP, …</summary>
    public byte Protocol { get; }
    /// <summary>Offset in the packet of the first byte after IP header, options and extension headers.</summary>
    public int PayloadOffset { get; }
    /// <summary>Payload bytes on the wire.</summary>
    public int PayloadLength => TotalLength - PayloadOffset;
    /// <summary>Payload bytes at hand: no padding, and fewer than on the wire when the capture cut them off.</summary>
    public ReadOnlySpan<byte> Payload => _packet[PayloadOffset..];
    public bool IsSnapped => _packet.Length < TotalLength;
    public byte TrafficClass => IsIpv6 ? (byte)(BinaryPrimitives.ReadUInt16BigEndian(_packet) >> 4) : _packet[1];
    /// <summary>TTL or hop limit.</summary>
    public byte HopLimit => IsIpv6 ? _packet[7] : _packet[8];
    /// <summary>16 bits in IPv4, 32 in an IPv6 fragment header; 0 in an IPv6 packet that is not fragmented.</summary>
    public uint Identification { get; }
    public bool MoreFragments => (_fragmentField & 0x2000) != 0;
    /// <summary>Place of the payload in the original one, bytes.</summary>
    public int FragmentOffset => (_fragmentField & 0x1FFF) * 8;
    /// <summary>Any fragment, the first one included.</summary>
    public bool IsFragment => (_fragmentField & 0x3FFF) != 0;
    /// <summary>4 bytes or 16.</summary>
    public ReadOnlySpan<byte> Source => IsIpv6 ? _packet.Slice(8, 16) : _packet.Slice(12, 4);
    /// <summary>4 bytes or 16.</summary>
    public ReadOnlySpan<byte> Destination => IsIpv6 ? _packet.Slice(24, 16) : _packet.Slice(16, 4);
    public HostAddress SourceAddress => HostAddress.From(Source);
    public HostAddress DestinationAddress => HostAddress.From(Destination);

    /// <summary>
    /// Reads the packet at the start of <paramref name="bytes"/>, which may end in padding or be cut off.
    /// <see cref="DecodeStatus.LaterFragment"/> comes with all properties set, but the payload is the middle of a
    /// datagram: no transport header may be read from it.
    /// </summary>
    /// <param name="wireLength">
    /// Bytes on the wire from the IP header on, used only where the header states a length of 0 (TSO); 0 means "as
    /// many as are in <paramref name="bytes"/>".
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeStatus Read(ReadOnlySpan<byte> bytes, out IpPacket packet, int wireLength = 0)
    {
        packet = default;
        if (bytes.IsEmpty) return DecodeStatus.Truncated;
        return (bytes[0] >> 4) switch
        {
            4 => ReadIpv4(bytes, wireLength, out packet),
            6 => Ipv6Extensions.Read(bytes, wireLength, out packet),
            _ => DecodeStatus.BadVersion,
        };
    }

    private static DecodeStatus ReadIpv4(ReadOnlySpan<byte> bytes, int wireLength, out IpPacket packet)
    {
        packet = default;
        DecodeStatus status = Ipv4Header.Read(bytes, out Ipv4Header header, wireLength);
        if (status is not DecodeStatus.Ok) return status;
        if (bytes.Length > header.TotalLength) bytes = bytes[..header.TotalLength];
        ushort fragmentField = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        byte protocol = header.Protocol;
        int offset = header.Length;
        bool isLater = header.IsLaterFragment;
        if (protocol == IpProtocol.Authentication && !isLater)
        {
            status = Ipv6Extensions.Skip(bytes, header.TotalLength, ref protocol, ref offset);
            if (status is not DecodeStatus.Ok) return status;
        }
        packet = new(bytes, protocol, offset, header.TotalLength, fragmentField, header.Identification);
        return isLater ? DecodeStatus.LaterFragment : DecodeStatus.Ok;
    }
}
