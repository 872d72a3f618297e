using Testbed.Wire.Files;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;
using Testbed.Wire.Transport;

namespace Testbed.Wire.Tests;

public sealed class AllocationTests
{
    private static byte[] N3Frame()
    {
        byte[] frame = new byte[200];
        int at = Testbed.Wire.Ethernet.EthernetHeader.Write(frame, new byte[6], new byte[6], 0x0800);
        at += Ipv4Header.Write(frame.AsSpan(at), 0x0A640301, 0x0A64030A, IpProtocol.Udp, 200 - at - 20);
        at += UdpHeader.Write(frame.AsSpan(at), 2152, 2152, 200 - at - 8);
        at += GtpUHeader.WriteGPdu(frame.AsSpan(at), 1, PduSessionInformation.Downlink(9), 200 - at - 16);
        at += Ipv4Header.Write(frame.AsSpan(at), 0x08080808, 0x0A2D0002, IpProtocol.Tcp, 200 - at - 20);
        TcpHeader.Write(frame.AsSpan(at), 443, 40000, 1, 2, TcpFlags.Ack);
        return frame;
    }

    private static long DecodeOne(ReadOnlySpan<byte> frame)
    {
        LinkFrame.Read(LinkType.Ethernet, frame, out LinkFrame link);
        IpPacket.Read(link.Payload, out IpPacket outer);
        UdpHeader.Read(outer, out UdpHeader udp);
        GtpUHeader.Read(udp, out GtpUHeader gtp);
        PduSessionContainer.Read(gtp.PduSessionContent, out PduSessionInformation information);
        IpPacket.Read(gtp.Payload, out IpPacket inner, gtp.PayloadLength);
        DecodeStatus status = TcpHeader.Read(inner, out TcpHeader tcp);
        Assert.That(status is DecodeStatus.Ok);
        return information.Qfi + tcp.DestinationPort + inner.DestinationAddress.Ipv4Bits;
    }

    [Test]
    public void Decoding_a_packet_of_N3_from_link_to_inner_TCP_allocates_nothing()
    {
        byte[] frame = N3Frame();
        Assert.That(DecodeOne(frame), Is.EqualTo(9 + 40000 + 0x0A2D0002));
        long before = GC.GetAllocatedBytesForCurrentThread();
        long sum = 0;
        for (int i = 0; i < 10_000; i++)
        {
            LinkFrame.Read(LinkType.Ethernet, frame, out LinkFrame link);
            IpPacket.Read(link.Payload, out IpPacket outer);
            UdpHeader.Read(outer, out UdpHeader udp);
            GtpUHeader.Read(udp, out GtpUHeader gtp);
            PduSessionContainer.Read(gtp.PduSessionContent, out PduSessionInformation information);
            IpPacket.Read(gtp.Payload, out IpPacket inner, gtp.PayloadLength);
            TcpHeader.Read(inner, out TcpHeader tcp);
            sum += information.Qfi + tcp.DestinationPort + inner.DestinationAddress.Ipv4Bits;
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sum, Is.Not.Zero);
    }

    [Test]
    public void Reading_pcapng_in_steady_state_allocates_nothing()
    {
        byte[] frame = N3Frame();
        using MemoryStream stream = new();
        using (PcapNgWriter writer = new(stream, leaveOpen: true))
        {
            int index = writer.AddInterface("n3", LinkType.Ethernet);
            for (int i = 0; i < 20_000; i++) writer.WriteFrame(index, i, frame.Length, frame);
        }
        stream.Position = 0;
        using CaptureFileSource source = CaptureFile.Open(stream);
        AssertFillsWithoutAllocation(source, 20_000);
    }

    [Test]
    public void Reading_pcap_in_steady_state_allocates_nothing()
    {
        byte[] record = [.. Bytes.Hex("00f15365 00000000 c8000000 c8000000"), .. N3Frame()];
        byte[] file = [.. Bytes.Hex("d4c3b2a1 02000400 00000000 00000000 ffff0000 01000000"),
            .. Enumerable.Repeat(record, 20_000).SelectMany(bytes => bytes)];
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
        AssertFillsWithoutAllocation(source, 20_000);
    }

    private static void AssertFillsWithoutAllocation(CaptureFileSource source, int expected)
    {
        using PacketBatch batch = new(1024, 1 << 20);
        source.Fill(batch);
        long count = batch.Count;
        bool more = true;
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (more)
        {
            batch.Clear();
            more = source.Fill(batch);
            count += batch.Count;
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(count, Is.EqualTo(expected));
        Assert.That(allocated, Is.Zero);
    }
}
