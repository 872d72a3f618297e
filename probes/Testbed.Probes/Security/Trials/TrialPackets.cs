using System.Buffers.Binary;
using System.Net;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;
using Testbed.Wire.Trials;

namespace Testbed.Probes.Security.Trials;

/// <summary>Writes trial messages into whole IPv4 packets and into G-PDUs.</summary>
internal static class TrialPackets
{
    public const int PacketLength = Ipv4Header.LengthMin + UdpHeader.LengthMin + TrialMessage.Length;
    /// <summary>A G-PDU's header with a PDU session container is 16 bytes.</summary>
    public const int NestedLengthMax = PacketLength + 32;

    public static uint Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>An IPv4 packet with UDP and its checksum; returns its length.</summary>
    public static int Write(
        Span<byte> destination, ReadOnlySpan<byte> key, in TrialMessage message, uint source, int sourcePort,
        uint target, int targetPort)
    {
        Span<byte> packet = destination[..PacketLength];
        int at = Ipv4Header.Write(packet, source, target, IpProtocol.Udp, PacketLength - Ipv4Header.LengthMin,
            identification: (ushort)(message.Sequence + 1), fragmentField: 0);
        message.Write(key, packet[(at + UdpHeader.LengthMin)..]);
        UdpHeader.Write(packet[at..], sourcePort, targetPort, TrialMessage.Length);
        UdpHeader.WriteChecksum(packet[at..], packet.Slice(12, 4), packet.Slice(16, 4));
        return PacketLength;
    }

    /// <summary>The same packet inside a G-PDU, as a gNB would send it; returns the G-PDU's length.</summary>
    public static int WriteNested(
        Span<byte> destination, ReadOnlySpan<byte> key, in TrialMessage message, NestedTunnel tunnel, uint source,
        int sourcePort, uint target, int targetPort)
    {
        int header = tunnel.Qfi is { } qfi
            ? GtpUHeader.WriteGPdu(destination, tunnel.Teid, PduSessionInformation.Uplink(qfi), PacketLength)
            : GtpUHeader.Write(destination, GtpUMessageType.GPdu, tunnel.Teid, PacketLength);
        return header + Write(destination[header..], key, message, source, sourcePort, target, targetPort);
    }
}
