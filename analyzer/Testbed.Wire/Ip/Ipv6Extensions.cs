using System.Buffers.Binary;

namespace Testbed.Wire.Ip;

/// <summary>The chain of IPv6 extension headers (RFC 8200 §4), jumbograms (RFC 2675) and fragments.</summary>
internal static class Ipv6Extensions
{
    /// <summary>
    /// Headers followed before the chain counts as an attack; RFC 8504 §5.3 lets a host stop at 8 options.
    /// </summary>
    private const int HeadersMax = 16;
    private const int FragmentLength = 8;
    private const byte JumboOption = 0xC2;
    private const byte Pad1Option = 0;

    public static DecodeStatus Read(ReadOnlySpan<byte> bytes, int wireLength, out IpPacket packet)
    {
        packet = default;
        DecodeStatus status = Ipv6Header.Read(bytes, out Ipv6Header header);
        if (status is not DecodeStatus.Ok) return status;
        byte protocol = header.NextHeader;
        int totalLength = Ipv6Header.LengthMin + header.StatedPayloadLength;
        if (header.StatedPayloadLength == 0 && protocol != IpProtocol.NoNextHeader)
        {
            status = ReadJumboLength(bytes, protocol, wireLength, out totalLength);
            if (status is not DecodeStatus.Ok) return status;
        }
        if (bytes.Length > totalLength) bytes = bytes[..totalLength];
        return Walk(bytes, totalLength, protocol, out packet);
    }

    private static DecodeStatus Walk(ReadOnlySpan<byte> bytes, int totalLength, byte protocol, out IpPacket packet)
    {
        packet = default;
        int offset = Ipv6Header.LengthMin;
        ushort fragmentField = 0;
        uint identification = 0;
        for (int count = 0; IsExtension(protocol); count++)
        {
            if (count == HeadersMax) return DecodeStatus.TooDeep;
            if (protocol != IpProtocol.Fragment)
            {
                DecodeStatus status = Skip(bytes, totalLength, ref protocol, ref offset);
                if (status is not DecodeStatus.Ok) return status;
                continue;
            }
            if (totalLength - offset < FragmentLength) return DecodeStatus.BadLength;
            if (bytes.Length - offset < FragmentLength) return DecodeStatus.Truncated;
            // Offset and flag sit at other places than in IPv4: | offset (13) | reserved (2) | more (1) |.
            ushort field = BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + 2)..]);
            fragmentField = (ushort)((field >> 3) | ((field & 1) << 13));
            identification = BinaryPrimitives.ReadUInt32BigEndian(bytes[(offset + 4)..]);
            protocol = bytes[offset];
            offset += FragmentLength;
            if (field >> 3 != 0)
            {
                packet = new(bytes, protocol, offset, totalLength, fragmentField, identification);
                return DecodeStatus.LaterFragment;
            }
        }
        packet = new(bytes, protocol, offset, totalLength, fragmentField, identification);
        return DecodeStatus.Ok;
    }

    /// <summary>Steps over one extension or authentication header that starts at <paramref name="offset"/>.</summary>
    internal static DecodeStatus Skip(ReadOnlySpan<byte> bytes, int totalLength, ref byte protocol, ref int offset)
    {
        if (totalLength - offset < 2) return DecodeStatus.BadLength;
        if (bytes.Length - offset < 2) return DecodeStatus.Truncated;
        // The authentication header counts in 4 bytes less 2 (RFC 4302 §2.2), the others in 8 bytes less 1.
        int length = protocol == IpProtocol.Authentication
            ? (bytes[offset + 1] + 2) * 4
            : (bytes[offset + 1] + 1) * 8;
        if (totalLength - offset < length) return DecodeStatus.BadLength;
        if (bytes.Length - offset < length) return DecodeStatus.Truncated;
        protocol = bytes[offset];
        offset += length;
        return DecodeStatus.Ok;
    }

    private static bool IsExtension(byte protocol) => protocol is
        IpProtocol.HopByHop or IpProtocol.Routing or IpProtocol.Fragment or IpProtocol.Authentication
        or IpProtocol.DestinationOptions or IpProtocol.Mobility or IpProtocol.HostIdentity or IpProtocol.Shim6;

    // A payload length of 0 is a jumbogram when a hop-by-hop option says so (RFC 2675 §3); else the packet was taken
    // before the sender's card cut it, and only the capture knows its length.
    private static DecodeStatus ReadJumboLength(
        ReadOnlySpan<byte> bytes, byte protocol, int wireLength, out int totalLength)
    {
        totalLength = Math.Max(bytes.Length, wireLength);
        if (protocol != IpProtocol.HopByHop) return DecodeStatus.Ok;
        if (bytes.Length < Ipv6Header.LengthMin + 8) return DecodeStatus.Truncated;
        int end = Ipv6Header.LengthMin + (bytes[Ipv6Header.LengthMin + 1] + 1) * 8;
        if (bytes.Length < end) return DecodeStatus.Truncated;
        for (int at = Ipv6Header.LengthMin + 2; at < end;)
        {
            if (bytes[at] == Pad1Option)
            {
                at++;
                continue;
            }
            if (end - at < 2 || end - at - 2 < bytes[at + 1]) return DecodeStatus.BadLength;
            if (bytes[at] == JumboOption)
            {
                if (bytes[at + 1] != 4) return DecodeStatus.BadLength;
                uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 2)..]);
                if (length is <= ushort.MaxValue or > int.MaxValue - Ipv6Header.LengthMin)
                    return DecodeStatus.BadLength;
                totalLength = Ipv6Header.LengthMin + (int)length;
                return DecodeStatus.Ok;
            }
            at += 2 + bytes[at + 1];
        }
        return DecodeStatus.Ok;
    }
}
