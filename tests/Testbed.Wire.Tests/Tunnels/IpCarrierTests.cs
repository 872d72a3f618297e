using Testbed.Wire.Ip;
using Testbed.Wire.Tunnels;

namespace Testbed.Wire.Tests.Tunnels;

public sealed class IpCarrierTests
{
    private static readonly byte[] Ipv4 = Bytes.Hex("45000018 00010000 4011 0000 0a000001 0a000002 01020304");
    private static readonly byte[] Ipv6 = Bytes.Hex(
        "60000000 0004 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002 01020304");

    private static IEnumerable<TestCaseData> Carriers()
    {
        yield return new TestCaseData(IpProtocol.Ipv4InIp, Ipv4, false).SetName("IPv4_in_IP_opens");
        yield return new TestCaseData(IpProtocol.Ipv6InIp, Ipv6, true).SetName("IPv6_in_IP_opens");
        yield return new TestCaseData(IpProtocol.Gre, (byte[])[.. Bytes.Hex("00000800"), .. Ipv4], false)
            .SetName("IPv4_in_GRE_opens");
        yield return new TestCaseData(IpProtocol.Gre, (byte[])[.. Bytes.Hex("200086dd 00000001"), .. Ipv6], true)
            .SetName("IPv6_in_GRE_with_a_key_opens");
        yield return new TestCaseData(
            IpProtocol.Gre,
            (byte[])[.. Bytes.Hex("00006558 020000000001 020000000002 8100 0005 0800"), .. Ipv4, 0, 0], false)
            .SetName("IPv4_in_a_tagged_and_padded_frame_in_GRE_opens");
    }

    [TestCaseSource(nameof(Carriers))]
    public void What_is_carried_opens_to_its_own_length(byte protocol, byte[] payload, bool isIpv6)
    {
        Assert.That(
            IpCarrier.Open(protocol, payload, payload.Length, out IpPacket inside), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(inside.IsIpv6, Is.EqualTo(isIpv6));
        Assert.That(inside.Payload.ToArray(), Is.EqualTo(Bytes.Hex("01020304")));
        Assert.That(inside.IsSnapped, Is.False);
    }

    [TestCaseSource(nameof(Carriers))]
    public void Every_prefix_is_cut_off_or_refused_and_keeps_its_length_on_the_wire(
        byte protocol, byte[] payload, bool isIpv6)
    {
        for (int kept = 0; kept < payload.Length; kept++)
        {
            DecodeStatus status = IpCarrier.Open(
                protocol, payload.AsSpan(0, kept), payload.Length, out IpPacket inside);
            if (status is DecodeStatus.Ok)
                Assert.That(inside.TotalLength, Is.EqualTo(isIpv6 ? Ipv6.Length : Ipv4.Length));
            else Assert.That(status, Is.EqualTo(DecodeStatus.Truncated));
        }
    }

    [TestCase(IpProtocol.Ipv4InIp, "60", DecodeStatus.BadVersion, TestName = "Protocol_4_carries_IPv4_only")]
    [TestCase(IpProtocol.Ipv6InIp, "45", DecodeStatus.BadVersion, TestName = "Protocol_41_carries_IPv6_only")]
    [TestCase(IpProtocol.Gre, "00000806 0001", DecodeStatus.Unsupported, TestName = "ARP_in_GRE_is_no_IP")]
    [TestCase(IpProtocol.Udp, "45", DecodeStatus.Unsupported, TestName = "UDP_is_no_carrier")]
    public void What_is_no_carried_IP_is_refused_by_reason(byte protocol, string hex, DecodeStatus expected)
    {
        byte[] payload = Bytes.Hex(hex);
        Assert.That(IpCarrier.Open(protocol, payload, payload.Length, out _), Is.EqualTo(expected));
    }

    [Test]
    public void The_innermost_of_nested_packets_reads()
    {
        byte[] packet = Ipv4;
        for (int depth = 0; depth < 3; depth++) packet = Carry(packet);
        Assert.That(IpCarrier.ReadInnermost(packet, packet.Length, out IpPacket inside), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((inside.Protocol, inside.TotalLength), Is.EqualTo((IpProtocol.Udp, Ipv4.Length)));
        for (int depth = 0; depth < 9; depth++) packet = Carry(packet);
        Assert.That(IpCarrier.ReadInnermost(packet, packet.Length, out inside), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(inside.Protocol, Is.EqualTo(IpProtocol.Ipv4InIp), "Deeper than any network nests.");

        static byte[] Carry(byte[] packet)
        {
            byte[] carrier = new byte[20 + packet.Length];
            Ipv4Header.Write(carrier, 1, 2, IpProtocol.Ipv4InIp, packet.Length);
            packet.CopyTo(carrier, 20);
            return carrier;
        }
    }

    [Test]
    public void A_packet_longer_than_its_carrier_is_a_bad_length() =>
        Assert.That(
            IpCarrier.Open(IpProtocol.Ipv4InIp, Ipv4, Ipv4.Length - 1, out _), Is.EqualTo(DecodeStatus.BadLength));
}
