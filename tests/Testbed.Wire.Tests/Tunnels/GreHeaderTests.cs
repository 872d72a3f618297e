using Testbed.Wire.Ethernet;
using Testbed.Wire.Tunnels;

namespace Testbed.Wire.Tests.Tunnels;

public sealed class GreHeaderTests
{
    [TestCase("0000 0800", 4, null, TestName = "A_plain_header_has_4_bytes")]
    [TestCase("8000 0800 1234 0000", 8, null, TestName = "A_checksum_adds_4_bytes")]
    [TestCase("2000 0800 0000002a", 8, 42u, TestName = "A_key_adds_4_bytes_and_reads")]
    [TestCase("1000 0800 00000001", 8, null, TestName = "A_sequence_number_adds_4_bytes")]
    [TestCase("b000 0800 1234 0000 0000002a 00000001", 16, 42u,
        TestName = "Checksum_key_and_sequence_number_stand_in_that_order")]
    public void Flags_say_how_long_the_header_is(string hex, int length, uint? key)
    {
        byte[] bytes = Bytes.Hex(hex);
        Assert.That(GreHeader.Read(bytes, out GreHeader header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((header.Length, header.Key, header.Protocol), Is.EqualTo((length, key, EtherType.Ipv4)));
        for (int kept = 0; kept < length; kept++)
            Assert.That(GreHeader.Read(bytes.AsSpan(0, kept), out _), Is.EqualTo(DecodeStatus.Truncated));
    }

    [TestCase("2001 880b 00000001", DecodeStatus.BadVersion, TestName = "PPTP_is_another_version")]
    [TestCase("4000 0800 0000 0000", DecodeStatus.Unsupported, TestName = "Source_routes_are_not_read")]
    public void Other_headers_are_refused_by_reason(string hex, DecodeStatus expected) =>
        Assert.That(GreHeader.Read(Bytes.Hex(hex), out _), Is.EqualTo(expected));
}
