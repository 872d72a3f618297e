using System.Net;
using Testbed.Probes.Security;
using Testbed.Probes.Security.Trials;
using Testbed.Probes.Sockets.Raw;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Probes.Tests.Security;

public sealed class TunnelWatchTests
{
    private const uint Ue = 0x0A2D0002, Server = 0x0A643D0A, UpfBits = 0x0A640301;
    private static readonly IPAddress Upf = IPAddress.Parse("10.100.3.1");

    private static byte[] Gpdu(uint source, PduSessionInformation? container, int port = GtpUHeader.Port)
    {
        byte[] inner = new byte[28];
        Ipv4Header.Write(inner, source, Server, IpProtocol.Udp, 8);
        byte[] packet = new byte[100];
        Span<byte> gtp = packet.AsSpan(28);
        int header = container is { } information
            ? GtpUHeader.WriteGPdu(gtp, 0xABC, information, inner.Length)
            : GtpUHeader.Write(gtp, GtpUMessageType.GPdu, 0xABC, inner.Length);
        inner.CopyTo(gtp[header..]);
        UdpHeader.Write(packet.AsSpan(20), 2152, port, header + inner.Length);
        Ipv4Header.Write(packet, 1, UpfBits, IpProtocol.Udp, 8 + header + inner.Length);
        return packet[..(28 + header + inner.Length)];
    }

    private static NestedTunnel? Find(byte[] packet) => TunnelWatchProbe.Find(packet, HostAddress.FromIpv4(Ue));

    [Test]
    public void The_UEs_own_uplink_tunnel_is_found_with_its_QoS_flow_and_its_end()
        => Assert.That(Find(Gpdu(Ue, PduSessionInformation.Uplink(9))), Is.EqualTo(new NestedTunnel(0xABC, 9, Upf)));

    [Test]
    public void A_network_without_containers_has_tunnels_too()
        => Assert.That(Find(Gpdu(Ue, null)), Is.EqualTo(new NestedTunnel(0xABC, null, Upf)));

    [Test]
    public void Other_UEs_the_downlink_and_other_ports_are_not_it()
    {
        Assert.That(Find(Gpdu(Ue + 1, PduSessionInformation.Uplink(9))), Is.Null);
        Assert.That(Find(Gpdu(Ue, PduSessionInformation.Downlink(9))), Is.Null);
        Assert.That(Find(Gpdu(Ue, PduSessionInformation.Uplink(9), port: 2153)), Is.Null);
    }

    [Test]
    public void No_prefix_of_a_packet_throws()
    {
        byte[] packet = Gpdu(Ue, PduSessionInformation.Uplink(9));
        for (int length = 0; length < packet.Length; length++) Find(packet[..length]);
    }

    [Test]
    public void The_next_hop_is_the_gateway_else_any_neighbour_of_the_interface()
    {
        string[] arp =
        [
            "IP address       HW type     Flags       HW address            Mask     Device",
            "10.0.0.7         0x1         0x2         02:00:00:00:00:07     *        eth1",
            "10.0.0.1         0x1         0x2         02:00:00:00:00:01     *        eth1",
            "10.9.0.1         0x1         0x0         00:00:00:00:00:00     *        eth2",
        ];
        string[] routes = ["Iface\tDestination\tGateway", "eth1\t00000000\t0100000A\t0003"];
        Assert.That(NextHop.Find(arp, routes, "eth1"), Is.EqualTo(new byte[] { 2, 0, 0, 0, 0, 1 }));
        Assert.That(NextHop.Find(arp, [], "eth1"), Is.EqualTo(new byte[] { 2, 0, 0, 0, 0, 7 }));
        Assert.That(NextHop.Find(arp, routes, "eth2"), Is.Null, "an entry that is still being asked for");
    }
}
