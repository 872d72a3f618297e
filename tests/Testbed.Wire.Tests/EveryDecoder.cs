using Testbed.Wire.Dns;
using Testbed.Wire.Ethernet;
using Testbed.Wire.GtpU;
using Testbed.Wire.Http2;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Ngap;
using Testbed.Wire.Packets;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Transport;
using Testbed.Wire.Tunnels;

namespace Testbed.Wire.Tests;

/// <summary>
/// Runs a frame through every decoder whether its content calls for it or not, and touches every property, so that a
/// view which reaches beyond its checked bytes shows. Returns something of all of it.
/// </summary>
internal static class EveryDecoder
{
    private static readonly LinkType[] LinkTypes = Enum.GetValues<LinkType>();

    public static long Frame(LinkType linkType, ReadOnlySpan<byte> frame, int originalLength)
    {
        long sum = 0;
        if (EthernetHeader.Read(frame, out EthernetHeader ethernet) is DecodeStatus.Ok)
            sum += ethernet.Destination[0] + ethernet.Source[5] + ethernet.Payload.Length + ethernet.OuterEtherType;
        foreach (LinkType type in LinkTypes)
        {
            if (LinuxSllHeader.Read(type, frame, out LinuxSllHeader sll) is DecodeStatus.Ok) sum += sll.InterfaceIndex;
            if (LinkFrame.Read(type, frame, out LinkFrame other) is DecodeStatus.Ok) sum += other.Payload.Length;
        }
        if (ErfHeader.Read(frame, out ErfHeader erf) is DecodeStatus.Ok) sum += erf.TimestampNs + erf.FrameOffset;
        if (PppoeHeader.Read(frame, out PppoeHeader pppoe) is DecodeStatus.Ok) sum += pppoe.EtherTypeInside;
        if (GreHeader.Read(frame, out GreHeader gre) is DecodeStatus.Ok) sum += gre.Protocol + gre.Length;
        sum += Payload(frame);
        if (LinkFrame.Read(linkType, frame, out LinkFrame link) is not DecodeStatus.Ok) return sum;
        sum += link.Tags.VlanCount + link.Tags.TopLabel + link.Tags.InnerVlanId + link.Tags.OuterVlanId;
        return sum + Packet(link.Payload, originalLength - link.PayloadOffset, depth: 0);
    }

    public static long Packet(ReadOnlySpan<byte> bytes, int wireLength, int depth)
    {
        long sum = 0;
        if (Ipv4Header.Read(bytes, out Ipv4Header ipv4, wireLength) is DecodeStatus.Ok)
            sum += ipv4.Options.Length + ipv4.Payload.Length + ipv4.PayloadLength + ipv4.FragmentOffset
                + (ipv4.IsChecksumValid ? 1 : 0) + ipv4.SourceBits + ipv4.DestinationBits + ipv4.TimeToLive;
        if (Ipv6Header.Read(bytes, out Ipv6Header ipv6) is DecodeStatus.Ok)
            sum += ipv6.AfterHeader.Length + ipv6.FlowLabel + ipv6.Source[15] + ipv6.Destination[15];
        DecodeStatus status = IpPacket.Read(bytes, out IpPacket ip, wireLength);
        if (status is not (DecodeStatus.Ok or DecodeStatus.LaterFragment)) return sum;
        sum += ip.Payload.Length + ip.PayloadLength + ip.TrafficClass + ip.HopLimit + ip.FragmentOffset
            + ip.SourceAddress.GetHashCode() + ip.DestinationAddress.GetHashCode();
        Assert.That(ip.Payload.Length, Is.LessThanOrEqualTo(ip.PayloadLength));
        if (status is DecodeStatus.LaterFragment) return sum;
        if (TcpHeader.Read(ip, out TcpHeader tcp) is DecodeStatus.Ok)
            sum += tcp.Options.Length + tcp.Payload.Length + tcp.PayloadLength + tcp.Window + tcp.Checksum
                + Http2(tcp.Payload);
        sum += Sctp(ip);
        if (depth < 4 && IpCarrier.Open(ip.Protocol, ip.Payload, ip.PayloadLength, out IpPacket carried)
            is DecodeStatus.Ok or DecodeStatus.LaterFragment)
            sum += carried.Payload.Length + carried.TotalLength;
        if (UdpHeader.Read(ip, out UdpHeader udp) is not DecodeStatus.Ok) return sum;
        sum += udp.SourcePort + udp.Checksum + udp.PayloadLength + Payload(udp.Payload);
        if (GtpUHeader.Read(udp, out GtpUHeader gtp) is DecodeStatus.Ok && depth < 2)
            sum += Packet(gtp.Payload, gtp.PayloadLength, depth + 1);
        return sum;
    }

    private static long Http2(ReadOnlySpan<byte> bytes)
    {
        long sum = new HpackDecoder().Read(bytes, out Http2Headers direct) is DecodeStatus.Ok ? direct.Status : 0;
        Http2Reader reader = new();
        while (reader.Read(ref bytes, out Http2Headers headers) is Http2Event.Headers)
            sum += reader.Stream + headers.Status;
        return sum;
    }

    private static long Sctp(in IpPacket ip)
    {
        long sum = 0;
        if (SctpHeader.Read(ip, out SctpHeader sctp) is not DecodeStatus.Ok) return sum;
        sum += sctp.VerificationTag + sctp.Checksum;
        foreach (SctpChunk chunk in sctp.Chunks)
        {
            sum += chunk.Value.Length + chunk.ValueLength;
            if (!chunk.TryReadData(out SctpData data)) continue;
            sum += data.Message.Length + data.PayloadProtocol + data.Stream;
            if (NgapMessage.Read(data.Message, out NgapMessage? message) is DecodeStatus.Ok)
                sum += message!.Orders.Count + message.OtherElementCount;
        }
        return sum;
    }

    /// <summary>Everything that may stand in a UDP datagram.</summary>
    public static long Payload(ReadOnlySpan<byte> payload)
    {
        long sum = 0;
        if (GtpUHeader.Read(payload, out GtpUHeader gtp) is DecodeStatus.Ok)
        {
            sum += gtp.Teid + gtp.SequenceNumber + gtp.NpduNumber + gtp.Payload.Length + gtp.PduSessionContent.Length;
            foreach (GtpUExtensions.Extension extension in gtp.Extensions) sum += extension.Content.Length;
            if (PduSessionContainer.Read(gtp.PduSessionContent, out PduSessionInformation information)
                is DecodeStatus.Ok)
                sum += information.Qfi;
            if (ErrorIndication.Read(gtp.Payload, out ErrorIndication indication) is DecodeStatus.Ok)
                sum += indication.Teid;
        }
        if (GtpControl.Read(payload, payload.Length, out GtpControl control) is DecodeStatus.Ok)
            sum += control.MessageLength;
        if (EthernetPdu.TryRead(payload, payload.Length, out LinkFrame inner)) sum += inner.Payload.Length;
        if (PduSessionContainer.Read(payload, out PduSessionInformation direct) is DecodeStatus.Ok) sum += direct.Qfi;
        if (PfcpMessage.Read(payload, out PfcpMessage? message) is DecodeStatus.Ok)
            sum += message!.CreatePdrs.Count + message.OtherElementCount;
        if (DnsMessage.Read(payload, out DnsMessage? dns) is DecodeStatus.Ok)
            sum += dns!.Questions.Count + dns.AddressesOf("a").Count;
        if (NgapMessage.Read(payload, out NgapMessage? ngap) is DecodeStatus.Ok) sum += ngap!.OtherElementCount;
        return sum;
    }
}
