using Testbed.Wire.Ip;
using Testbed.Wire.Transport;
using Testbed.Wire.Tunnels;

namespace Testbed.Wire.Tests.Tunnels;

public sealed class EspHeaderTests
{
    private static byte[] Esp(byte[] inside) => [1, 2, 3, 4, 0, 0, 0, 9, .. inside];

    [Test]
    public void A_readable_packet_behind_the_header_is_no_secret()
    {
        byte[] packet = new byte[40];
        Ipv4Header.Write(packet, 1, 2, IpProtocol.Udp, 20);
        Assert.That(EspHeader.HoldsClearText(Esp(packet)), Is.True, "tunnel mode");
        byte[] gtpU = [0x30, 0xFF, 0, 0, 0, 0, 0, 1], udp = new byte[16];
        UdpHeader.Write(udp, 2152, 2152, gtpU.Length);
        gtpU.CopyTo(udp, 8);
        Assert.That(EspHeader.HoldsClearText(Esp(udp)), Is.True, "transport mode");
    }

    [Test]
    public void Noise_is_hardly_ever_readable()
    {
        Random random = new(5);
        int readable = 0;
        byte[] noise = new byte[100];
        for (int i = 0; i < 200_000; i++)
        {
            random.NextBytes(noise);
            if (EspHeader.HoldsClearText(noise)) readable++;
        }
        Assert.That(readable, Is.LessThan(10));
    }

    [Test]
    public void No_prefix_of_a_packet_throws()
    {
        byte[] packet = Esp(new byte[60]);
        for (int length = 0; length <= packet.Length; length++)
            Assert.That(EspHeader.HoldsClearText(packet.AsSpan(0, length)), Is.False);
    }

    [TestCase(4500, new byte[] { 1, 2, 3, 4, 0, 0, 0, 1, 9 }, true)]
    [TestCase(4500, new byte[] { 0, 0, 0, 0, 1, 1, 1, 1, 9 }, false)]
    [TestCase(4500, new byte[] { 0xFF }, false)]
    [TestCase(4501, new byte[] { 1, 2, 3, 4, 0, 0, 0, 1, 9 }, false)]
    public void ESP_in_UDP_is_told_from_IKE_and_keep_alives(int port, byte[] payload, bool isEsp)
    {
        byte[] datagram = new byte[8 + payload.Length];
        UdpHeader.Write(datagram, 9999, port, payload.Length);
        payload.CopyTo(datagram, 8);
        Assert.That(UdpHeader.Read(datagram, out UdpHeader udp), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(EspHeader.IsInUdp(udp), Is.EqualTo(isEsp));
    }
}
