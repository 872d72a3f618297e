using System.Buffers.Binary;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Wire.Tunnels;

/// <summary>
/// Encapsulating security payload (RFC 4303 §2): SPI, sequence number, then what is encrypted, or is not.
/// </summary>
public static class EspHeader
{
    /// <summary>SPI and sequence number.</summary>
    public const int Length = 8;
    /// <summary>UDP port of ESP behind a NAT (RFC 3948 §2).</summary>
    public const int NatTraversalPort = 4500;

    /// <summary>
    /// True when a packet can be read right behind the header: NULL encryption (RFC 2410), which protects integrity and
    /// hides nothing. Encrypted bytes look so about once in a million packets.
    /// </summary>
    /// <param name="payload">From the SPI on, as much as was captured.</param>
    public static bool HoldsClearText(ReadOnlySpan<byte> payload)
    {
        if (payload.Length <= Length) return false;
        ReadOnlySpan<byte> inside = payload[Length..];
        if (Ipv4Header.Read(inside, out Ipv4Header ip) is DecodeStatus.Ok && ip.IsChecksumValid) return true;
        return UdpHeader.Read(inside, out UdpHeader udp) is DecodeStatus.Ok && udp.DestinationPort == GtpUHeader.Port
            && GtpUHeader.Read(udp.Payload, out _) is DecodeStatus.Ok;
    }

    /// <summary>
    /// Tells ESP in UDP from IKE on the same port, which starts with four zero bytes (RFC 3948 §2.2), and from the
    /// one byte that keeps a mapping alive (§2.3).
    /// </summary>
    public static bool IsInUdp(in UdpHeader udp) =>
        (udp.DestinationPort == NatTraversalPort || udp.SourcePort == NatTraversalPort)
        && udp.PayloadLength > Length && udp.Payload.Length >= 4
        && BinaryPrimitives.ReadUInt32BigEndian(udp.Payload) != 0;
}
