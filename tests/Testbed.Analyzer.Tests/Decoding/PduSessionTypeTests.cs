using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Tests.Support;
using Testbed.Wire.Ethernet;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Tests.Decoding;

/// <summary>PDU sessions that carry no bare IP packets, and relatives of GTP-U.</summary>
public sealed class PduSessionTypeTests
{
    private static readonly byte[] Inner = Packets.Udp(Packets.Ue, Packets.Server, 42, 7);

    private static PacketRecord Decode(byte[] packet, out DecodeTally tally, int gtpUPort = 0)
    {
        FrameDecoder decoder = new(TapRole.N3, DecoderSettings.Default with { GtpUPort = gtpUPort });
        byte[] frame = Packets.Ethernet(packet);
        decoder.Decode(
            frame, new(0, frame.Length, frame.Length, CaptureFolder.StartNs, 0, 1), LinkType.Ethernet, 0,
            out PacketRecord record);
        tally = decoder.Tally;
        return record;
    }

    [TestCase((byte)2)]
    [TestCase((byte)0x48, TestName = "An_Ethernet_PDU_whose_first_byte_looks_like_IPv4_is_known_by_its_content")]
    [TestCase((byte)0x60, TestName = "An_Ethernet_PDU_whose_first_byte_looks_like_IPv6_is_known_by_its_content")]
    public void An_Ethernet_PDU_gives_the_IP_packet_inside(byte firstByte)
    {
        PacketRecord record = Decode(
            Packets.Up(Carriers.Frame(EtherType.Ipv4, Inner, firstByte)), out DecodeTally tally);
        Assert.That(record.Flags & RecordFlags.EthernetPdu, Is.EqualTo(RecordFlags.EthernetPdu));
        Assert.That(record.InnerLength, Is.EqualTo(Inner.Length));
        Assert.That(record.Fingerprint, Is.EqualTo(Decode(Packets.Up(Inner), out _).Fingerprint));
        Assert.That(tally.Noticed()["ethernetPdus"], Is.EqualTo(1));
    }

    [Test]
    public void An_Ethernet_PDU_without_IP_is_counted_and_digested_by_its_bytes()
    {
        PacketRecord record = Decode(Packets.Up(Carriers.Frame(EtherType.Arp, new byte[28])), out DecodeTally tally);
        Assert.That(record.Flags & RecordFlags.NotIp, Is.EqualTo(RecordFlags.NotIp));
        Assert.That((record.Fingerprint, record.Flow), Is.Not.EqualTo((0UL, PacketRecord.None)));
        Assert.That(record.Flow, Is.EqualTo(PacketRecord.None));
        Assert.That(tally.Noticed()["ethernetPdus"], Is.EqualTo(1));
    }

    [Test]
    public void An_unstructured_PDU_is_counted_and_digested_by_its_bytes()
    {
        PacketRecord one = Decode(Packets.Up([0x10, 1, 2, 3]), out DecodeTally tally);
        PacketRecord other = Decode(Packets.Up([0x10, 1, 2, 4]), out _);
        Assert.That(one.Kind, Is.EqualTo(RecordKind.Gpdu));
        Assert.That(one.Fingerprint, Is.Not.EqualTo(other.Fingerprint).And.Not.Zero);
        Assert.That(one.InnerLength, Is.EqualTo(4));
        Assert.That(tally.Noticed()["unstructuredPdus"], Is.EqualTo(1));
    }

    [Test]
    public void What_is_no_IP_packet_is_never_called_lost()
    {
        using CrossingRun run = new();
        run.AddMargins();
        run.OnN3(0, Packets.Up([0x10, 1, 2, 3]));
        run.OnN3(100, Packets.Up(Carriers.Frame(EtherType.Arp, new byte[28])));
        AnalysisResult result = run.Analyze();
        Assert.That(result.Match.Unmatched["notIp"], Is.EqualTo(2));
        Assert.That(result.Match.Uplink.Lost, Is.Zero);
        Assert.That(result.GtpU.Gpdu, Is.EqualTo(6));
    }

    [Test]
    public void GTP_U_on_another_port_decodes_only_when_that_port_is_named()
    {
        byte[] packet = Carriers.Ipv4(
            17, Carriers.GpduDatagram(Inner, 5, Wire.GtpU.PduSessionInformation.Uplink(3), 12152), Packets.Gnb,
            Packets.Upf);
        Assert.That(Decode(packet, out _).Kind, Is.EqualTo(RecordKind.Other));
        PacketRecord record = Decode(packet, out _, gtpUPort: 12152);
        Assert.That((record.Kind, record.Qfi), Is.EqualTo((RecordKind.Gpdu, (byte)3)));
    }

    [TestCase(2123, "4820000800000000 00000100", "gtpV2Control")]
    [TestCase(2123, "3210000400000000 00010000", "gtpV1Control")]
    [TestCase(3386, "2ef000000001", "gtpPrime")]
    [TestCase(2152, "4820000800000000 00000100", "gtpV2Control")]
    [TestCase(2152, "2ef000000001 0000", "gtpPrime")]
    public void Relatives_of_GTP_U_are_counted_by_what_they_are(int port, string hex, string name)
    {
        byte[] payload = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        PacketRecord record = Decode(
            Packets.Udp(Packets.Gnb, Packets.Upf, payload, 1, port, port), out DecodeTally tally);
        Assert.That(record.Kind, Is.Not.EqualTo(RecordKind.Gpdu));
        Assert.That(tally.Noticed()[name], Is.EqualTo(1));
    }
}
