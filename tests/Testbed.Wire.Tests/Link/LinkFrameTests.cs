using Testbed.Wire.Ethernet;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Tests.Link;

public sealed class LinkFrameTests
{
    [TestCase(LinkType.Ethernet, "020000000001020000000002 0800 45", EtherType.Ipv4, 14)]
    [TestCase(LinkType.Ethernet, "020000000001020000000002 0026 4242", 0x26, 14)]
    [TestCase(LinkType.LinuxSll, "0000 0001 0006 0200000000010000 86dd 60", EtherType.Ipv6, 16)]
    [TestCase(LinkType.LinuxSll, "0000 0001 0006 0200000000010000 8100 0064 0800 45", EtherType.Ipv4, 20)]
    [TestCase(LinkType.LinuxSll2, "0800 0000 00000003 0001 00 06 0200000000010000 45", EtherType.Ipv4, 20)]
    [TestCase(LinkType.Raw, "45", EtherType.Ipv4, 0)]
    [TestCase(LinkType.RawBsd, "60", EtherType.Ipv6, 0)]
    [TestCase(LinkType.RawOpenBsd, "45", EtherType.Ipv4, 0)]
    [TestCase(LinkType.Ipv4, "45", EtherType.Ipv4, 0)]
    [TestCase(LinkType.Ipv6, "60", EtherType.Ipv6, 0)]
    [TestCase(LinkType.Null, "02000000 45", EtherType.Ipv4, 4)]
    [TestCase(LinkType.Null, "00000002 45", EtherType.Ipv4, 4)]
    [TestCase(LinkType.Null, "1e000000 60", EtherType.Ipv6, 4)]
    [TestCase(LinkType.Null, "1c000000 60", EtherType.Ipv6, 4)]
    [TestCase(LinkType.Loop, "00000018 60", EtherType.Ipv6, 4)]
    [TestCase(LinkType.Loop, "0000000a 60", EtherType.Ipv6, 4)]
    public void A_frame_of_each_link_type_is_walked_to_its_packet(LinkType type, string hex, int inside, int offset)
    {
        byte[] frame = Bytes.Hex(hex);
        Assert.That(LinkFrame.Read(type, frame, out LinkFrame link), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(link.EtherTypeInside, Is.EqualTo(inside));
        Assert.That(link.PayloadOffset, Is.EqualTo(offset));
        Assert.That(link.IsIp, Is.EqualTo(inside is EtherType.Ipv4 or EtherType.Ipv6));
        for (int length = 0; length < offset; length++)
            Assert.That(LinkFrame.Read(type, frame.AsSpan(0, length), out _), Is.EqualTo(DecodeStatus.Truncated));
    }

    [TestCase(LinkType.Ipv4, "60", DecodeStatus.BadVersion)]
    [TestCase(LinkType.Ipv6, "45", DecodeStatus.BadVersion)]
    [TestCase(LinkType.Raw, "50", DecodeStatus.BadVersion)]
    [TestCase(LinkType.Raw, "", DecodeStatus.Truncated)]
    [TestCase(LinkType.Null, "00000007 00", DecodeStatus.Unsupported)]
    [TestCase((LinkType)105, "0000", DecodeStatus.Unsupported)]
    public void Another_frame_is_refused_by_reason(LinkType type, string hex, DecodeStatus expected) =>
        Assert.That(LinkFrame.Read(type, Bytes.Hex(hex), out _), Is.EqualTo(expected));

    [Test]
    public void A_cooked_header_tells_direction_and_interface()
    {
        byte[] second = Bytes.Hex("0800 0000 00000003 0001 04 06 0200000000010000");
        Assert.That(LinuxSllHeader.Read(LinkType.LinuxSll2, second, out LinuxSllHeader header),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header, Is.EqualTo(new LinuxSllHeader(SllPacketType.FromUs, 3, 1)));
        byte[] first = Bytes.Hex("0003 0001 0006 0200000000010000 0800");
        Assert.That(LinuxSllHeader.Read(LinkType.LinuxSll, first, out header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header, Is.EqualTo(new LinuxSllHeader(SllPacketType.ToOther, 0, 1)));
        Assert.That(LinuxSllHeader.Read(LinkType.LinuxSll, first.AsSpan(0, 15), out _),
            Is.EqualTo(DecodeStatus.Truncated));
        Assert.That(LinuxSllHeader.Read(LinkType.LinuxSll2, second.AsSpan(0, 19), out _),
            Is.EqualTo(DecodeStatus.Truncated));
        Assert.That(LinuxSllHeader.Read(LinkType.Raw, first, out _), Is.EqualTo(DecodeStatus.Unsupported));
    }
}
