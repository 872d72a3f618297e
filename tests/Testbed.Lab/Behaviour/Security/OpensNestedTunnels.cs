using Testbed.Lab.Native;
using Testbed.Lab.Topology;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Lab.Behaviour.Security;

/// <summary>Takes what a user sends to the UPF's N3 address and port 2152 for a gNB's.</summary>
internal sealed class OpensNestedTunnels(IOwnTraffic inner) : IOwnTraffic
{
    private static readonly uint N3 = HostAddress.Parse(Plan.UpfN3).Ipv4Bits;

    public OwnTraffic Take(in Datagram packet) =>
        Ipv4Header.Read(packet.Bytes, out Ipv4Header ip) is DecodeStatus.Ok && ip.DestinationBits == N3
        && ip.Protocol == IpProtocol.Udp && !ip.IsFragment
        && UdpHeader.Read(ip.Payload, out UdpHeader udp) is DecodeStatus.Ok && udp.IsComplete
        && udp.DestinationPort == Plan.GtpUPort
            ? OwnTraffic.Opened : inner.Take(packet);
}
