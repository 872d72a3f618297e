using Testbed.Wire.Ethernet;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Benchmarks.Traffic;

/// <summary>Makes frames of users' packets: in GTP-U on N3, plain on N6.</summary>
internal sealed class Framer(InnerPacketWriter inner)
{
    private const int EthernetLength = EthernetHeader.LengthMin;
    private const int GtpULength = 16;
    private const int OuterLength = EthernetLength + Ipv4Header.LengthMin + UdpHeader.LengthMin + GtpULength;
    private readonly byte[] _frame = new byte[2048];
    private static ReadOnlySpan<byte> Here => [0x02, 0, 0, 0, 0, 1];
    private static ReadOnlySpan<byte> There => [0x02, 0, 0, 0, 0, 2];

    /// <summary>Bytes on the wire of the packet's frame at a tap.</summary>
    public static int Length(in UserPacket packet, Tap tap) =>
        packet.InnerLength + (tap is Tap.N3 ? OuterLength : EthernetLength);

    /// <summary>The first bytes of the frame, valid until the next call.</summary>
    public ReadOnlySpan<byte> Write(in UserPacket packet, Tap tap, int bytesMax)
    {
        int kept = Math.Min(Length(packet, tap), bytesMax);
        Span<byte> frame = _frame.AsSpan(0, kept);
        if (tap is Tap.N3) WriteN3(frame, packet);
        else
        {
            EthernetHeader.Write(frame, There, Here, packet.IsIpv6 ? EtherType.Ipv6 : EtherType.Ipv4);
            inner.Write(frame[EthernetLength..], packet, tap);
        }
        return frame;
    }

    private void WriteN3(Span<byte> frame, in UserPacket packet)
    {
        EthernetHeader.Write(frame, There, Here, EtherType.Ipv4);
        uint gnb = Subscribers.Gnb(packet.Session);
        (uint source, uint target) = packet.IsUplink ? (gnb, Subscribers.Upf) : (Subscribers.Upf, gnb);
        int udp = UdpHeader.LengthMin + GtpULength + packet.InnerLength;
        Ipv4Header.Write(
            frame[EthernetLength..], source, target, IpProtocol.Udp, udp, (ushort)packet.Ordinal, fragmentField: 0);
        int at = EthernetLength + Ipv4Header.LengthMin;
        at += UdpHeader.Write(frame[at..], GtpUHeader.Port, GtpUHeader.Port, GtpULength + packet.InnerLength);
        byte qfi = packet.Application.Qfi;
        at += GtpUHeader.WriteGPdu(
            frame[at..],
            packet.IsUplink ? Subscribers.UplinkTeid(packet.Session) : Subscribers.DownlinkTeid(packet.Session),
            packet.IsUplink ? PduSessionInformation.Uplink(qfi) : PduSessionInformation.Downlink(qfi),
            packet.InnerLength);
        inner.Write(frame[at..], packet, Tap.N3);
    }
}
