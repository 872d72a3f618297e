using Testbed.Wire.Ip;

namespace Testbed.Wire.Tests.Ip;

public sealed class IpPacketTests
{
    private const string V6Addresses = "20010db8000000000000000000000001 20010db8000000000000000000000002";

    private static byte[] V4(string totalLength, string fragment, string protocol, string rest, string first = "45") =>
        Bytes.Hex($"{first} 00 {totalLength} 1c46 {fragment} 40 {protocol} 0000 0a2d0002 08080808 {rest}");

    private static byte[] V6(string payloadLength, string next, string rest) =>
        Bytes.Hex($"60000000 {payloadLength} {next} 40 {V6Addresses} {rest}");

    [Test]
    public void An_IPv4_packet_reads_and_padding_is_no_payload()
    {
        byte[] packet = V4("001d", "4000", "11", "0035 0036 0009 0000 aa" + new string('0', 40));
        Assert.That(IpPacket.Read(packet, out IpPacket ip), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(ip.TotalLength, Is.EqualTo(29));
        Assert.That(ip.Payload.Length, Is.EqualTo(9));
        Assert.That(ip.Protocol, Is.EqualTo(IpProtocol.Udp));
        Assert.That(ip.Identification, Is.EqualTo(0x1C46));
        Assert.That(ip.SourceAddress.ToString(), Is.EqualTo("10.45.0.2"));
        Assert.That(ip.DestinationAddress.ToString(), Is.EqualTo("8.8.8.8"));
        Assert.That(ip.IsFragment, Is.False);
        Assert.That(ip.IsSnapped, Is.False);
        Assert.That(Ipv4Header.Read(packet, out Ipv4Header header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.Payload.Length, Is.EqualTo(9), "The header's own view leaves padding out as well.");
    }

    [Test]
    public void A_snapped_packet_keeps_its_stated_length()
    {
        byte[] packet = V4("05dc", "0000", "06", "aabb");
        Assert.That(IpPacket.Read(packet, out IpPacket ip), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(ip.IsSnapped);
        Assert.That(ip.TotalLength, Is.EqualTo(1500));
        Assert.That(ip.PayloadLength, Is.EqualTo(1480));
        Assert.That(ip.Payload.Length, Is.EqualTo(2));
    }

    [Test]
    public void Options_are_no_payload_and_a_cut_header_is_truncated()
    {
        byte[] packet = V4("001c", "4000", "11", "01020304 aabbccdd", first: "46");
        Assert.That(IpPacket.Read(packet, out IpPacket ip), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(ip.Payload.ToArray(), Is.EqualTo(Bytes.Hex("aabbccdd")));
        Assert.That(Ipv4Header.Read(packet, out Ipv4Header header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.Options.ToArray(), Is.EqualTo(Bytes.Hex("01020304")));
        for (int length = 0; length < 24; length++)
            Assert.That(IpPacket.Read(packet.AsSpan(0, length), out _),
                Is.EqualTo(DecodeStatus.Truncated), $"{length}");
    }

    [Test]
    public void A_total_length_of_zero_takes_the_length_on_the_wire()
    {
        byte[] packet = V4("0000", "4000", "06", "aabbccdd");
        Assert.That(IpPacket.Read(packet, out IpPacket ip, 60_000), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(ip.TotalLength, Is.EqualTo(60_000));
        Assert.That(ip.IsSnapped);
        Assert.That(IpPacket.Read(packet, out ip), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(ip.TotalLength, Is.EqualTo(24));
    }

    [TestCase("2000", DecodeStatus.Ok, 0, true)]
    [TestCase("20b9", DecodeStatus.LaterFragment, 1480, true)]
    [TestCase("00b9", DecodeStatus.LaterFragment, 1480, false)]
    [TestCase("4000", DecodeStatus.Ok, 0, false)]
    public void IPv4_fragments_are_recognised(string field, DecodeStatus expected, int offset, bool more)
    {
        byte[] packet = V4("0018", field, "11", "0868 0868");
        Assert.That(IpPacket.Read(packet, out IpPacket ip), Is.EqualTo(expected));
        Assert.That(ip.FragmentOffset, Is.EqualTo(offset));
        Assert.That(ip.MoreFragments, Is.EqualTo(more));
        Assert.That(ip.IsFragment, Is.EqualTo(offset > 0 || more));
        Assert.That(ip.Identification, Is.EqualTo(0x1C46));
        Assert.That(ip.PayloadLength, Is.EqualTo(4));
    }

    [TestCase("00", 2, DecodeStatus.Ok, 0)]
    [TestCase("01", 2, DecodeStatus.Ok, 0)]
    [TestCase("05c8", 4, DecodeStatus.LaterFragment, 1480)]
    public void IPv6_fragments_are_recognised(string field, int digits, DecodeStatus expected, int offset)
    {
        string offsetField = digits == 2 ? $"00{field}" : field;
        byte[] packet = V6("000c", "2c", $"11 00 {offsetField} 12345678 0868 0868");
        Assert.That(IpPacket.Read(packet, out IpPacket ip), Is.EqualTo(expected));
        Assert.That(ip.Protocol, Is.EqualTo(IpProtocol.Udp));
        Assert.That(ip.FragmentOffset, Is.EqualTo(offset));
        Assert.That(ip.Identification, Is.EqualTo(0x12345678));
        Assert.That(ip.MoreFragments, Is.EqualTo(field == "01"));
        Assert.That(ip.PayloadLength, Is.EqualTo(4));
    }

    [Test]
    public void IPv6_extension_headers_and_an_authentication_header_are_walked_over()
    {
        // Hop-by-hop, routing, destination options of 16 bytes, authentication of 12 bytes, then TCP.
        byte[] packet = V6(
            "0030", "00",
            "2b 00 010400000000  3c 00 00 00 00000000  33 01 0104000000000108000000000000"
                + "06 01 0000 11111111 22222222  aabbccdd");
        Assert.That(IpPacket.Read(packet, out IpPacket ip), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(ip.Protocol, Is.EqualTo(IpProtocol.Tcp));
        Assert.That(ip.Payload.ToArray(), Is.EqualTo(Bytes.Hex("aabbccdd")));
        for (int length = 0; length < packet.Length - 4; length++)
            Assert.That(IpPacket.Read(packet.AsSpan(0, length), out _),
                Is.EqualTo(DecodeStatus.Truncated), $"{length}");
    }

    [Test]
    public void An_authentication_header_over_IPv4_is_walked_over()
    {
        byte[] packet = V4("0024", "4000", "33", "11 01 0000 11111111 22222222 aabbccdd");
        Assert.That(IpPacket.Read(packet, out IpPacket ip), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(ip.Protocol, Is.EqualTo(IpProtocol.Udp));
        Assert.That(ip.Payload.ToArray(), Is.EqualTo(Bytes.Hex("aabbccdd")));
    }

    [Test]
    public void A_jumbogram_takes_its_length_from_the_option()
    {
        byte[] packet = V6("0000", "00", "3a 00 c204 00020000 aabb");
        Assert.That(IpPacket.Read(packet, out IpPacket ip), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(ip.TotalLength, Is.EqualTo(40 + 0x20000));
        Assert.That(ip.PayloadLength, Is.EqualTo(0x20000 - 8));
        Assert.That(ip.Payload.Length, Is.EqualTo(2));
        Assert.That(IpPacket.Read(V6("0000", "00", "3a 00 c204 0000ffff"), out _), Is.EqualTo(DecodeStatus.BadLength));
        Assert.That(IpPacket.Read(V6("0000", "00", "3a 00 c204 ffffffff"), out _), Is.EqualTo(DecodeStatus.BadLength));
        Assert.That(IpPacket.Read(V6("0000", "00", "3a 00 c2ff 00020000"), out _), Is.EqualTo(DecodeStatus.BadLength));
    }

    [Test]
    public void An_IPv6_payload_length_of_zero_without_the_option_takes_the_length_on_the_wire()
    {
        byte[] packet = V6("0000", "06", "aabbccdd");
        Assert.That(IpPacket.Read(packet, out IpPacket ip, 70_000), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(ip.TotalLength, Is.EqualTo(70_000));
        Assert.That(IpPacket.Read(V6("0000", "3b", "aabbccdd"), out ip), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(ip.Payload.IsEmpty, "No next header: what follows is padding.");
    }

    [Test]
    public void A_chain_of_headers_beyond_the_limit_is_too_deep()
    {
        string chain = string.Concat(Enumerable.Repeat("3c00010400000000", 17));
        Assert.That(IpPacket.Read(V6("0088", "3c", chain), out _), Is.EqualTo(DecodeStatus.TooDeep));
    }

    [TestCase("44 00 0014", DecodeStatus.BadLength, TestName = "A_header_length_below_20_is_a_bad_length")]
    [TestCase("45 00 0013", DecodeStatus.BadLength, TestName = "A_total_length_below_the_header_is_a_bad_length")]
    [TestCase("55 00 0014", DecodeStatus.BadVersion, TestName = "IP_version_5_is_a_bad_version")]
    public void A_contradictory_header_is_refused(string start, DecodeStatus expected)
    {
        byte[] packet = Bytes.Hex($"{start} 0000 0000 40 11 0000 00000000 00000000");
        Assert.That(IpPacket.Read(packet, out _), Is.EqualTo(expected));
    }

    [TestCase("0004", "3c", "11 00 0104")]
    [TestCase("0008", "3c", "11 01 010400000000 aabbccddeeff0011")]
    [TestCase("0004", "2c", "11 00 0000 12345678")]
    public void An_extension_header_beyond_the_stated_length_is_a_bad_length(string length, string next, string rest) =>
        Assert.That(IpPacket.Read(V6(length, next, rest), out _), Is.EqualTo(DecodeStatus.BadLength));

    [Test]
    public void A_written_IPv4_header_reads_back_with_a_valid_checksum()
    {
        byte[] buffer = new byte[120];
        int length = Ipv4Header.Write(buffer, 0x0A2D0002, 0x08080808, IpProtocol.Udp, 100, 7, 0xB8, 63, 0x2000);
        Assert.That(Ipv4Header.Read(buffer, out Ipv4Header header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(length, Is.EqualTo(header.Length));
        Assert.That(header.IsChecksumValid);
        Assert.That((header.SourceBits, header.DestinationBits, header.PayloadLength, header.Identification),
            Is.EqualTo((0x0A2D0002u, 0x08080808u, 100, (ushort)7)));
        Assert.That((header.TrafficClass, header.TimeToLive, header.MoreFragments, header.DontFragment),
            Is.EqualTo(((byte)0xB8, (byte)63, true, false)));
        buffer[8]--;
        Ipv4Header.Read(buffer, out header);
        Assert.That(header.IsChecksumValid, Is.False);
    }

    [Test]
    public void A_written_IPv6_header_reads_back()
    {
        byte[] buffer = new byte[60];
        byte[] source = Bytes.Hex("20010db8000000000000000000000001");
        byte[] target = Bytes.Hex("20010db8000000000000000000000002");
        Ipv6Header.Write(buffer, source, target, IpProtocol.Tcp, 20, 0xB8, 0xABCDE, 63);
        Assert.That(Ipv6Header.Read(buffer, out Ipv6Header header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((header.TrafficClass, header.FlowLabel, header.HopLimit),
            Is.EqualTo(((byte)0xB8, 0xABCDE, (byte)63)));
        Assert.That((header.NextHeader, header.StatedPayloadLength), Is.EqualTo((IpProtocol.Tcp, 20)));
        Assert.That(IpPacket.Read(buffer, out IpPacket ip), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(ip.TrafficClass, Is.EqualTo(0xB8));
        Assert.That(ip.Source.ToArray(), Is.EqualTo(source));
        Assert.That(ip.Destination.ToArray(), Is.EqualTo(target));
    }
}
