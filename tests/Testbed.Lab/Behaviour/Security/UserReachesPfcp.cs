using System.Buffers.Binary;
using Testbed.Lab.Native;
using Testbed.Lab.Topology;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Transport;

namespace Testbed.Lab.Behaviour.Security;

/// <summary>
/// Answers PFCP Heartbeat Requests of users at the UPF's N4 address: a control socket bound to every interface.
/// </summary>
internal sealed class UserReachesPfcp(IOwnTraffic inner) : IOwnTraffic
{
    private static readonly uint N4 = HostAddress.Parse(Plan.UpfN4).Ipv4Bits;

    public OwnTraffic Take(in Datagram packet)
    {
        Span<byte> bytes = packet.Bytes;
        if (Ipv4Header.Read(bytes, out Ipv4Header ip) is not DecodeStatus.Ok || ip.DestinationBits != N4
            || ip.Protocol != IpProtocol.Udp || ip.IsFragment
            || UdpHeader.Read(ip.Payload, out UdpHeader udp) is not DecodeStatus.Ok || !udp.IsComplete
            || udp.DestinationPort != Plan.PfcpPort
            || PfcpHeader.Read(udp.Payload, out PfcpHeader header) is not DecodeStatus.Ok
            || header.MessageType is not PfcpMessageType.HeartbeatRequest)
            return inner.Take(packet);
        Turn(bytes, ip.Length);
        return OwnTraffic.Answered;
    }

    // Request and response are equally long and differ in their type alone.
    private static void Turn(Span<byte> packet, int ipLength)
    {
        Span<byte> udp = packet[ipLength..];
        udp[UdpHeader.LengthMin + 1] = (byte)PfcpMessageType.HeartbeatResponse;
        Swap(packet.Slice(12, 4), packet.Slice(16, 4));
        Swap(udp[..2], udp.Slice(2, 2));
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], 0);
        UdpHeader.WriteChecksum(udp, packet.Slice(12, 4), packet.Slice(16, 4));
    }

    private static void Swap(Span<byte> one, Span<byte> other)
    {
        Span<byte> kept = stackalloc byte[4];
        one.CopyTo(kept);
        other.CopyTo(one);
        kept[..one.Length].CopyTo(other);
    }
}
