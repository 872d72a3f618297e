using System.Buffers.Binary;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Benchmarks.Traffic;

/// <summary>Writes a user's packet as it stands at a tap, with checksums that hold for the whole of it.</summary>
internal sealed class InnerPacketWriter(PayloadSlab slab)
{
    private const byte UplinkHops = 64, DownlinkHops = 58;

    /// <summary>
    /// Writes the packet, or as much of it as the destination has room for; at least the headers must fit.
    /// </summary>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> destination, in UserPacket packet, Tap tap)
    {
        FlowEnds ends = Subscribers.Ends(packet.Session, packet.Kind, packet.IsIpv6);
        (HostAddress source, HostAddress target) =
            packet.IsUplink ? (ends.Ue, ends.Server) : (ends.Server, ends.Ue);
        // A router takes one from the hops that are left.
        byte hops = (byte)((packet.IsUplink ? UplinkHops : DownlinkHops) - (tap == packet.EntryTap ? 0 : 1));
        byte protocol = packet.Application.Protocol;
        int headerLength = packet.IsIpv6 ? Ipv6Header.LengthMin : Ipv4Header.LengthMin;
        int segmentLength = packet.InnerLength - headerLength;
        Span<byte> addresses = stackalloc byte[32];
        int addressLength = source.Write(addresses);
        target.Write(addresses[addressLength..]);
        if (packet.IsIpv6)
            Ipv6Header.Write(
                destination, addresses, addresses[addressLength..], protocol, segmentLength, hopLimit: hops);
        else
            Ipv4Header.Write(
                destination, source.Ipv4Bits, target.Ipv4Bits, protocol, segmentLength, packet.IpId, timeToLive: hops);
        uint pseudo = Checksum.PseudoHeaderSum(
            addresses[..addressLength], addresses.Slice(addressLength, addressLength), protocol, segmentLength);
        int transport = WriteTransport(destination[headerLength..], packet, ends, segmentLength, pseudo);
        int written = Math.Min(destination.Length, packet.InnerLength);
        slab.Write(destination[(headerLength + transport)..written], packet.Content);
        return written;
    }

    private int WriteTransport(
        Span<byte> destination, in UserPacket packet, in FlowEnds ends, int segmentLength, uint pseudo)
    {
        (int from, int to) = packet.IsUplink ? (ends.UePort, ends.ServerPort) : (ends.ServerPort, ends.UePort);
        bool isTcp = packet.Application.Protocol == IpProtocol.Tcp;
        int length = isTcp ? TcpHeader.LengthMin : UdpHeader.LengthMin;
        int payload = segmentLength - length;
        if (isTcp)
            TcpHeader.Write(
                destination, from, to, packet.TcpSequence, packet.TcpAcknowledgment,
                payload > 0 ? TcpFlags.Ack | TcpFlags.Psh : TcpFlags.Ack);
        else
            UdpHeader.Write(destination, from, to, payload);
        ulong sum = (ulong)pseudo + Checksum.Sum(destination[..length]) + slab.Sum(packet.Content, payload);
        ushort checksum = (ushort)~Checksum.Fold(sum);
        if (checksum == 0 && !isTcp) checksum = 0xFFFF;
        BinaryPrimitives.WriteUInt16BigEndian(destination[(isTcp ? 16 : 6)..], checksum);
        return length;
    }
}
