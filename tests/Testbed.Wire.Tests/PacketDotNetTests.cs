using PacketDotNet;
using Testbed.Wire.Files;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;
using Testbed.Wire.Tests.Captures;
using Testbed.Wire.Transport;

namespace Testbed.Wire.Tests;

/// <summary>A second opinion on Ethernet, IP, UDP and TCP, frame by frame over the real captures.</summary>
public sealed class PacketDotNetTests
{
    private const int FramesMax = 3_000;

    private static IEnumerable<string> Names() => SharedCaptures.Folder is null
        ? ["(none)"]
        : SharedCaptures.ExpectedFiles().EnumerateObject().Select(file => file.Name);

    [TestCaseSource(nameof(Names))]
    public void PacketDotNet_reads_the_same_headers(string name)
    {
        string folder = SharedCaptures.Require();
        using CaptureFileSource source = CaptureFile.Open(Path.Combine(folder, name));
        int left = FramesMax;
        while (source.TryRead(out CapturedFrame frame) && left-- > 0)
        {
            LinkType linkType = source.Interfaces[frame.Interface].LinkType;
            if (linkType is not (LinkType.Ethernet or LinkType.LinuxSll or LinkType.Raw)) continue;
            if (LinkFrame.Read(linkType, frame.Bytes, out LinkFrame link) is not DecodeStatus.Ok) continue;
            if (!link.IsIp) continue;
            if (link.Tags.LabelCount > 0 || link.Tags.VlanCount > 1) continue;
            if (IpPacket.Read(link.Payload, out IpPacket ip) is not DecodeStatus.Ok) continue;
            // It takes the middle of a cut datagram for a whole one, and reads no extension headers.
            if (ip.IsFragment || ip.IsSnapped || ip.IsIpv6 && ip.PayloadOffset != 40) continue;
            Packet packet = Packet.ParsePacket((LinkLayers)(int)linkType, frame.Bytes.ToArray());
            Compare($"{name} frame {source.FrameCount}", ip, packet.Extract<IPPacket>());
        }
    }

    private static void Compare(string frame, in IpPacket ours, IPPacket? theirs)
    {
        Assert.That(theirs, Is.Not.Null, frame);
        Assert.That(ours.SourceAddress.ToIPAddress(), Is.EqualTo(theirs!.SourceAddress), frame);
        Assert.That(ours.DestinationAddress.ToIPAddress(), Is.EqualTo(theirs.DestinationAddress), frame);
        Assert.That((int)ours.HopLimit, Is.EqualTo(theirs.TimeToLive), frame);
        Assert.That((int)ours.Protocol, Is.EqualTo((int)theirs.Protocol), frame);
        if (UdpHeaderOf(ours, out UdpHeader udp) && theirs.PayloadPacket is UdpPacket theirUdp)
        {
            Assert.That((udp.SourcePort, udp.DestinationPort),
                Is.EqualTo(((int)theirUdp.SourcePort, (int)theirUdp.DestinationPort)), frame);
            Assert.That(udp.Length, Is.EqualTo(theirUdp.Length), frame);
            Assert.That(udp.Checksum, Is.EqualTo(theirUdp.Checksum), frame);
        }
        if (ours.Protocol == IpProtocol.Tcp && theirs.PayloadPacket is TcpPacket theirTcp
            && TcpHeader.Read(ours, out TcpHeader tcp) is DecodeStatus.Ok)
        {
            Assert.That((tcp.SourcePort, tcp.DestinationPort),
                Is.EqualTo(((int)theirTcp.SourcePort, (int)theirTcp.DestinationPort)), frame);
            Assert.That(tcp.SequenceNumber, Is.EqualTo(theirTcp.SequenceNumber), frame);
            Assert.That(tcp.AcknowledgmentNumber, Is.EqualTo(theirTcp.AcknowledgmentNumber), frame);
            Assert.That((int)tcp.Flags & 0xFF, Is.EqualTo(theirTcp.Flags & 0xFF), frame);
            Assert.That(tcp.PayloadLength, Is.EqualTo(theirTcp.PayloadData?.Length ?? 0), frame);
        }
    }

    private static bool UdpHeaderOf(in IpPacket packet, out UdpHeader udp)
    {
        udp = default;
        return packet.Protocol == IpProtocol.Udp && UdpHeader.Read(packet, out udp) is DecodeStatus.Ok;
    }
}
