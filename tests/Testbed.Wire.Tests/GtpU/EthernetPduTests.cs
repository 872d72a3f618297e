using Testbed.Wire.GtpU;
using Testbed.Wire.Link;

namespace Testbed.Wire.Tests.GtpU;

public sealed class EthernetPduTests
{
    // An IPv4 header whose checksum holds, from 10.0.0.1 to 10.0.0.2, protocol 253.
    private const string Ipv4 = "45000014 00010000 40fd 65ea 0a000001 0a000002";
    private const string Macs = "020000000001 020000000002 ";

    [TestCase(Macs + "0800" + Ipv4, true, TestName = "A_frame_with_IPv4_is_a_frame")]
    [TestCase(Macs + "0800" + Ipv4 + "0000", true, TestName = "A_padded_frame_with_IPv4_is_a_frame")]
    [TestCase(Macs + "8100 0005 0800" + Ipv4, true, TestName = "A_tagged_frame_with_IPv4_is_a_frame")]
    [TestCase("480000000001 020000000002 0800" + Ipv4, true,
        TestName = "A_frame_to_an_address_that_starts_like_an_IPv4_header_is_a_frame")]
    [TestCase("ffffffffffff 020000000002 0806 0001", true, TestName = "An_ARP_broadcast_is_a_frame")]
    [TestCase("010ecf000000 020000000002 8892 8000", true, TestName = "PROFINET_is_a_frame")]
    [TestCase("020000000001 030000000002 0800" + Ipv4, false, TestName = "A_group_address_is_no_source")]
    [TestCase("020000000001 000000000000 0800" + Ipv4, false, TestName = "No_address_is_no_source")]
    [TestCase(Macs + "0800 45000014 00010000 40fd 65e8 0a000001 0a000002", false,
        TestName = "IPv4_with_a_wrong_checksum_is_no_evidence")]
    [TestCase(Macs + "0800 45000015 00010000 40fd 65e9 0a000001 0a000002", false,
        TestName = "IPv4_longer_than_the_frame_is_no_evidence")]
    [TestCase(Macs + "1234 00000000", false, TestName = "An_unknown_EtherType_is_no_evidence")]
    public void Only_bytes_with_evidence_are_a_frame(string hex, bool expected)
    {
        byte[] payload = Bytes.Hex(hex);
        Assert.That(EthernetPdu.TryRead(payload, payload.Length, out LinkFrame _), Is.EqualTo(expected));
    }

    [Test]
    public void No_prefix_reads_beyond_its_end()
    {
        byte[] payload = Bytes.Hex(Macs + "8100 0005 0800" + Ipv4);
        for (int kept = 0; kept < payload.Length; kept++)
            if (EthernetPdu.TryRead(payload.AsSpan(0, kept), payload.Length, out LinkFrame frame))
                Assert.That(frame.Payload.Length, Is.EqualTo(kept - 18));
    }
}
