using Testbed.Lab.Native;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;
using Testbed.Wire.Transport;

namespace Testbed.Lab.Taps;

/// <summary>
/// Shows authenticated STAMP packets as those of another run: same form, another key's signature. Whoever feeds a tap
/// from an older capture cannot do better, for he has no key of a run that is still to come.
/// </summary>
internal sealed class OlderTestPackets : ITapFilter
{
    /// <summary>Authenticated STAMP without extensions (RFC 8762 §4.2.2), and with some padding.</summary>
    private const int LengthMin = 112, LengthMax = 256;
    private const int SignatureOffset = 96, SignatureBytes = 16;

    public bool Shows(in Datagram frame, bool isFromUpf)
    {
        Span<byte> bytes = frame.Bytes;
        int at = FindPayload(bytes);
        // Turning the words of the signature round keeps the UDP checksum right.
        if (at >= 0) TurnWords(bytes.Slice(at + SignatureOffset, SignatureBytes));
        return true;
    }

    /// <summary>Where the payload of a UDP packet that looks like STAMP starts; −1 for any other frame.</summary>
    private static int FindPayload(ReadOnlySpan<byte> frame)
    {
        if (LinkFrame.Read(LinkType.Ethernet, frame, out LinkFrame link) is not DecodeStatus.Ok || !link.IsIp)
            return -1;
        int length = UdpPayload(link.Payload, out int port, out ReadOnlySpan<byte> payload);
        if (length >= 0 && port == GtpUHeader.Port)
            length = GtpUHeader.Read(payload, out GtpUHeader gtp, length) is DecodeStatus.Ok
                ? UdpPayload(gtp.Payload, out _, out _) : -1;
        // Frames of this length have no padding behind: the payload ends where they end.
        return length is >= LengthMin and <= LengthMax ? frame.Length - length : -1;
    }

    private static int UdpPayload(ReadOnlySpan<byte> ip, out int port, out ReadOnlySpan<byte> payload)
    {
        port = 0;
        payload = default;
        if (IpPacket.Read(ip, out IpPacket packet) is not DecodeStatus.Ok || packet.Protocol != IpProtocol.Udp
            || packet.IsFragment || UdpHeader.Read(packet, out UdpHeader udp) is not DecodeStatus.Ok) return -1;
        port = udp.DestinationPort;
        int length = udp.Payload.Length;
        payload = ip.Slice(packet.PayloadOffset + UdpHeader.LengthMin, length);
        return length;
    }

    private static void TurnWords(Span<byte> signature)
    {
        (byte first, byte second) = (signature[0], signature[1]);
        signature[2..].CopyTo(signature);
        (signature[^2], signature[^1]) = (first, second);
    }
}
