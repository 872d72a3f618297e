using System.Buffers.Binary;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Tests.Support;
using Testbed.Wire.Ethernet;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Tests.Decoding;

/// <summary>N3 and N6 inside of what transport links add.</summary>
public sealed class CarrierTests
{
    private const string Upf6 = "2001:db8:3::1", Gnb6 = "2001:db8:3::10";
    private static readonly byte[] Inner = Packets.Udp(Packets.Ue, Packets.Server, 42, 7);
    private static readonly byte[] Gpdu = Packets.Up(Inner);

    private static IEnumerable<TestCaseData> OnN3()
    {
        byte[] over6 = Carriers.Ipv6(
            IpProtocol.Udp, Carriers.GpduDatagram(Inner, 1, PduSessionInformation.Uplink(9)), Gnb6, Upf6);
        yield return Frame("GRE", EtherType.Ipv4, Carriers.InGre(Gpdu));
        yield return Frame("GRE_with_key", EtherType.Ipv4, Carriers.InGre(Gpdu, 7));
        yield return Frame("IP_in_IP", EtherType.Ipv4, Carriers.InIpv4(Gpdu));
        yield return Frame("4in6", EtherType.Ipv6, Carriers.Ipv6(IpProtocol.Ipv4InIp, Gpdu, Gnb6, Upf6));
        yield return Frame("GTP_U_over_IPv6", EtherType.Ipv6, over6);
        yield return Frame("6in4", EtherType.Ipv4, Carriers.InIpv4(over6));
        yield return Frame("GRE_in_IP_in_IP", EtherType.Ipv4, Carriers.InIpv4(Carriers.InGre(Gpdu)));
        yield return Frame("PPPoE", EtherType.PppoeSession, Pppoe(Gpdu));
        static TestCaseData Frame(string name, ushort etherType, byte[] packet) =>
            new TestCaseData(Carriers.Frame(etherType, packet)).SetName($"A_G_PDU_inside_{name}_decodes");
    }

    [TestCaseSource(nameof(OnN3))]
    public void A_G_PDU_inside_a_carrier_decodes(byte[] frame)
    {
        FrameDecoder decoder = new(TapRole.N3, DecoderSettings.Default);
        Assert.That(Decode(decoder, frame, out PacketRecord record), Is.True);
        Assert.That(record.Kind, Is.EqualTo(RecordKind.Gpdu));
        Assert.That((record.Qfi, record.InnerLength), Is.EqualTo(((byte)9, Inner.Length)));
        Assert.That(record.Fingerprint, Is.EqualTo(OfPlain(Inner)));
        Assert.That(decoder.Tally.Decoded, Is.EqualTo(1));
    }

    [TestCaseSource(nameof(OnN3))]
    public void Fragments_of_a_carrier_are_put_together(byte[] frame)
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12)) != EtherType.Ipv4) return;
        FrameDecoder decoder = new(TapRole.N3, DecoderSettings.Default);
        List<PacketRecord> records = [];
        foreach (byte[] fragment in Packets.Fragments(frame[14..], 64, 5))
            if (Decode(decoder, Packets.Ethernet(fragment), out PacketRecord record)) records.Add(record);
        Assert.That(records, Has.Count.EqualTo(1));
        Assert.That(records[0].Kind, Is.EqualTo(RecordKind.Gpdu));
        Assert.That(records[0].Fingerprint, Is.EqualTo(OfPlain(Inner)));
        decoder.Finish();
        Assert.That(decoder.Tally.Decoded, Is.EqualTo(decoder.Tally.Packets));
    }

    [Test]
    public void A_carrier_on_N6_gives_the_packet_inside()
    {
        Assert.That(OfPlain(Carriers.InGre(Inner)), Is.EqualTo(OfPlain(Inner)));
        Assert.That(OfPlain(Carriers.InIpv4(Inner)), Is.EqualTo(OfPlain(Inner)));
    }

    [Test]
    public void Tunnels_nested_deeper_than_the_limit_are_packets_like_any_other()
    {
        byte[] packet = Inner;
        for (int i = 0; i < 10; i++) packet = Carriers.InIpv4(packet);
        FrameDecoder decoder = new(TapRole.N6, DecoderSettings.Default);
        Assert.That(Decode(decoder, Packets.Ethernet(packet), out PacketRecord record), Is.True);
        Assert.That(record.InnerLength, Is.EqualTo(packet.Length - 4 * 20));
    }

    [Test]
    public void Traffic_over_a_GRE_link_on_N6_matches()
    {
        using CrossingRun run = Crossing(wrapN6: packet => Carriers.InGre(packet), inner: packet => packet);
        AnalysisResult result = run.Analyze();
        Assert.That((result.Match.Matched, result.Match.OnlyN3, result.Match.OnlyN6), Is.EqualTo((54L, 0L, 0L)));
        Assert.That(result.N6.Noticed["carriedInIpOrGre"], Is.EqualTo(54));
    }

    [Test]
    public void A_tunnel_that_a_UE_keeps_itself_matches_as_the_packet_that_it_is()
    {
        using CrossingRun run = Crossing(
            wrapN6: packet => packet,
            inner: packet => Carriers.InGre(packet, null, Packets.Ue, Packets.Server));
        AnalysisResult result = run.Analyze();
        Assert.That((result.Match.Matched, result.Match.OnlyN3, result.Match.OnlyN6), Is.EqualTo((54L, 0L, 0L)));
        Assert.That(result.Match.Nat, Is.False);
        Assert.That(result.N6.Noticed, Is.Empty);
    }

    [Test]
    public void A_UEs_tunnel_over_a_GRE_link_matches_too()
    {
        using CrossingRun run = Crossing(
            wrapN6: packet => Carriers.InGre(packet),
            inner: packet => Carriers.InGre(packet, null, Packets.Ue, Packets.Server));
        AnalysisResult result = run.Analyze();
        Assert.That((result.Match.Matched, result.Match.OnlyN3, result.Match.OnlyN6), Is.EqualTo((54L, 0L, 0L)));
    }

    private static CrossingRun Crossing(Func<byte[], byte[]> wrapN6, Func<byte[], byte[]> inner)
    {
        CrossingRun run = new();
        run.AddMargins();
        for (int i = 0; i < run.N6.Count; i++) run.N6[i] = run.N6[i] with { Packet = wrapN6(run.N6[i].Packet) };
        for (int i = 0; i < 50; i++)
        {
            byte[] packet = inner(Packets.Udp("10.9.0.1", "10.9.0.2", i, (ushort)i));
            run.OnN3(i * 1000, Packets.Up(packet));
            run.OnN6(i * 1000 + 100, wrapN6(packet));
        }
        return run;
    }

    private static ulong OfPlain(byte[] packet)
    {
        Decode(new(TapRole.N6, DecoderSettings.Default), Packets.Ethernet(packet), out PacketRecord record);
        return record.Fingerprint;
    }

    private static bool Decode(FrameDecoder decoder, byte[] frame, out PacketRecord record) => decoder.Decode(
        frame, new(0, frame.Length, frame.Length, CaptureFolder.StartNs, 0, 1), LinkType.Ethernet, 0, out record);

    private static byte[] Pppoe(byte[] packet)
    {
        byte[] bytes = [0x11, 0, 0, 7, 0, 0, 0, 0x21, .. packet];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)(packet.Length + 2));
        return bytes;
    }
}
