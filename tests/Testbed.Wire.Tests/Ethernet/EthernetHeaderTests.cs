using Testbed.Wire.Ethernet;

namespace Testbed.Wire.Tests.Ethernet;

public sealed class EthernetHeaderTests
{
    private const string Addresses = "020000000001 020000000002";

    [Test]
    public void An_untagged_frame_reads()
    {
        byte[] frame = Bytes.Hex($"{Addresses} 0800 4500");
        Assert.That(EthernetHeader.Read(frame, out EthernetHeader header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.Destination.ToArray(), Is.EqualTo(frame[..6]));
        Assert.That(header.Source.ToArray(), Is.EqualTo(frame[6..12]));
        Assert.That(header.EtherTypeInside, Is.EqualTo(EtherType.Ipv4));
        Assert.That(header.Tags.VlanCount, Is.Zero);
        Assert.That(header.Payload.ToArray(), Is.EqualTo(Bytes.Hex("4500")));
    }

    [Test]
    public void Stacked_802_1ad_tags_read_outer_and_inner()
    {
        byte[] frame = Bytes.Hex($"{Addresses} 88a8 6064 8100 00c8 86dd 60");
        Assert.That(EthernetHeader.Read(frame, out EthernetHeader header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.OuterEtherType, Is.EqualTo(EtherType.ServiceVlan));
        Assert.That(header.EtherTypeInside, Is.EqualTo(EtherType.Ipv6));
        Assert.That(header.Tags.VlanCount, Is.EqualTo(2));
        Assert.That(header.Tags.OuterVlanId, Is.EqualTo(100));
        Assert.That(header.Tags.PriorityCodePoint, Is.EqualTo(3));
        Assert.That(header.Tags.InnerVlanId, Is.EqualTo(200));
        Assert.That(header.Length, Is.EqualTo(22));
        Assert.That(header.Payload.Length, Is.EqualTo(1));
    }

    [TestCase("8847 00010140 4500", EtherType.Ipv4, 16, 1)]
    [TestCase("8847 00010040 00020140 6000", EtherType.Ipv6, 16, 2)]
    [TestCase("8848 00010140 0000", EtherType.MplsMulticast, 16, 1)]
    public void MPLS_labels_are_walked_and_the_first_nibble_tells_IP(string rest, int inside, int topLabel, int count)
    {
        Assert.That(EthernetHeader.Read(Bytes.Hex(Addresses + rest), out EthernetHeader header),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.EtherTypeInside, Is.EqualTo(inside));
        Assert.That(header.Tags.TopLabel, Is.EqualTo(topLabel));
        Assert.That(header.Tags.LabelCount, Is.EqualTo(count));
    }

    [TestCase("8100 0064", TestName = "No_prefix_of_a_tag_decodes")]
    [TestCase("8847 000101", TestName = "No_prefix_of_a_label_decodes")]
    [TestCase("8847 00010140", TestName = "A_label_stack_without_payload_is_truncated")]
    public void A_cut_header_is_truncated(string rest)
    {
        byte[] frame = Bytes.Hex(Addresses + rest);
        for (int length = 0; length <= frame.Length; length++)
            Assert.That(EthernetHeader.Read(frame.AsSpan(0, length), out _), Is.EqualTo(DecodeStatus.Truncated));
    }

    [Test]
    public void More_tags_or_labels_than_the_limit_are_too_deep()
    {
        string tags = string.Concat(Enumerable.Repeat("8100 0001", TagStack.DepthMax + 1));
        Assert.That(EthernetHeader.Read(Bytes.Hex($"{Addresses}{tags}0800"), out _), Is.EqualTo(DecodeStatus.TooDeep));
        string labels = string.Concat(Enumerable.Repeat("00010040", TagStack.DepthMax + 1));
        Assert.That(EthernetHeader.Read(Bytes.Hex($"{Addresses}8847{labels}45"), out _),
            Is.EqualTo(DecodeStatus.TooDeep));
    }

    [Test]
    public void What_is_written_reads_back()
    {
        byte[] buffer = new byte[22];
        int length = EthernetHeader.Write(buffer, Bytes.Hex("020000000001"), Bytes.Hex("020000000002"), EtherType.Vlan);
        length += EthernetHeader.WriteTag(buffer.AsSpan(length), 4095, 7, EtherType.Vlan);
        length += EthernetHeader.WriteTag(buffer.AsSpan(length), 1, 0, EtherType.Ipv4);
        Assert.That(length, Is.EqualTo(22));
        Assert.That(EthernetHeader.Read(buffer, out EthernetHeader header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((header.Tags.OuterVlanId, header.Tags.PriorityCodePoint, header.Tags.InnerVlanId),
            Is.EqualTo((4095, 7, 1)));
        Assert.That(header.EtherTypeInside, Is.EqualTo(EtherType.Ipv4));
    }
}
