using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;

namespace Testbed.Wire.Tests.GtpU;

public sealed class GtpUPathMessagesTests
{
    private readonly byte[] _buffer = new byte[128];

    private string Written(int length) => Convert.ToHexStringLower(_buffer.AsSpan(0, length));

    [Test]
    public void An_echo_request_has_a_sequence_number_and_no_elements() =>
        Assert.That(Written(GtpUPathMessages.WriteEchoRequest(_buffer, 0x0102)),
            Is.EqualTo("320100040000000001020000"));

    [Test]
    public void An_echo_response_has_a_recovery_element_of_zero() =>
        Assert.That(
            Written(GtpUPathMessages.WriteEchoResponse(_buffer, 0x0102)), Is.EqualTo("3202000600000000010200000e00"));

    [Test]
    public void An_end_marker_is_a_header() =>
        Assert.That(Written(GtpUPathMessages.WriteEndMarker(_buffer, 0xA1B2C3D4)), Is.EqualTo("30fe0000a1b2c3d4"));

    [TestCase("10.100.3.1", "321a001000000000000000001000001001" + "8500040a640301")]
    [TestCase("2001:db8::1", "321a001c00000000000000001000001001" + "85001020010db8000000000000000000000001")]
    public void An_error_indication_names_tunnel_and_peer(string peer, string expected)
    {
        ErrorIndication indication = new(0x1001, HostAddress.Parse(peer));
        int length = GtpUPathMessages.WriteErrorIndication(_buffer, indication);
        Assert.That(Written(length), Is.EqualTo(expected));

        Assert.That(GtpUHeader.Read(_buffer.AsSpan(0, length), out GtpUHeader header, length),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.MessageType, Is.EqualTo(GtpUMessageType.ErrorIndication));
        Assert.That(ErrorIndication.Read(header.Payload, out ErrorIndication read), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(read, Is.EqualTo(indication));
        for (int cut = 0; cut < header.Payload.Length; cut++)
            Assert.That(ErrorIndication.Read(header.Payload[..cut], out _), Is.Not.EqualTo(DecodeStatus.Ok), $"{cut}");
    }

    [TestCase("10 00001001", DecodeStatus.BadField, TestName = "An_error_indication_without_peer_is_a_bad_field")]
    [TestCase("85 0004 0a640301", DecodeStatus.BadField, TestName = "An_error_indication_without_TEID_is_a_bad_field")]
    [TestCase("85 0005 0a64030101", DecodeStatus.BadLength, TestName = "A_peer_address_of_five_bytes_is_a_bad_length")]
    [TestCase("7f 00", DecodeStatus.Unsupported,
        TestName = "An_unknown_element_of_fixed_length_cannot_be_stepped_over")]
    public void A_damaged_error_indication_has_a_reason(string hex, DecodeStatus expected) =>
        Assert.That(ErrorIndication.Read(Bytes.Hex(hex), out _), Is.EqualTo(expected));

    [Test]
    public void Unknown_elements_with_a_length_are_stepped_over()
    {
        byte[] payload = Bytes.Hex("ff 0002 1234 10 00001001 85 0004 0a640301");
        Assert.That(ErrorIndication.Read(payload, out ErrorIndication read), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(read.Teid, Is.EqualTo(0x1001));
    }
}
