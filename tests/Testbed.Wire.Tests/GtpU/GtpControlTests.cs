using Testbed.Wire.GtpU;

namespace Testbed.Wire.Tests.GtpU;

public sealed class GtpControlTests
{
    // Create Session Request; Create PDP Context Request; Data Record Transfer Request; Echo Request of GTPv2; G-PDU.
    [TestCase("48 20 0008 00000000 00000100", GtpFamily.GtpV2Control, 32, 12)]
    [TestCase("40 01 0004 00000100", GtpFamily.GtpV2Control, 1, 8)]
    [TestCase("32 10 0004 00000000 00010000", GtpFamily.GtpV1Control, 16, 12)]
    [TestCase("2e f0 0000 0001", GtpFamily.GtpPrime, 240, 6)]
    [TestCase("0f f0 0000 0001", GtpFamily.GtpPrime, 240, 6)]
    [TestCase("0e 01 0000 0001 00000000000000000000000000 00", GtpFamily.GtpPrime, 1, 20)]
    [TestCase("30 ff 0001 00000001 45", GtpFamily.GtpU, 255, 9)]
    public void The_members_of_the_family_are_told_apart(string hex, GtpFamily family, int type, int length)
    {
        byte[] datagram = Bytes.Hex(hex);
        Assert.That(
            GtpControl.Read(datagram, datagram.Length, out GtpControl message), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((message.Family, (int)message.MessageType, message.MessageLength),
            Is.EqualTo((family, type, length)));
        for (int kept = 0; kept < 4; kept++)
            Assert.That(GtpControl.Read(datagram.AsSpan(0, kept), datagram.Length, out _),
                Is.EqualTo(DecodeStatus.Truncated));
    }

    [TestCase("1e 10 0000 0000", DecodeStatus.BadVersion, TestName = "GTP_version_0_is_refused")]
    [TestCase("68 10 0000 0000", DecodeStatus.BadVersion, TestName = "GTP_version_3_is_refused")]
    [TestCase("48 20 0009 00000000 00000100", DecodeStatus.BadLength,
        TestName = "A_length_beyond_the_datagram_is_refused")]
    public void What_is_none_of_them_is_refused_by_reason(string hex, DecodeStatus expected)
    {
        byte[] datagram = Bytes.Hex(hex);
        Assert.That(GtpControl.Read(datagram, datagram.Length, out _), Is.EqualTo(expected));
    }
}
