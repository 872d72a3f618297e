using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Wire.Tests.Pfcp;

public sealed class PfcpMessageTests
{
    private static readonly HostAddress Smf = HostAddress.Parse("10.100.4.10");
    private static readonly HostAddress Upf = HostAddress.Parse("10.100.3.1");
    private static readonly HostAddress UpfIpv6 = HostAddress.Parse("2001:db8::1");
    private static readonly HostAddress Ue = HostAddress.Parse("10.45.0.2");

    private static byte[] Write(PfcpMessage message)
    {
        byte[] buffer = new byte[4096];
        return buffer[..message.Write(buffer)];
    }

    private static PfcpMessage Read(byte[] bytes)
    {
        Assert.That(PfcpMessage.Read(bytes, out PfcpMessage? message), Is.EqualTo(DecodeStatus.Ok));
        return message!;
    }

    private static PfcpMessage Establishment()
    {
        PfcpMessage message = new(PfcpMessageType.SessionEstablishmentRequest, 0x010203)
        {
            Seid = 0, NodeId = new(default, "smf.example.org"), FSeid = new(0x1001, Smf, UpfIpv6), PdnType = 1,
            Snssai = new(1, 0x000001), Dnn = "internet",
        };
        message.CreatePdrs.Add(new(1)
        {
            Precedence = 255, SourceInterface = PfcpInterface.Access, InterfaceType = PfcpInterfaceType.N3,
            FTeid = FTeid.ChooseOnIpv4(5), NetworkInstance = "slice-a.internet", UeAddress = new(Ue, default, false),
            Qfis = { 9, 1 }, FlowDescriptions = { "permit out ip from any to assigned" }, OuterHeaderRemoval = 0,
            FarId = 1, QerIds = { 1, 2 },
        });
        message.CreatePdrs.Add(new(2)
        {
            SourceInterface = PfcpInterface.Core, TrafficEndpointId = 3,
            UeAddress = new(Ue, UpfIpv6, true) { PrefixDelegationBits = 8, PrefixLength = 56 },
        });
        message.CreateFars.Add(new(1)
        {
            ApplyAction = ForwardingActionRule.Forward, DestinationInterface = PfcpInterface.Core,
            NetworkInstance = "internet", InterfaceType = PfcpInterfaceType.N6,
        });
        message.CreateFars.Add(new(2)
        {
            ApplyAction = ForwardingActionRule.Forward, DestinationInterface = PfcpInterface.Access,
            OuterHeaderCreation = OuterHeaderCreation.ToTunnel(0xAABBCCDD, UpfIpv6), Dscp = 46,
        });
        message.CreateQers.Add(new(1)
        {
            GateStatus = 0, MaximumBitRate = new(0xFF_FFFF_FFFF, 1),
            GuaranteedBitRate = new(0, 0x01_0000_0000), Qfi = 9,
        });
        message.CreateTrafficEndpoints.Add(new(3)
        {
            FTeid = new(7, Upf, UpfIpv6), NetworkInstance = "internet", UeAddress = new(Ue, default, false),
            Qfis = { 63 },
        });
        return message;
    }

    private static PfcpMessage Modification()
    {
        PfcpMessage message = new(PfcpMessageType.SessionModificationRequest, 1) { Seid = 7 };
        message.UpdatePdrs.Add(new(2) { Precedence = 1 });
        message.UpdateFars.Add(new(2)
        {
            OuterHeaderCreation = OuterHeaderCreation.ToTunnel(1, Upf), DestinationInterface = PfcpInterface.Access,
        });
        message.UpdateQers.Add(new(3) { Qfi = 1 });
        message.UpdateTrafficEndpoints.Add(new(1) { FTeid = FTeid.ChooseOnIpv4() });
        message.RemovePdrs.Add(9);
        message.RemoveFars.Add(10);
        message.RemoveQers.Add(11);
        return message;
    }

    private static PfcpMessage Response()
    {
        PfcpMessage message = new(PfcpMessageType.SessionEstablishmentResponse, 0xFFFFFF)
        {
            Seid = ulong.MaxValue, NodeId = new(Upf), Cause = PfcpCause.RequestAccepted, FSeid = new(2, Upf),
            OffendingElement = PfcpElementType.FTeid,
        };
        message.CreatedPdrs.Add(new(1) { FTeid = new(0x1000, Upf), UeAddress = new(Ue, default, true) });
        message.UpdatedPdrs.Add(new(2) { FTeid = new(0x1001, UpfIpv6) });
        message.CreatedTrafficEndpoints.Add(new(3) { FTeid = new(0x1002, Upf) });
        return message;
    }

    private static IEnumerable<TestCaseData> Messages()
    {
        yield return new TestCaseData(Establishment()).SetArgDisplayNames("establishment");
        yield return new TestCaseData(Modification()).SetArgDisplayNames("modification");
        yield return new TestCaseData(Response()).SetArgDisplayNames("response");
        yield return new TestCaseData(new PfcpMessage(PfcpMessageType.AssociationSetupRequest, 2)
        {
            NodeId = new(UpfIpv6), RecoveryTimeStamp = 0xE8FE6F80,
            UpFunctionFeatures = [0x10, 0x01], CpFunctionFeatures = [0],
        }).SetArgDisplayNames("association");
        yield return new TestCaseData(new PfcpMessage(PfcpMessageType.SessionDeletionRequest, 2) { Seid = 5 })
            .SetArgDisplayNames("deletion");
    }

    [Test]
    public void A_DSCP_is_a_type_of_service_and_its_mask()
    {
        PfcpMessage message = new(PfcpMessageType.SessionModificationRequest, 1) { Seid = 7 };
        message.CreateFars.Add(new(2) { Dscp = 46 });
        byte[] bytes = Write(message);
        // TS 29.244 §8.2.12: type 30, two bytes; expedited forwarding is 0xB8.
        Assert.That(Convert.ToHexString(bytes), Does.EndWith("001E0002B8FC"));
        bytes[^1] = 0xF0;
        Assert.That(Read(bytes).CreateFars[0].Dscp, Is.EqualTo(0xB0 >> 2), "what the mask leaves out reads as 0");
    }

    [TestCaseSource(nameof(Messages))]
    public void A_message_writes_and_reads_back_the_same(PfcpMessage message)
    {
        byte[] bytes = Write(message);
        PfcpMessage read = Read(bytes);
        Assert.That(Write(read), Is.EqualTo(bytes));
        Assert.That(read.OtherElementCount, Is.Zero);
        Assert.That(read.Seid, Is.EqualTo(message.Seid));
        Assert.That(read.NodeId, Is.EqualTo(message.NodeId));
        Assert.That(read.FSeid, Is.EqualTo(message.FSeid));
        Assert.That(read.Snssai, Is.EqualTo(message.Snssai));
        Assert.That(read.CreatePdrs, Has.Count.EqualTo(message.CreatePdrs.Count));
        for (int i = 0; i < read.CreatePdrs.Count; i++)
            Assert.That(read.CreatePdrs[i].UeAddress, Is.EqualTo(message.CreatePdrs[i].UeAddress));
        for (int i = 0; i < read.CreateFars.Count; i++)
            Assert.That(read.CreateFars[i], Is.EqualTo(message.CreateFars[i]));
        Assert.That(read.CreateQers, Is.EqualTo(message.CreateQers));
        Assert.That(read.UpdateFars, Is.EqualTo(message.UpdateFars));
        Assert.That(read.CreatedPdrs, Is.EqualTo(message.CreatedPdrs));
        Assert.That(read.RemoveFars, Is.EqualTo(message.RemoveFars));
    }

    [TestCaseSource(nameof(Messages))]
    public void No_prefix_of_a_message_reads(PfcpMessage message)
    {
        byte[] bytes = Write(message);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.That(PfcpMessage.Read(bytes.AsSpan(0, length), out PfcpMessage? read),
                Is.EqualTo(DecodeStatus.Truncated));
            Assert.That(read, Is.Null);
        }
    }

    [TestCaseSource(nameof(Messages))]
    public void Mutants_of_a_message_have_a_status(PfcpMessage message)
    {
        Random random = new(29244);
        byte[] bytes = Write(message);
        byte[] buffer = new byte[131_072];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] mutant = Bytes.Mutate(bytes, random);
            DecodeStatus status = PfcpMessage.Read(mutant, out PfcpMessage? read);
            Assert.That(read is not null, Is.EqualTo(status is DecodeStatus.Ok));
            // Whatever is read can be written: nothing that a peer sends makes the writer fail.
            read?.Write(buffer);
        }
    }

    [Test]
    public void A_heartbeat_has_the_specified_bytes()
    {
        byte[] bytes = Write(new(PfcpMessageType.HeartbeatRequest, 0x010203) { RecoveryTimeStamp = 0xE8FE6F80 });
        Assert.That(Convert.ToHexStringLower(bytes), Is.EqualTo("2001000c0102030000600004e8fe6f80"));
    }

    [Test]
    public void An_S_NSSAI_element_has_the_specified_bytes_and_the_name_that_people_write()
    {
        PfcpMessage message = new(PfcpMessageType.SessionEstablishmentRequest, 1)
        {
            Seid = 0, Snssai = new(1, 0x0A0B0C),
        };
        byte[] bytes = Write(message);
        Assert.That(Convert.ToHexStringLower(bytes[16..]), Is.EqualTo("01010004010a0b0c"));
        Assert.That(new Snssai(1, 1).ToString(), Is.EqualTo("1-000001"));
        Snssai.Read([2, 0xFF, 0xFF, 0xFF], out Snssai bare);
        Assert.That(bare, Is.EqualTo(new Snssai(2, null)));
        Assert.That(bare.ToString(), Is.EqualTo("2"));
    }

    [Test]
    public void A_following_message_starts_where_the_first_ends()
    {
        byte[] first = Write(new(PfcpMessageType.HeartbeatRequest, 1) { RecoveryTimeStamp = 1 });
        first[0] |= 0x04;
        byte[] both = [.. first, .. Write(new(PfcpMessageType.HeartbeatResponse, 2))];
        Assert.That(PfcpHeader.Read(both, out PfcpHeader header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.HasFollowOn);
        Assert.That(header.MessageLength, Is.EqualTo(first.Length));
        Assert.That(PfcpHeader.Read(both.AsSpan(header.MessageLength), out header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((header.MessageType, header.SequenceNumber), Is.EqualTo((PfcpMessageType.HeartbeatResponse, 2u)));
    }

    [TestCase("2032000c 0000000000000000 000001 00", DecodeStatus.BadLength,
        TestName = "A_length_that_ends_inside_the_header_is_a_bad_length")]
    [TestCase("40010004 00000100", DecodeStatus.BadVersion, TestName = "PFCP_version_2_is_a_bad_version")]
    [TestCase("20050009 00000100 003c0002 00", DecodeStatus.BadLength,
        TestName = "An_element_beyond_the_message_is_a_bad_length")]
    [TestCase("20050007 00000100 003c00", DecodeStatus.BadLength, TestName = "Three_bytes_left_are_no_element")]
    [TestCase("20050009 00000100 003c0001 07", DecodeStatus.BadField,
        TestName = "An_unknown_kind_of_node_id_is_a_bad_field")]
    [TestCase("20050009 00000100 003c0001 00", DecodeStatus.BadLength,
        TestName = "A_node_id_without_address_is_a_bad_length")]
    [TestCase("20320008 00000100 00010000", DecodeStatus.BadField, TestName = "A_rule_without_id_is_a_bad_field")]
    [TestCase("2032000f 00000100 0001 0007 00380001 01 0000", DecodeStatus.BadLength,
        TestName = "A_rule_id_of_one_byte_is_a_bad_length")]
    public void A_damaged_message_is_refused_by_reason(string hex, DecodeStatus expected)
    {
        byte[] bytes = Bytes.Hex(hex);
        if (hex.StartsWith("2032000c", StringComparison.Ordinal)) (bytes[0], bytes[3]) = (0x21, 0x08);
        Assert.That(PfcpMessage.Read(bytes, out _), Is.EqualTo(expected));
    }

    [Test]
    public void Elements_of_a_vendor_and_unknown_ones_are_counted_not_read()
    {
        byte[] bytes = Bytes.Hex("20050010 00000100 8001 0004 1234 5678 7ffe 0000");
        PfcpMessage message = Read(bytes);
        Assert.That(message.OtherElementCount, Is.EqualTo(2));
        PfcpHeader.Read(bytes, out PfcpHeader header);
        Assert.That(header.Elements.TryFind(0x8001, out PfcpElement element));
        Assert.That(element.IsVendor);
        Assert.That(header.Elements.TryFind(1, out _), Is.False);
    }

    [TestCase("08696e7465726e6574", "internet")]
    [TestCase("03616263026465", "abc.de")]
    [TestCase("696e7465726e6574", "internet")]
    public void A_network_instance_reads_as_labels_or_as_text(string hex, string expected)
    {
        Assert.That(PfcpName.TryRead(Bytes.Hex(hex), out string name));
        Assert.That(name, Is.EqualTo(expected));
    }
}
