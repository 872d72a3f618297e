using Testbed.Wire.GtpU;

namespace Testbed.Wire.Tests.GtpU;

public sealed class GtpUHeaderTests
{
    // TS 29.281 §5.1: flags with E, G-PDU, length, TEID, sequence, N-PDU, next type; a downlink container with
    // QFI 9; payload.
    private static readonly byte[] Downlink = Bytes.Hex("34 ff 000c 00000001 0000 00 85 01 00 09 00 45aabbcc");

    [Test]
    public void Twelve_bytes_with_E_flag_and_no_extension_header_are_a_bad_length()
    {
        byte[] datagram = Bytes.Hex("34 ff 0004 00000001 0000 00 85");
        Assert.That(GtpUHeader.Read(datagram, out _), Is.EqualTo(DecodeStatus.BadLength));
    }

    [Test]
    public void Extension_headers_of_one_message_never_reach_the_next()
    {
        byte[] plain = Bytes.Hex("30 ff 0001 00000002 45");
        for (int i = 0; i < 100; i++)
        {
            Assert.That(GtpUHeader.Read(Downlink, out GtpUHeader first), Is.EqualTo(DecodeStatus.Ok));
            Assert.That(first.ExtensionCount, Is.EqualTo(1));
            Assert.That(GtpUHeader.Read(plain, out GtpUHeader second), Is.EqualTo(DecodeStatus.Ok));
            Assert.That(second.ExtensionCount, Is.Zero);
            Assert.That(second.HasPduSessionContainer, Is.False);
            foreach (GtpUExtensions.Extension _ in second.Extensions) Assert.Fail("A plain message has no extension.");
        }
    }

    [Test]
    public void A_length_of_all_ones_does_not_wrap()
    {
        byte[] datagram = Bytes.Hex("34 ff ffff 00000001 0000 00 85 01 00 09 00 45aabbcc");
        Assert.That(GtpUHeader.Read(datagram, out GtpUHeader snapped), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(snapped.MessageLength, Is.EqualTo(65_543));
        Assert.That(snapped.PayloadLength, Is.EqualTo(65_543 - 16));
        Assert.That(snapped.Payload.Length, Is.EqualTo(4));
        Assert.That(snapped.IsSnapped);

        DecodeStatus whole = GtpUHeader.Read(datagram, out _, datagram.Length);
        Assert.That(whole, Is.EqualTo(DecodeStatus.BadLength), "A whole datagram contradicts its length field.");
    }

    [Test]
    public void A_G_PDU_with_a_PDU_session_container_reads()
    {
        Assert.That(GtpUHeader.Read(Downlink, out GtpUHeader header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.MessageType, Is.EqualTo(GtpUMessageType.GPdu));
        Assert.That(header.Teid, Is.EqualTo(1));
        Assert.That(header.HasSequenceNumber, Is.False);
        Assert.That(header.Length, Is.EqualTo(16));
        Assert.That(header.PayloadLength, Is.EqualTo(4));
        Assert.That(header.Payload.ToArray(), Is.EqualTo(Bytes.Hex("45aabbcc")));
        Assert.That(header.PduSessionContent.ToArray(), Is.EqualTo(Bytes.Hex("0009")));
        Assert.That(PduSessionContainer.ReadQfi(header.PduSessionContent, out byte qfi, out bool isUplink),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That(qfi, Is.EqualTo(9));
        Assert.That(isUplink, Is.False);
    }

    [Test]
    public void Sequence_number_and_container_together_are_legal()
    {
        byte[] datagram = Bytes.Hex("37 ff 0008 00000001 1234 56 85 01 10 01 00");
        Assert.That(GtpUHeader.Read(datagram, out GtpUHeader header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.SequenceNumber, Is.EqualTo(0x1234));
        Assert.That(header.NpduNumber, Is.EqualTo(0x56));
        Assert.That(header.HasPduSessionContainer);
    }

    [Test]
    public void Chained_extension_headers_read_in_order_and_the_first_container_counts()
    {
        byte[] datagram = Bytes.Hex(
            "34 ff 0014 00000001 0000 00 c0  01 1234 85  01 10 05 85  01 10 06 40  01 0868 00");
        Assert.That(GtpUHeader.Read(datagram, out GtpUHeader header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.ExtensionCount, Is.EqualTo(4));
        List<string> seen = [];
        foreach (GtpUExtensions.Extension extension in header.Extensions)
            seen.Add($"{extension.Type:x2}:{Convert.ToHexString(extension.Content)}");
        Assert.That(seen, Is.EqualTo(new[] { "c0:1234", "85:1005", "85:1006", "40:0868" }));
        Assert.That(header.PduSessionContent.ToArray(), Is.EqualTo(Bytes.Hex("1005")));
        Assert.That(header.Payload.IsEmpty);
    }

    [Test]
    public void Without_E_flag_the_next_type_byte_means_nothing()
    {
        byte[] datagram = Bytes.Hex("32 ff 0006 00000001 0001 00 85 4500");
        Assert.That(GtpUHeader.Read(datagram, out GtpUHeader header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.Length, Is.EqualTo(12));
        Assert.That(header.ExtensionCount, Is.Zero);
        Assert.That(header.Payload.Length, Is.EqualTo(2));
    }

    [TestCase("34 ff 0008 00000001 0000 00 85 00 00 09 00", DecodeStatus.BadLength,
        TestName = "An_extension_length_of_zero_ends_the_walk")]
    [TestCase("34 ff 0008 00000001 0000 00 85 02 00 09 00", DecodeStatus.BadLength,
        TestName = "An_extension_beyond_the_message_is_a_bad_length")]
    [TestCase("36 ff 0003 00000001 0000 00", DecodeStatus.BadLength,
        TestName = "A_length_that_ends_inside_the_optional_fields_is_a_bad_length")]
    [TestCase("20 ff 0000 00000001", DecodeStatus.GtpPrime, TestName = "GTP_prime_has_a_status_of_its_own")]
    [TestCase("48 20 0008 00000001 00000100", DecodeStatus.GtpV2Control,
        TestName = "GTPv2_control_has_a_status_of_its_own")]
    [TestCase("32 10 0004 00000001 00010000", DecodeStatus.GtpV1Control,
        TestName = "GTPv1_control_has_a_status_of_its_own")]
    [TestCase("1e 10 0004 00010000 00000000", DecodeStatus.BadVersion, TestName = "GTP_version_0_is_a_bad_version")]
    [TestCase("f0 ff 0000 00000001", DecodeStatus.BadVersion, TestName = "GTP_version_7_is_a_bad_version")]
    public void Other_messages_are_refused_by_reason(string hex, DecodeStatus expected)
    {
        Assert.That(GtpUHeader.Read(Bytes.Hex(hex), out GtpUHeader header), Is.EqualTo(expected));
        Assert.That(header.Length, Is.Zero);
    }

    [Test]
    public void More_extension_headers_than_the_limit_are_too_deep()
    {
        byte[] datagram = new byte[12 + 4 * (GtpUExtensions.CountMax + 1)];
        datagram[0] = 0x34;
        datagram[1] = 0xFF;
        datagram[3] = (byte)(datagram.Length - 8);
        for (int at = 11; at < datagram.Length - 1; at += 4)
        {
            datagram[at] = 0xC0;
            datagram[at + 1] = 1;
        }
        Assert.That(GtpUHeader.Read(datagram, out _), Is.EqualTo(DecodeStatus.TooDeep));
    }

    [Test]
    public void No_prefix_that_ends_inside_the_header_decodes()
    {
        for (int length = 0; length < 16; length++)
            Assert.That(GtpUHeader.Read(Downlink.AsSpan(0, length), out _),
                Is.EqualTo(DecodeStatus.Truncated), $"{length}");
        for (int length = 16; length <= Downlink.Length; length++)
        {
            Assert.That(GtpUHeader.Read(Downlink.AsSpan(0, length), out GtpUHeader header),
                Is.EqualTo(DecodeStatus.Ok));
            Assert.That(header.Payload.Length, Is.EqualTo(length - 16));
            Assert.That(header.PayloadLength, Is.EqualTo(4));
        }
    }

    [Test]
    public void Bytes_after_the_stated_length_are_no_payload()
    {
        byte[] padded = [.. Downlink, 1, 2, 3];
        Assert.That(GtpUHeader.Read(padded, out GtpUHeader header, padded.Length), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.Payload.Length, Is.EqualTo(4));
    }

    [Test]
    public void What_is_written_reads_back(
        [Values(0u, 1u, uint.MaxValue)] uint teid, [Values(0, 1, 1400)] int payloadLength,
        [Values(null, (ushort)7)] ushort? sequence)
    {
        byte[] buffer = new byte[2000];
        int length = GtpUHeader.WriteGPdu(buffer, teid, PduSessionInformation.Uplink(63), payloadLength, sequence);
        int total = length + payloadLength;
        Assert.That(GtpUHeader.Read(buffer.AsSpan(0, total), out GtpUHeader header, total),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.Teid, Is.EqualTo(teid));
        Assert.That(header.Length, Is.EqualTo(length));
        Assert.That(header.Payload.Length, Is.EqualTo(payloadLength));
        Assert.That(header.HasSequenceNumber, Is.EqualTo(sequence is not null));
        Assert.That(header.SequenceNumber, Is.EqualTo(sequence ?? 0));
        PduSessionContainer.ReadQfi(header.PduSessionContent, out byte qfi, out bool isUplink);
        Assert.That((qfi, isUplink), Is.EqualTo(((byte)63, true)));
    }

    [Test]
    public void The_writer_yields_the_specified_bytes()
    {
        byte[] buffer = new byte[16];
        Assert.That(GtpUHeader.WriteGPdu(buffer, 1, PduSessionInformation.Downlink(9), 4), Is.EqualTo(16));
        Assert.That(buffer, Is.EqualTo(Downlink[..16]));
    }
}
