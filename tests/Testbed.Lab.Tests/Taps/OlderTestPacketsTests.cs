using Testbed.Lab.Native;
using Testbed.Lab.Taps;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Stamp;
using Testbed.Wire.Transport;

namespace Testbed.Lab.Tests.Taps;

public sealed class OlderTestPacketsTests
{
    private const uint Ue = 0x0A2D_0002, Host = 0x0A64_3D0A;
    private static readonly StampKey Key = StampKeys.Derive(new byte[32], 1);

    private static byte[] Udp(ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[Ipv4Header.LengthMin + UdpHeader.LengthMin + payload.Length];
        int at = Ipv4Header.Write(packet, Ue, Host, IpProtocol.Udp, packet.Length - Ipv4Header.LengthMin);
        UdpHeader.Write(packet.AsSpan(at), 40_000, 30_000, payload.Length);
        payload.CopyTo(packet.AsSpan(at + UdpHeader.LengthMin));
        UdpHeader.WriteChecksum(packet.AsSpan(at), packet.AsSpan(12, 4), packet.AsSpan(16, 4));
        return packet;
    }

    private static byte[] Ethernet(ReadOnlySpan<byte> packet) =>
        [.. new byte[] { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0 }, .. packet];

    private static byte[] Tunnel(byte[] packet)
    {
        byte[] message = new byte[16 + packet.Length];
        int header = GtpUHeader.WriteGPdu(message, 7, PduSessionInformation.Uplink(9), packet.Length);
        packet.CopyTo(message, header);
        byte[] outer = Udp(message);
        outer[22] = GtpUHeader.Port >> 8;
        outer[23] = GtpUHeader.Port & 0xFF;
        return outer;
    }

    private static byte[] Signed()
    {
        byte[] payload = new byte[112];
        new StampSenderPacket(5, 1_000, default, 1).Write(payload, true);
        Key.Sign(payload);
        return payload;
    }

    private static unsafe byte[] Filter(byte[] frame)
    {
        byte[] copy = (byte[])frame.Clone();
        fixed (byte* start = copy)
            Assert.That(new OlderTestPackets().Shows(new Datagram(start, copy.Length, 0), isFromUpf: true));
        return copy;
    }

    [Test]
    public void A_test_packet_in_a_tunnel_and_on_N6_changes_alike_and_verifies_no_more()
    {
        byte[] payload = Signed();
        Assert.That(Key.Verify(payload));
        byte[] onN6 = Filter(Ethernet(Udp(payload))), onN3 = Filter(Ethernet(Tunnel(Udp(payload))));
        Assert.Multiple(() =>
        {
            Assert.That(Key.Verify(onN6.AsSpan(^112..)), Is.False);
            Assert.That(onN6[^112..], Is.EqualTo(onN3[^112..]));
            Assert.That(onN6[^112..^16], Is.EqualTo(payload[..^16]), "only the signature is another");
        });
    }

    [Test]
    public void Its_checksum_stays_right()
    {
        byte[] frame = Filter(Ethernet(Udp(Signed())));
        byte[] udp = frame[34..];
        byte[] again = (byte[])udp.Clone();
        again[6] = again[7] = 0;
        UdpHeader.WriteChecksum(again, frame.AsSpan(26, 4), frame.AsSpan(30, 4));
        Assert.That(udp, Is.EqualTo(again));
    }

    [TestCase(64)]
    [TestCase(1_200)]
    public void Other_traffic_stays_as_it_is(int payloadBytes)
    {
        byte[] payload = new byte[payloadBytes];
        new Random(1).NextBytes(payload);
        byte[] frame = Ethernet(Udp(payload));
        Assert.That(Filter(frame), Is.EqualTo(frame));
    }
}
