using Testbed.Wire.Ethernet;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Tests.Ethernet;

public sealed class PppoeHeaderTests
{
    private const string Macs = "020000000001 020000000002 ";
    private const string Packet = "45000014 00010000 40fd 0000 0a000001 0a000002";

    [TestCase("11 00 0007 0016 0021", 8, EtherType.Ipv4, TestName = "IPv4_in_PPPoE_reads")]
    [TestCase("11 00 0007 0015 21", 7, EtherType.Ipv4, TestName = "A_compressed_protocol_field_reads")]
    [TestCase("11 00 0007 0016 0057", 8, EtherType.Ipv6, TestName = "IPv6_in_PPPoE_reads")]
    [TestCase("11 00 0007 0016 c021", 8, EtherType.PppoeSession, TestName = "Link_control_is_no_network_packet")]
    public void The_protocol_field_says_what_follows(string hex, int length, int etherType)
    {
        byte[] bytes = Bytes.Hex(hex);
        Assert.That(PppoeHeader.Read(bytes, out PppoeHeader header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((header.Length, header.SessionId, (int)header.EtherTypeInside), Is.EqualTo((length, 7, etherType)));
        Assert.That(header.PayloadLength, Is.EqualTo(20));
        for (int kept = 0; kept < bytes.Length; kept++)
            Assert.That(PppoeHeader.Read(bytes.AsSpan(0, kept), out _), Is.EqualTo(DecodeStatus.Truncated));
    }

    [TestCase("12 00 0007 0016 0021", DecodeStatus.BadVersion)]
    [TestCase("11 09 0007 0016 0021", DecodeStatus.BadField)]
    [TestCase("11 00 0007 0001 0021", DecodeStatus.BadLength)]
    public void Damaged_headers_are_refused_by_reason(string hex, DecodeStatus expected) =>
        Assert.That(PppoeHeader.Read(Bytes.Hex(hex), out _), Is.EqualTo(expected));

    [TestCase("8864 11000007 0016 0021" + Packet, TestName = "PPPoE_alone")]
    [TestCase("8100 0064 8864 11000007 0016 0021" + Packet, TestName = "PPPoE_behind_a_VLAN_tag")]
    [TestCase("88a8 0064 8100 0065 8864 11000007 001a 0281 00064140" + Packet,
        TestName = "MPLS_in_PPPoE_behind_two_VLAN_tags")]
    public void A_link_frame_walks_over_it(string hex)
    {
        byte[] frame = Bytes.Hex(Macs + hex);
        Assert.That(LinkFrame.Read(LinkType.Ethernet, frame, out LinkFrame link), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(link.IsIp);
        Assert.That(link.Payload.ToArray(), Is.EqualTo(Bytes.Hex(Packet)));
    }
}
