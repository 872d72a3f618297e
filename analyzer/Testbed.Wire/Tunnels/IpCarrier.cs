using Testbed.Wire.Ethernet;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Tunnels;

/// <summary>
/// IP packets that carry others over a transport link: IP in IP (RFC 2003, RFC 2473, RFC 4213) and GRE (RFC 2784)
/// around IP or around an Ethernet frame with IP.
/// </summary>
public static class IpCarrier
{
    /// <summary>More tunnels within each other than any network nests.</summary>
    public const int DepthMax = 4;

    public static bool IsCarrier(byte protocol) =>
        protocol is IpProtocol.Ipv4InIp or IpProtocol.Ipv6InIp or IpProtocol.Gre;

    /// <summary>Reads an IP packet, and if it carries another, that one, however deep.</summary>
    /// <param name="wireLength">As for <see cref="IpPacket.Read"/>.</param>
    public static DecodeStatus ReadInnermost(ReadOnlySpan<byte> bytes, int wireLength, out IpPacket packet)
    {
        DecodeStatus status = IpPacket.Read(bytes, out packet, wireLength);
        for (int depth = 0; depth < DepthMax && status is DecodeStatus.Ok && IsCarrier(packet.Protocol); depth++)
        {
            DecodeStatus opened = Open(packet.Protocol, packet.Payload, packet.PayloadLength, out IpPacket inside);
            if (opened is not (DecodeStatus.Ok or DecodeStatus.LaterFragment) || packet.IsFragment) break;
            status = opened;
            packet = inside;
        }
        return status;
    }

    /// <summary>
    /// Reads the packet inside: <see cref="DecodeStatus.Ok"/> or <see cref="DecodeStatus.LaterFragment"/> as
    /// <see cref="IpPacket.Read"/> says, <see cref="DecodeStatus.Unsupported"/> when what is inside is no IP.
    /// </summary>
    /// <param name="payload">What is at hand behind the carrier's IP header.</param>
    /// <param name="payloadLength">Bytes behind the carrier's IP header on the wire.</param>
    public static DecodeStatus Open(
        byte protocol, ReadOnlySpan<byte> payload, int payloadLength, out IpPacket inside)
    {
        inside = default;
        switch (protocol)
        {
            case IpProtocol.Ipv4InIp:
            case IpProtocol.Ipv6InIp:
                if (payload.IsEmpty) return DecodeStatus.Truncated;
                return payload[0] >> 4 == (protocol == IpProtocol.Ipv4InIp ? 4 : 6)
                    ? Within(payload, payloadLength, out inside) : DecodeStatus.BadVersion;
            case IpProtocol.Gre:
                return OpenGre(payload, payloadLength, out inside);
            default:
                return DecodeStatus.Unsupported;
        }
    }

    private static DecodeStatus OpenGre(ReadOnlySpan<byte> payload, int payloadLength, out IpPacket inside)
    {
        inside = default;
        DecodeStatus status = GreHeader.Read(payload, out GreHeader gre);
        if (status is not DecodeStatus.Ok) return status;
        payload = payload[gre.Length..];
        payloadLength -= gre.Length;
        if (gre.Protocol is EtherType.Ipv4 or EtherType.Ipv6) return Within(payload, payloadLength, out inside);
        if (gre.Protocol != EtherType.TransparentEthernet) return DecodeStatus.Unsupported;
        status = LinkFrame.Read(LinkType.Ethernet, payload, out LinkFrame frame);
        if (status is not DecodeStatus.Ok) return status;
        return frame.IsIp
            ? Within(frame.Payload, payloadLength - frame.PayloadOffset, out inside) : DecodeStatus.Unsupported;
    }

    // A packet that says to be longer than what carries it is none: these bytes only look like one.
    private static DecodeStatus Within(ReadOnlySpan<byte> bytes, int length, out IpPacket inside)
    {
        DecodeStatus status = IpPacket.Read(bytes, out inside, length);
        if (status is not (DecodeStatus.Ok or DecodeStatus.LaterFragment) || inside.TotalLength <= length)
            return status;
        inside = default;
        return DecodeStatus.BadLength;
    }
}
