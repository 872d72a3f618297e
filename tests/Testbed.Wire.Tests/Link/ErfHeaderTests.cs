using Testbed.Wire.Ethernet;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Tests.Link;

public sealed class ErfHeaderTests
{
    // 1 s and a half after the epoch; type ETH; record of 52 bytes; no loss; 34 bytes on the wire; 2 of padding.
    private const string Record = "00000080 01000000 02 04 0034 0000 0022 0000";
    private const string Frame = "020000000001 020000000002 0800 45000014 00010000 40fd 0000 0a000001 0a000002";

    [Test]
    public void An_Ethernet_record_reads()
    {
        Assert.That(ErfHeader.Read(Bytes.Hex(Record + Frame), out ErfHeader header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.TimestampNs, Is.EqualTo(1_500_000_000));
        Assert.That((header.RecordLength, header.WireLength, header.FrameOffset), Is.EqualTo((52, 34, 18)));
    }

    [Test]
    public void Extension_headers_are_walked_over()
    {
        byte[] record = Bytes.Hex(
            "00000080 01000000 82 04 0044 0000 0022 8500000000000000 0500000000000000 0000" + Frame);
        Assert.That(LinkFrame.Read(LinkType.Erf, record, out LinkFrame link), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(link.PayloadOffset, Is.EqualTo(16 + 16 + 2 + 14));
        Assert.That(link.IsIp);
    }

    [Test]
    public void A_record_without_link_header_holds_the_packet_itself()
    {
        byte[] record = Bytes.Hex("00000080 01000000 16 04 0024 0000 0014" + Frame[(Frame.IndexOf("0800") + 4)..]);
        Assert.That(LinkFrame.Read(LinkType.Erf, record, out LinkFrame link), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(link.EtherTypeInside, Is.EqualTo(EtherType.Ipv4));
        Assert.That(link.Payload.Length, Is.EqualTo(20));
    }

    [Test]
    public void No_prefix_that_ends_before_the_packet_decodes()
    {
        byte[] record = Bytes.Hex(Record + Frame);
        for (int kept = 0; kept < 32; kept++)
            Assert.That(
                LinkFrame.Read(LinkType.Erf, record.AsSpan(0, kept), out _), Is.EqualTo(DecodeStatus.Truncated));
    }

    [TestCase("00000080 01000000 03 04 0034 0000 0022", DecodeStatus.Unsupported, TestName = "ATM_is_not_read")]
    [TestCase("00000080 01000000 02 04 0011 0000 0022 0000", DecodeStatus.BadLength,
        TestName = "A_record_shorter_than_its_header_is_a_bad_length")]
    public void Other_records_are_refused_by_reason(string hex, DecodeStatus expected) =>
        Assert.That(ErfHeader.Read(Bytes.Hex(hex), out _), Is.EqualTo(expected));

    [Test]
    public void Extension_headers_without_end_are_too_deep()
    {
        byte[] record = new byte[16 + 8 * 20];
        record.AsSpan().Fill(0x80);
        Assert.That(ErfHeader.Read(record, out _), Is.EqualTo(DecodeStatus.TooDeep));
    }
}
