using Testbed.Wire.Ethernet;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;

namespace Testbed.Wire.GtpU;

/// <summary>
/// Tells the frame of an Ethernet PDU session (TS 23.501 §5.6.10.2) from other bytes. GTP-U does not say which type
/// its session has, so the bytes must: a known EtherType, a station as the source, and where IP is said to follow, a
/// header that fits to the last byte.
/// </summary>
public static class EthernetPdu
{
    /// <param name="payload">What is at hand of the G-PDU's payload.</param>
    /// <param name="payloadLength">Bytes of the payload on the wire.</param>
    /// <param name="frame">The frame, walked to its network packet, when true.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, int payloadLength, out LinkFrame frame)
    {
        if (LinkFrame.Read(LinkType.Ethernet, payload, out frame) is not DecodeStatus.Ok) return false;
        ReadOnlySpan<byte> source = payload.Slice(EthernetHeader.AddressLength, EthernetHeader.AddressLength);
        bool isStation = (source[0] & 1) == 0 && source.ContainsAnyExcept((byte)0);
        return isStation && (frame.IsIp ? HoldsIp(frame, payloadLength) : IsKnown(frame.EtherTypeInside));
    }

    private static bool HoldsIp(in LinkFrame frame, int payloadLength)
    {
        int length = payloadLength - frame.PayloadOffset;
        DecodeStatus status = IpPacket.Read(frame.Payload, out IpPacket packet, length);
        if (status is not (DecodeStatus.Ok or DecodeStatus.LaterFragment)) return false;
        if (packet.IsIpv6 != (frame.EtherTypeInside == EtherType.Ipv6) || packet.TotalLength > length) return false;
        return packet.IsIpv6 || (Ipv4Header.Read(frame.Payload, out Ipv4Header header, length) is DecodeStatus.Ok
            && header.IsChecksumValid);
    }

    // What stations of a factory or an office send: the EtherTypes of IEEE's registry that such networks use.
    private static bool IsKnown(ushort etherType) => etherType is
        EtherType.Arp or EtherType.PppoeDiscovery or EtherType.PppoeSession or EtherType.MplsUnicast
        or 0x8892 /* PROFINET */ or 0x88A4 /* EtherCAT */ or 0x88AB /* POWERLINK */ or 0x88B8 /* GOOSE */
        or 0x88BA /* sampled values */ or 0x88CC /* LLDP */ or 0x88CD /* SERCOS III */ or 0x88E3 /* MRP */
        or 0x888E /* EAPOL */ or 0x88E5 /* MACsec */ or 0x88F7 /* PTP */ or 0x8902 /* CFM */ or 0x22F0 /* AVTP */
        or 0xF1C1 /* FRER */ or 0x8100;
}
