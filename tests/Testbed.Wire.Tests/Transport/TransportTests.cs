using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Wire.Tests.Transport;

public sealed class TransportTests
{
    private static readonly byte[] Source = [10, 45, 0, 2], Target = [8, 8, 8, 8];

    private static byte[] Packet(
        byte protocol, ReadOnlySpan<byte> segment, ushort fragmentField = 0x4000, int? stated = null)
    {
        byte[] packet = new byte[20 + segment.Length];
        Ipv4Header.Write(
            packet, 0x0A2D0002, 0x08080808, protocol, stated ?? segment.Length, fragmentField: fragmentField);
        segment.CopyTo(packet.AsSpan(20));
        return packet;
    }

    private static DecodeStatus ReadUdp(byte[] packet, out int length, out int payload)
    {
        Assert.That(IpPacket.Read(packet, out IpPacket ip), Is.EqualTo(DecodeStatus.Ok));
        DecodeStatus status = UdpHeader.Read(ip, out UdpHeader udp);
        length = udp.Length;
        payload = status is DecodeStatus.Ok ? udp.Payload.Length : 0;
        return status;
    }

    [Test]
    public void A_written_UDP_datagram_reads_back_with_a_valid_checksum()
    {
        byte[] datagram = new byte[8 + 5];
        UdpHeader.Write(datagram, 2152, 65535, 5);
        datagram[8] = 0xAB;
        UdpHeader.WriteChecksum(datagram, Source, Target);
        Assert.That(UdpHeader.Read(datagram, out UdpHeader udp), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((udp.SourcePort, udp.DestinationPort, udp.PayloadLength, udp.IsComplete),
            Is.EqualTo((2152, 65535, 5, true)));
        Assert.That(Checksum.IsValid(Source, Target, IpProtocol.Udp, datagram));
        datagram[9] ^= 1;
        Assert.That(Checksum.IsValid(Source, Target, IpProtocol.Udp, datagram), Is.False);
        for (int length = 0; length < 8; length++)
            Assert.That(UdpHeader.Read(datagram.AsSpan(0, length), out _), Is.EqualTo(DecodeStatus.Truncated));
    }

    [Test]
    public void A_UDP_length_over_the_IP_length_is_bad_in_a_whole_packet_and_fine_in_a_first_fragment()
    {
        byte[] datagram = Bytes.Hex("0868 0868 05dc 0000 aabbccdd 00000000");
        Assert.That(ReadUdp(Packet(IpProtocol.Udp, datagram), out _, out _), Is.EqualTo(DecodeStatus.BadLength));
        Assert.That(ReadUdp(Packet(IpProtocol.Udp, datagram, 0x2000), out int length, out int payload),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That((length, payload), Is.EqualTo((1500, 8)));
    }

    [Test]
    public void A_snapped_UDP_datagram_keeps_its_stated_length()
    {
        byte[] datagram = Bytes.Hex("0868 0868 05c8 0000 aabbccdd");
        Assert.That(ReadUdp(Packet(IpProtocol.Udp, datagram, stated: 1480), out int length, out int payload),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That((length, payload), Is.EqualTo((1480, 4)));
    }

    [Test]
    public void A_UDP_length_of_zero_takes_the_IP_length_and_below_8_is_bad()
    {
        Assert.That(ReadUdp(Packet(IpProtocol.Udp, Bytes.Hex("0868 0868 0000 0000 aabb")), out int length, out _),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That(length, Is.EqualTo(10));
        for (byte bad = 1; bad < 8; bad++)
            Assert.That(UdpHeader.Read([8, 104, 8, 104, 0, bad, 0, 0], out _), Is.EqualTo(DecodeStatus.BadLength));
    }

    [Test]
    public void Bytes_after_the_UDP_length_are_no_payload()
    {
        Assert.That(ReadUdp(Packet(IpProtocol.Udp, Bytes.Hex("0868 0868 000a 0000 aabb ccdd")), out _, out int payload),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That(payload, Is.EqualTo(2));
    }

    [Test]
    public void A_written_TCP_segment_reads_back_with_a_valid_checksum()
    {
        byte[] segment = new byte[23];
        TcpHeader.Write(segment, 5201, 40000, 0x01020304, 0xFFFFFFFF, TcpFlags.Syn | TcpFlags.Ece, 1024);
        TcpHeader.WriteChecksum(segment, Source, Target);
        Assert.That(TcpHeader.Read(segment, out TcpHeader tcp), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((tcp.SourcePort, tcp.DestinationPort, tcp.SequenceNumber, tcp.AcknowledgmentNumber),
            Is.EqualTo((5201, 40000, 0x01020304u, 0xFFFFFFFFu)));
        Assert.That((tcp.Flags, tcp.Window, tcp.PayloadLength), Is.EqualTo((TcpFlags.Syn | TcpFlags.Ece, 1024, 3)));
        Assert.That(Checksum.IsValid(Source, Target, IpProtocol.Tcp, segment));
    }

    [Test]
    public void TCP_options_are_no_payload_and_a_cut_header_is_truncated()
    {
        byte[] segment = Bytes.Hex("1451 9c40 00000001 00000000 60 02 ffff 0000 0000 020405b4 aabb");
        Assert.That(TcpHeader.Read(segment, out TcpHeader tcp), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(tcp.Options.ToArray(), Is.EqualTo(Bytes.Hex("020405b4")));
        Assert.That(tcp.Payload.Length, Is.EqualTo(2));
        for (int length = 0; length < 24; length++)
            Assert.That(TcpHeader.Read(segment.AsSpan(0, length), out _, segment.Length),
                Is.EqualTo(DecodeStatus.Truncated));
        Assert.That(TcpHeader.Read(segment.AsSpan(0, 22), out _),
            Is.EqualTo(DecodeStatus.BadLength), "Whole, but too short.");
        segment[12] = 0x40;
        Assert.That(TcpHeader.Read(segment, out _), Is.EqualTo(DecodeStatus.BadLength));
    }

    [Test]
    public void SCTP_chunks_read_in_order_with_NGAP_data_among_them()
    {
        byte[] packet = new byte[64];
        int length = SctpHeader.Write(packet, 38412, 38412, 0xDEADBEEF);
        Bytes.Hex("03 00 0010 00000001 00010000 0000 0000").CopyTo(packet, length);
        length += 16;
        length += SctpChunk.WriteData(packet.AsSpan(length), 7, 1, 2, SctpChunk.NgapPayloadProtocol, [1, 2, 3, 4, 5]);
        SctpHeader.WriteChecksum(packet.AsSpan(0, length));

        Assert.That(SctpHeader.Read(packet.AsSpan(0, length), out SctpHeader sctp), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((sctp.SourcePort, sctp.DestinationPort, sctp.VerificationTag),
            Is.EqualTo((38412, 38412, 0xDEADBEEF)));
        SctpChunks chunks = sctp.Chunks;
        Assert.That(chunks.MoveNext());
        Assert.That(chunks.Current.Type, Is.EqualTo(SctpChunkType.Sack));
        Assert.That(chunks.Current.TryReadData(out _), Is.False);
        Assert.That(chunks.MoveNext());
        Assert.That(chunks.Current.TryReadData(out SctpData data));
        Assert.That((data.TransmissionSequence, data.Stream, data.StreamSequence, data.PayloadProtocol),
            Is.EqualTo((7u, 1, 2, 60u)));
        Assert.That((data.IsFirst, data.IsLast, data.IsUnordered), Is.EqualTo((true, true, false)));
        Assert.That(data.Message.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5 }));
        Assert.That(chunks.MoveNext(), Is.False);
        Assert.That(chunks.Status, Is.EqualTo(DecodeStatus.Ok));
    }

    // RFC 9260 appendix A leaves no vector; "123456789" is the check value of the CRC-32C catalogue.
    [Test]
    public void The_checksum_of_SCTP_is_CRC_32C() =>
        Assert.That(Crc32C.Compute("123456789"u8), Is.EqualTo(0xE3069283));

    [TestCase("00 03 0003", 0, DecodeStatus.BadLength, TestName = "A_chunk_length_below_4_ends_the_walk")]
    [TestCase("00 03 0010 00000001", 0, DecodeStatus.BadLength, TestName = "A_chunk_beyond_the_packet_ends_the_walk")]
    [TestCase("00 03 000c 00000001", 0, DecodeStatus.BadLength,
        TestName = "A_chunk_four_bytes_beyond_the_packet_ends_the_walk")]
    [TestCase("00 03 0010 00000001", 40, DecodeStatus.Truncated,
        TestName = "A_chunk_after_the_captured_end_is_truncated")]
    [TestCase("0b 00 0004 0b00", 0, DecodeStatus.BadLength, TestName = "Two_bytes_left_are_no_chunk")]
    public void A_damaged_chunk_ends_the_walk(string chunksHex, int moreOnWire, DecodeStatus expected)
    {
        byte[] packet = Bytes.Hex("960c 960c 00000001 00000000" + chunksHex);
        int wire = moreOnWire == 0 ? 0 : packet.Length + moreOnWire;
        Assert.That(SctpHeader.Read(packet, out SctpHeader sctp, wire), Is.EqualTo(DecodeStatus.Ok));
        SctpChunks chunks = sctp.Chunks;
        int count = 0;
        while (chunks.MoveNext()) count++;
        Assert.That(count, Is.LessThan(2));
        Assert.That(chunks.Status, Is.EqualTo(expected));
    }

    [Test]
    public void No_prefix_of_an_SCTP_header_decodes()
    {
        for (int length = 0; length < 12; length++)
            Assert.That(SctpHeader.Read(new byte[length], out _), Is.EqualTo(DecodeStatus.Truncated));
    }
}
