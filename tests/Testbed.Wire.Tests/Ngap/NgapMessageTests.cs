using Testbed.Wire.Ip;
using Testbed.Wire.Ngap;
using Testbed.Wire.Pfcp;

namespace Testbed.Wire.Tests.Ngap;

public sealed class NgapMessageTests
{
    /// <summary>As a gNB sent it; read with tshark 4.0 for comparison.</summary>
    private static readonly byte[] SetupRequest = Bytes.Hex(
        "0015 0035 000004 001b 00 08 00 02f839 10 000102 0052 40 09 03 00 66726565356763"
        + "0066 00 10 00 00000001 00 02f839 0000 10 08 010203 0015 40 01 40");

    private static readonly byte[] SessionResponse = Bytes.Hex(
        "201d 0027 000003 000a 40 02 0008 0055 40 05 c09e06692d 004b 40 11 00000a 0d 0003e0 c0a84681 ca6fe0dd 0007");

    /// <summary>What tshark 4.0.17 reads as exactly the content of <see cref="Order"/>.</summary>
    private static readonly byte[] OrderBytes = Bytes.Hex(
        "001d0080bb000003000a000680123456789a00550005c0ee6b2800004a0080a001000540200102036a000003"
        + "008b000a01f00a640301deadbeef007e001a009f0a64030220010db800000000000000000000000100000007"
        + "008800370c090000091c40140000010500600bebc2003005f5e1003001312d005003a3529440000fc0a0b202"
        + "58026081380020202c80025802600000ff100028000002008b001607f020010db80000000000000000000000"
        + "02000000010088000700000000ff3800");

    private static NgapMessage Order { get; } = MakeOrder();

    private static NgapMessage MakeOrder()
    {
        NgapMessage order = new(NgapProcedure.PduSessionResourceSetup, NgapOutcome.Initiating)
        {
            AmfUeId = 0x12_3456_789A, RanUeId = 4_000_000_000,
        };
        GtpTunnel first = new(HostAddress.Parse("10.100.3.1"), default, 0xDEADBEEF);
        GtpTunnel both = new(HostAddress.Parse("10.100.3.2"), HostAddress.Parse("2001:db8::1"), 7);
        order.Orders.Add(new(5, new(1, 0x010203), [first, both],
        [
            new(9, 9, false, 8, false, true, null),
            new(1, 1, false, 2, true, false, new(200_000_000, 100_000_000, 20_000_000, 4_000_000_000_000)),
            new(63, 129, true, 15, false, false, null),
            new(2, null, true, 1, false, false, null),
        ]));
        order.Orders.Add(new(255, new(128, null), [new(HostAddress.Parse("2001:db8::2"), default, 1)],
            [new(0, 255, false, 15, false, false, null)]));
        return order;
    }

    private static NgapMessage Read(ReadOnlySpan<byte> bytes)
    {
        Assert.That(NgapMessage.Read(bytes, out NgapMessage? message), Is.EqualTo(DecodeStatus.Ok));
        return message!;
    }

    [Test]
    public void A_setup_request_tells_node_name_area_and_slices()
    {
        NgapMessage message = Read(SetupRequest);
        Assert.That(message.Procedure, Is.EqualTo(NgapProcedure.NgSetup));
        Assert.That(message.Outcome, Is.EqualTo(NgapOutcome.Initiating));
        Assert.That(message.RanNode.ToString(), Is.EqualTo("20893-000102/24"));
        Assert.That(message.RanNodeName, Is.EqualTo("free5gc"));
        SupportedArea area = message.SupportedAreas.Single();
        Assert.That(area.TrackingAreaCode, Is.EqualTo(1));
        Assert.That(area.Plmn.ToString(), Is.EqualTo("20893"));
        Assert.That(area.Slices, Is.EqualTo(new Snssai[] { new(1, 0x010203) }));
        Assert.That(message.OtherElementCount, Is.EqualTo(1));
    }

    [Test]
    public void A_session_response_tells_the_tunnel_end_at_the_gNB_and_its_flows()
    {
        NgapMessage message = Read(SessionResponse);
        Assert.That(message.AmfUeId, Is.EqualTo(8));
        Assert.That(message.RanUeId, Is.EqualTo(2_651_220_269));
        PduSessionGrant grant = message.Grants.Single();
        Assert.That(grant.Id, Is.EqualTo(10));
        Assert.That(grant.DownlinkTunnels,
            Is.EqualTo(new GtpTunnel[] { new(HostAddress.Parse("192.168.70.129"), default, 0xCA6FE0DD) }));
        Assert.That(grant.Qfis, Is.EqualTo(new byte[] { 7 }));
    }

    [Test]
    public void A_session_order_is_written_as_tshark_reads_it() =>
        Assert.That(Convert.ToHexString(Order.ToArray()), Is.EqualTo(Convert.ToHexString(OrderBytes)));

    [Test]
    public void A_session_order_tells_its_tunnels_flows_and_rates()
    {
        NgapMessage message = Read(OrderBytes);
        Assert.That(message.AmfUeId, Is.EqualTo(Order.AmfUeId));
        Assert.That(message.RanUeId, Is.EqualTo(Order.RanUeId));
        for (int i = 0; i < 2; i++)
        {
            Assert.That(message.Orders[i].Id, Is.EqualTo(Order.Orders[i].Id));
            Assert.That(message.Orders[i].Snssai, Is.EqualTo(Order.Orders[i].Snssai));
            Assert.That(message.Orders[i].UplinkTunnels, Is.EqualTo(Order.Orders[i].UplinkTunnels));
            Assert.That(message.Orders[i].Flows, Is.EqualTo(Order.Orders[i].Flows));
        }
    }

    [Test]
    public void A_setup_response_reads_back_with_name_GUAMIs_and_slices()
    {
        NgapMessage written = new(NgapProcedure.NgSetup, NgapOutcome.Successful) { AmfName = "amf-1" };
        Plmn plmn = new(460, 11, 2), other = new(310, 26, 3);
        written.ServedGuamis.AddRange([new(plmn, 202, 1016, 63), new(other, 0, 0, 0)]);
        written.PlmnSupport.Add(new(plmn, [new(1, 1), new(2, null), new(255, 0xABCDEF)]));
        NgapMessage message = Read(written.ToArray());
        Assert.That(message.AmfName, Is.EqualTo("amf-1"));
        Assert.That(message.ServedGuamis, Is.EqualTo(written.ServedGuamis));
        Assert.That(message.PlmnSupport.Single().Plmn, Is.EqualTo(plmn));
        Assert.That(message.PlmnSupport.Single().Slices, Is.EqualTo(written.PlmnSupport[0].Slices));
        Assert.That(message.ServedGuamis[1].ToString(), Is.EqualTo("310026-0-0-0"));
    }

    [TestCase(RanNodeKind.Gnb, 22)]
    [TestCase(RanNodeKind.Gnb, 32)]
    [TestCase(RanNodeKind.NgEnb, 18)]
    [TestCase(RanNodeKind.NgEnb, 20)]
    [TestCase(RanNodeKind.NgEnb, 21)]
    [TestCase(RanNodeKind.N3Iwf, 16)]
    public void Every_kind_of_node_reads_back(RanNodeKind kind, int bits)
    {
        GlobalRanNodeId node = new(new(1, 1, 2), kind, 0x8001 | 1u << (bits - 1), bits);
        NgapMessage written = new(NgapProcedure.NgSetup, NgapOutcome.Initiating) { RanNode = node };
        Assert.That(Read(written.ToArray()).RanNode, Is.EqualTo(node));
    }

    [Test]
    public void Failed_and_released_sessions_read_back()
    {
        NgapMessage failed = new(NgapProcedure.PduSessionResourceSetup, NgapOutcome.Successful);
        failed.FailedSessions.AddRange([1, 255]);
        Assert.That(Read(failed.ToArray()).FailedSessions, Is.EqualTo(failed.FailedSessions));
        NgapMessage released = new(NgapProcedure.PduSessionResourceRelease, NgapOutcome.Successful);
        released.ReleasedSessions.Add(3);
        Assert.That(Read(released.ToArray()).ReleasedSessions, Is.EqualTo(released.ReleasedSessions));
    }

    [Test]
    public void A_differentiator_of_all_ones_means_that_there_is_none()
    {
        NgapMessage written = new(NgapProcedure.InitialContextSetup, NgapOutcome.Initiating);
        written.AllowedSlices.Add(new(1, 0xFF_FFFF));
        Assert.That(Read(written.ToArray()).AllowedSlices, Is.EqualTo(new Snssai[] { new(1, null) }));
    }

    [Test]
    public void An_unknown_procedure_and_unknown_elements_are_stepped_over_and_counted()
    {
        NgapMessage message = Read(Bytes.Hex("00ff 40 0d 000002 fffe 40 01 00 00fe 00 01 00"));
        Assert.That((int)message.Procedure, Is.EqualTo(255));
        Assert.That(message.OtherElementCount, Is.EqualTo(2));
    }

    [Test]
    public void A_QFI_above_63_refuses_the_message()
    {
        byte[] bytes = (byte[])SessionResponse.Clone();
        // The QFI's extension bit, then a length of one and 64.
        byte[] grown = [.. bytes[..^1], 0x40, 0x01, 0x40];
        grown[3] += 2;
        grown[^17] += 2;
        grown[^14] += 2;
        Assert.That(NgapMessage.Read(grown, out NgapMessage? message), Is.EqualTo(DecodeStatus.BadField));
        Assert.That(message, Is.Null);
    }

    private static IEnumerable<byte[]> Samples() => [SetupRequest, SessionResponse, OrderBytes];

    [TestCaseSource(nameof(Samples))]
    public void No_prefix_of_a_valid_message_decodes(byte[] bytes)
    {
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.That(NgapMessage.Read(bytes.AsSpan(0, length), out NgapMessage? message),
                Is.Not.EqualTo(DecodeStatus.Ok));
            Assert.That(message, Is.Null);
        }
    }

    [TestCaseSource(nameof(Samples))]
    public void Mutants_decode_to_a_message_or_to_a_reason(byte[] bytes)
    {
        Random random = new(bytes.Length);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            DecodeStatus status = NgapMessage.Read(Bytes.Mutate(bytes, random), out NgapMessage? message);
            Assert.That(message, status is DecodeStatus.Ok ? Is.Not.Null : Is.Null);
            if (status is not DecodeStatus.Ok) refused++;
        }
        Assert.That(refused, Is.InRange(1_000, 19_999));
    }

    [Test]
    public void What_reads_prints_neither_NAS_nor_any_permanent_identity()
    {
        HashSet<string> kept = [.. typeof(NgapMessage).GetProperties().Select(property => property.Name)];
        Assert.That(kept, Has.None.Contains("Nas").And.None.Contains("Guti").And.None.Contains("Suci"));
    }
}
