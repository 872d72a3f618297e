using Testbed.Fuzz.Corpus;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;
using Testbed.Wire.Tunnels;

namespace Testbed.Fuzz.Targets;

/// <summary>IP and what it carries.</summary>
internal static class InternetTargets
{
    public static IEnumerable<FuzzTarget> All()
    {
        byte[] udp = Samples.Udp(), tcp = Samples.Tcp();
        byte[] sctp = Samples.Hex(
            "960c 960c 00000001 00000000 00 03 0014 00000001 0000 0000 0000003c 00150000 00 03 0012 00000002 0000 0001"
            + "0000003c 0102 0000 03 00 0010 00000001 00010000 00000000");
        yield return new("ip-packet", Packet,
        [
            udp, tcp, Samples.Ipv6(Samples.Filled(20), true), Samples.Ipv6(Samples.Filled(20), false),
            Samples.Ip(IpProtocol.Sctp, sctp), Samples.Hex("46000018 00010000 4011 0000 0a000001 0a000002 94040000"),
        ]);
        yield return new("ipv4-header", Ipv4, [udp, tcp]);
        yield return new("ipv6-header", Ipv6, [Samples.Ipv6(Samples.Filled(20), true)]);
        yield return new("ip-carrier", Carrier,
        [
            Samples.Ip(IpProtocol.Ipv4InIp, udp), Samples.Ip(IpProtocol.Gre, [0, 0, 8, 0, .. udp]),
            Samples.Ip(IpProtocol.Ipv6InIp, Samples.Ipv6([1, 2], false)),
            Samples.Ip(IpProtocol.Gre, [0, 0, 0x65, 0x58, .. Samples.Frame(tcp)]),
        ]);
        yield return new("udp", Udp, [udp[20..]]);
        yield return new("tcp", Tcp,
            [tcp[20..], Samples.Hex("9c40 0050 00000001 00000002 6010 0400 0000 0000 02040584")]);
        yield return new("sctp", Sctp, [sctp]);
    }

    private static bool Packet(ReadOnlySpan<byte> input)
    {
        DecodeStatus status = IpPacket.Read(input, out IpPacket packet);
        if (status is not (DecodeStatus.Ok or DecodeStatus.LaterFragment)) return false;
        Sink.Eat(packet.Payload);
        Sink.Eat(packet.SourceAddress.GetHashCode() + packet.DestinationAddress.GetHashCode() + packet.TrafficClass
            + packet.HopLimit + packet.FragmentOffset + packet.PayloadLength);
        if (packet.Payload.Length > packet.PayloadLength)
            throw new InvalidOperationException("more payload than stated");
        return true;
    }

    private static bool Ipv4(ReadOnlySpan<byte> input)
    {
        if (Ipv4Header.Read(input, out Ipv4Header header) is not DecodeStatus.Ok) return false;
        Sink.Eat(header.Options);
        Sink.Eat(header.Payload);
        Sink.Eat(header.IsChecksumValid ? header.SourceBits : header.DestinationBits);
        return true;
    }

    private static bool Ipv6(ReadOnlySpan<byte> input)
    {
        if (Ipv6Header.Read(input, out Ipv6Header header) is not DecodeStatus.Ok) return false;
        Sink.Eat(header.Source);
        Sink.Eat(header.Destination);
        Sink.Eat(header.AfterHeader);
        return true;
    }

    private static bool Carrier(ReadOnlySpan<byte> input)
    {
        if (IpPacket.Read(input, out IpPacket packet) is not DecodeStatus.Ok) return false;
        if (IpCarrier.Open(packet.Protocol, packet.Payload, packet.PayloadLength, out IpPacket inside)
            is not (DecodeStatus.Ok or DecodeStatus.LaterFragment)) return false;
        Sink.Eat(inside.Payload);
        if (inside.TotalLength > packet.PayloadLength) throw new InvalidOperationException("longer than its carrier");
        return true;
    }

    private static bool Udp(ReadOnlySpan<byte> input)
    {
        if (UdpHeader.Read(input, out UdpHeader header) is not DecodeStatus.Ok) return false;
        Sink.Eat(header.Payload);
        return true;
    }

    private static bool Tcp(ReadOnlySpan<byte> input)
    {
        if (TcpHeader.Read(input, out TcpHeader header) is not DecodeStatus.Ok) return false;
        Sink.Eat(header.Options);
        Sink.Eat(header.Payload);
        return true;
    }

    private static bool Sctp(ReadOnlySpan<byte> input)
    {
        if (SctpHeader.Read(input, out SctpHeader header) is not DecodeStatus.Ok) return false;
        bool any = false;
        foreach (SctpChunk chunk in header.Chunks)
        {
            any = true;
            Sink.Eat(chunk.Value);
            if (chunk.TryReadData(out SctpData data)) Sink.Eat(data.Message);
        }
        return any;
    }
}
