using System.Buffers.Binary;
using Testbed.Wire.Ip;

namespace Testbed.Lab.UserPlane;

/// <summary>What packet filters look at. Ports are 0 where the packet shows none.</summary>
internal readonly record struct InnerFlow(
    byte Protocol, HostAddress Ue, ushort UePort, HostAddress Remote, ushort RemotePort)
{
    /// <param name="ip">A checked header with its packet.</param>
    public static InnerFlow Of(in Ipv4Header ip, bool isUplink)
    {
        ushort source = 0, destination = 0;
        ReadOnlySpan<byte> payload = ip.Payload;
        if (ip.Protocol is IpProtocol.Udp or IpProtocol.Tcp && ip.FragmentOffset == 0 && payload.Length >= 4)
        {
            source = BinaryPrimitives.ReadUInt16BigEndian(payload);
            destination = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
        }
        HostAddress from = HostAddress.FromIpv4(ip.SourceBits), to = HostAddress.FromIpv4(ip.DestinationBits);
        return isUplink
            ? new(ip.Protocol, from, source, to, destination)
            : new(ip.Protocol, to, destination, from, source);
    }
}
