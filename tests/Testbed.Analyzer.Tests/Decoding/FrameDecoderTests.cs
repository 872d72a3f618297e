using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Tests.Support;
using Testbed.Wire.Ethernet;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Tests.Decoding;

public sealed class FrameDecoderTests
{
    private static PacketRecord Decode(TapRole role, byte[] packet, DecoderSettings? settings = null)
    {
        FrameDecoder decoder = new(role, settings ?? DecoderSettings.Default);
        byte[] frame = Packets.Ethernet(packet);
        Assert.That(decoder.Decode(frame, Slot(frame), LinkType.Ethernet, 0, out PacketRecord record), Is.True);
        return record;
    }

    private static PacketSlot Slot(byte[] frame) => new(0, frame.Length, frame.Length, CaptureFolder.StartNs, 0, 1);

    [Test]
    public void A_packet_has_the_same_fingerprint_in_its_tunnel_and_outside()
    {
        byte[] inner = Packets.Udp(Packets.Ue, Packets.Server, 42, 7);
        PacketRecord onN3 = Decode(TapRole.N3, Packets.Up(inner)), onN6 = Decode(TapRole.N6, inner);
        Assert.That(onN3.Fingerprint, Is.EqualTo(onN6.Fingerprint).And.Not.Zero);
        Assert.That(onN3.Kind, Is.EqualTo(RecordKind.Gpdu));
        Assert.That(onN3.Direction, Is.EqualTo(PacketDirection.Uplink));
        Assert.That(onN3.Qfi, Is.EqualTo(9));
        Assert.That(onN3.InnerLength, Is.EqualTo(128));
        Assert.That(onN3.OuterLength, Is.EqualTo(128 + 44));
    }

    [Test]
    public void A_G_PDU_of_a_tunnel_beyond_the_table_is_counted_and_belongs_to_no_session()
    {
        FrameDecoder decoder = new(TapRole.N3, DecoderSettings.Default, keysMax: 2);
        RecordKind[] kinds = new RecordKind[4];
        for (uint i = 0; i < 4; i++)
        {
            byte[] frame = Packets.Ethernet(Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 1, 7), 500 + i % 3));
            decoder.Decode(frame, Slot(frame), LinkType.Ethernet, 0, out PacketRecord record);
            kinds[i] = record.Kind;
        }
        Assert.That(kinds, Is.EqualTo(new[]
        {
            RecordKind.Gpdu, RecordKind.Gpdu, RecordKind.OtherGtpU, RecordKind.Gpdu,
        }));
        Assert.That(decoder.Tally.Noticed()["beyondTunnelTable"], Is.EqualTo(1));
    }

    // As the reach probe sends them; no lab has UEs with IPv6.
    [TestCase(false, 64)]
    [TestCase(true, 64)]
    [TestCase(true, 16)]
    public void An_echo_request_is_known_by_what_was_sent(bool isIpv6, int digestBytes)
    {
        byte[] inner = Packets.Icmp(Packets.Ue, Packets.Server, 135, 7, sequence: 5, data: 0xC0FF_EE01);
        byte[] frame = Packets.Ethernet(inner);
        if (isIpv6)
        {
            byte[] wide = new byte[Ipv6Header.LengthMin + 135];
            Ipv6Header.Write(wide, new byte[16], [.. new byte[15], 9], IpProtocol.Icmpv6, 135);
            inner.AsSpan(20).CopyTo(wide.AsSpan(Ipv6Header.LengthMin));
            wide[Ipv6Header.LengthMin] = 128;
            frame = Packets.Ethernet(wide, EtherType.Ipv6);
        }
        FrameDecoder decoder = new(TapRole.N6, new(digestBytes, []));
        Assert.That(decoder.Decode(frame, Slot(frame), LinkType.Ethernet, 0, out PacketRecord record), Is.True);
        byte[] data = [0xC0, 0xFF, 0xEE, 0x01, .. new byte[123]];
        byte protocol = isIpv6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp;
        Assert.That(record.Fingerprint,
            Is.EqualTo(Fingerprint.OfEchoRequest(protocol, record.IpId, 5, data, digestBytes)));
        Assert.That(record.Fingerprint,
            Is.Not.EqualTo(Fingerprint.OfEchoRequest(protocol, record.IpId, 6, data, digestBytes)));
    }

    [Test]
    public void Fingerprints_differ_when_IP_id_length_or_payload_differ()
    {
        ulong[] fingerprints =
        [
            Decode(TapRole.N6, Packets.Udp(Packets.Ue, Packets.Server, 1, 7)).Fingerprint,
            Decode(TapRole.N6, Packets.Udp(Packets.Ue, Packets.Server, 1, 8)).Fingerprint,
            Decode(TapRole.N6, Packets.Udp(Packets.Ue, Packets.Server, 2, 7)).Fingerprint,
            Decode(TapRole.N6, Packets.Udp(Packets.Ue, Packets.Server, 1, 7, payloadLength: 101)).Fingerprint,
            Decode(TapRole.N6, Packets.Tcp(Packets.Ue, Packets.Server, 1, 100, 7)).Fingerprint,
            Decode(TapRole.N6, Packets.Tcp(Packets.Ue, Packets.Server, 2, 100, 7)).Fingerprint,
        ];
        Assert.That(fingerprints, Is.Unique);
    }

    [Test]
    public void A_UEs_own_GTP_U_on_N6_is_a_packet_like_any_other()
    {
        byte[] nested = Packets.Gpdu(
            Packets.Udp("10.9.9.9", "10.8.8.8", 1, 1), 77, PduSessionInformation.Uplink(1), Packets.Ue, Packets.Server);
        Assert.That(Decode(TapRole.N6, nested).Kind, Is.EqualTo(RecordKind.Plain));
        PacketRecord onN3 = Decode(TapRole.N3, Packets.Up(nested));
        Assert.That(onN3.InnerLength, Is.EqualTo(nested.Length));
        Assert.That(onN3.Fingerprint, Is.EqualTo(Decode(TapRole.N6, nested).Fingerprint));
    }

    [Test]
    public void A_Gpdu_with_a_damaged_inner_packet_counts_and_carries_no_fingerprint()
    {
        PacketRecord record = Decode(TapRole.N3, Packets.Up([0x45, 1, 2, 3]));
        Assert.That(record.Kind, Is.EqualTo(RecordKind.Gpdu));
        Assert.That(record.Flags & RecordFlags.BadInner, Is.EqualTo(RecordFlags.BadInner));
        Assert.That(record.Fingerprint, Is.Zero);
    }

    [Test]
    public void Decoding_known_flows_allocates_nothing()
    {
        FrameDecoder decoder = new(TapRole.N3, DecoderSettings.Default);
        byte[] whole = Packets.Ethernet(Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 1, 1, payloadLength: 600)));
        byte[][] frames =
        [
            whole,
            .. Packets.Fragments(Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 1, 1, payloadLength: 1400)), 800, 9)
                .Select(Packets.Ethernet),
        ];
        void DecodeAll()
        {
            foreach (byte[] frame in frames) decoder.Decode(frame, Slot(frame), LinkType.Ethernet, 0, out _);
        }
        for (int i = 0; i < 200; i++) DecodeAll();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++) DecodeAll();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(decoder.Tally.Decoded, Is.EqualTo(3 * 10_200));
    }

    [Test]
    public void No_prefix_and_no_mutation_of_a_frame_throws()
    {
        byte[] frame = Packets.Ethernet(Packets.Up(Packets.Tcp(Packets.Ue, Packets.Server, 1, 60, 3)));
        FrameDecoder decoder = new(TapRole.Both, new(64, [80, 40000]));
        Random random = new(3);
        for (int length = 0; length <= frame.Length; length++)
            decoder.Decode(frame.AsSpan(0, length), Slot(frame), LinkType.Ethernet, 0, out _);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] mutant = (byte[])frame.Clone();
            for (int n = random.Next(1, 5); n > 0; n--) mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            decoder.Decode(mutant.AsSpan(0, random.Next(mutant.Length + 1)), Slot(mutant), LinkType.Ethernet, 0, out _);
        }
        decoder.Finish();
        Assert.That(
            decoder.Tally.Decoded + decoder.Tally.NotDecoded().Values.Sum(), Is.EqualTo(decoder.Tally.Packets));
    }
}
