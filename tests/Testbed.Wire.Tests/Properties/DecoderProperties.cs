using FsCheck;
using FsCheck.Fluent;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Packets;
using Testbed.Wire.Transport;

namespace Testbed.Wire.Tests.Properties;

/// <summary>What must hold of every input, not of examples only.</summary>
public sealed class DecoderProperties
{
    private static Arbitrary<(uint Teid, PduSessionInformation Information, byte[] Payload, ushort? Sequence)>
        Gpdus() =>
        Arb.From(
            from teid in ArbMap.Default.GeneratorFor<uint>()
            from isUplink in ArbMap.Default.GeneratorFor<bool>()
            from qfi in Gen.Choose(0, 63)
            from sequenceNumber in Gen.Choose(-1, 0xFF_FFFF)
            from times in Gen.Choose(-1, int.MaxValue)
            from sequence in Gen.Choose(-1, ushort.MaxValue)
            from payload in Properties.Bytes(200).Generator
            select (teid, new PduSessionInformation(isUplink, (byte)qfi)
            {
                QfiSequenceNumber = sequenceNumber < 0 ? null : (uint)sequenceNumber,
                MonitoringTimes = times < 0 ? null : isUplink
                    ? new((ulong)times, (ulong)times + 1, (ulong)times + 2) : new((ulong)times),
            }, payload, sequence < 0 ? (ushort?)null : (ushort)sequence));

    [Test]
    public void No_byte_string_makes_a_decoder_throw() =>
        Properties.Hold(Properties.Bytes(120), bytes =>
        {
            foreach (LinkType linkType in Enum.GetValues<LinkType>()) EveryDecoder.Frame(linkType, bytes, bytes.Length);
            EveryDecoder.Packet(bytes, bytes.Length, 0);
            return true;
        });

    [Test]
    public void Every_G_PDU_that_is_written_reads_back_and_no_prefix_of_its_header_does() =>
        Properties.Hold(Gpdus(), gpdu =>
        {
            byte[] bytes = new byte[100 + gpdu.Payload.Length];
            int header = GtpUHeader.WriteGPdu(
                bytes, gpdu.Teid, gpdu.Information, gpdu.Payload.Length, gpdu.Sequence);
            gpdu.Payload.CopyTo(bytes, header);
            int length = header + gpdu.Payload.Length;
            for (int kept = 0; kept < header; kept++)
                if (GtpUHeader.Read(bytes.AsSpan(0, kept), out _, length) is DecodeStatus.Ok) return false;
            return GtpUHeader.Read(bytes.AsSpan(0, length), out GtpUHeader read, length) is DecodeStatus.Ok
                && read.Teid == gpdu.Teid && read.Payload.SequenceEqual(gpdu.Payload)
                && read.HasSequenceNumber == gpdu.Sequence is not null
                && PduSessionContainer.Read(read.PduSessionContent, out PduSessionInformation information)
                    is DecodeStatus.Ok
                && information == gpdu.Information;
        });

    [Test]
    public void Every_datagram_that_is_written_reads_back_in_IPv4() =>
        Properties.Hold<(uint Source, uint Target, ushort From, ushort To, ushort Id)>(value =>
        {
            byte[] payload = BitConverter.GetBytes(value.Source), packet = new byte[20 + 8 + payload.Length];
            int at = Ipv4Header.Write(
                packet, value.Source, value.Target, IpProtocol.Udp, 8 + payload.Length, value.Id);
            at += UdpHeader.Write(packet.AsSpan(at), value.From, value.To, payload.Length);
            payload.CopyTo(packet, at);
            return IpPacket.Read(packet, out IpPacket ip) is DecodeStatus.Ok
                && UdpHeader.Read(ip, out UdpHeader udp) is DecodeStatus.Ok
                && (udp.SourcePort, udp.DestinationPort) == (value.From, value.To)
                && ip.Identification == value.Id && ip.SourceAddress == HostAddress.FromIpv4(value.Source)
                && udp.Payload.SequenceEqual(payload)
                && Ipv4Header.Read(packet, out Ipv4Header header) is DecodeStatus.Ok && header.IsChecksumValid;
        });
}
