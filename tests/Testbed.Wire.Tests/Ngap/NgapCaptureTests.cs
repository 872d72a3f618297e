using Testbed.Wire.Files;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Ngap;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Tests.Captures;
using Testbed.Wire.Transport;

namespace Testbed.Wire.Tests.Ngap;

/// <summary>Messages of real cores; what they hold was read with tshark 4.0.17.</summary>
public sealed class NgapCaptureTests
{
    private static List<NgapMessage> ReadAll(string path)
    {
        List<NgapMessage> messages = [];
        SctpReassembly reassembly = new();
        using CaptureFileSource source = CaptureFile.Open(path);
        while (source.TryRead(out CapturedFrame frame))
        {
            if (LinkFrame.Read(source.Interfaces[frame.Interface].LinkType, frame.Bytes, out LinkFrame link)
                is not DecodeStatus.Ok || !link.IsIp) continue;
            if (IpPacket.Read(link.Payload, out IpPacket ip, frame.OriginalLength - link.PayloadOffset)
                is not DecodeStatus.Ok || ip.Protocol != IpProtocol.Sctp
                || SctpHeader.Read(ip, out SctpHeader sctp) is not DecodeStatus.Ok) continue;
            SctpPath direction = new(
                ip.SourceAddress, ip.DestinationAddress, sctp.SourcePort, sctp.DestinationPort, sctp.VerificationTag);
            foreach (SctpChunk chunk in sctp.Chunks)
            {
                if (!chunk.TryReadData(out SctpData data) || data.PayloadProtocol != SctpChunk.NgapPayloadProtocol
                    || reassembly.Add(direction, data, out ReadOnlySpan<byte> bytes) is not SctpDelivery.Whole)
                    continue;
                Assert.That(NgapMessage.Read(bytes, out NgapMessage? message), Is.EqualTo(DecodeStatus.Ok), path);
                messages.Add(message!);
            }
        }
        return messages;
    }

    private static List<NgapMessage> Read(string name) =>
        ReadAll(Path.Combine(SharedCaptures.Require(), "public", name));

    [Test]
    public void Every_message_of_free5GC_reads_in_tsharks_order()
    {
        List<NgapMessage> messages = Read("tel5gtv__free5gc.pcap");
        Assert.That(messages.Select(message => (int)message.Procedure),
            Is.EqualTo(new[] { 21, 21, 15, 4, 46, 4, 46, 14, 14, 46, 46, 29, 29 }));
        NgapMessage context = messages[7];
        Assert.That(context.AllowedSlices, Is.EqualTo(new Snssai[] { new(1, 0x010203), new(1, 0x112233) }));
        PduSessionOrder order = messages[11].Orders.Single();
        Assert.That(order.Id, Is.EqualTo(10));
        Assert.That(order.Snssai, Is.EqualTo(new Snssai(1, 0x010203)));
        Assert.That(order.UplinkTunnels,
            Is.EqualTo(new GtpTunnel[] { new(HostAddress.Parse("10.200.200.102"), default, 1) }));
        Assert.That(order.Flows, Is.EqualTo(new QosFlowOrder[] { new(0, 9, false, 15, false, false, null) }));
        PduSessionGrant grant = messages[12].Grants.Single();
        Assert.That(grant.DownlinkTunnels,
            Is.EqualTo(new GtpTunnel[] { new(HostAddress.Parse("10.200.200.1"), default, 1) }));
        Assert.That(grant.Qfis, Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void Every_message_of_OpenAirInterface_reads_as_tshark_reads_it()
    {
        List<NgapMessage> messages = Read("5greplay__oai.pcap");
        Assert.That(messages, Has.Count.EqualTo(14));
        Assert.That(messages[0].RanNode.ToString(), Is.EqualTo("20895-0000000/28"));
        Assert.That(messages[0].RanNodeName, Is.EqualTo("gNB-OAI-CU"));
        SupportedArea area = messages[0].SupportedAreas.Single();
        Assert.That(area.TrackingAreaCode, Is.EqualTo(0xA000));
        Assert.That(area.Slices, Is.EqualTo(new Snssai[] { new(1, 1), new(1, 0x112233) }));
        Assert.That(messages[1].AmfName, Is.EqualTo("OAI-AMF"));
        Assert.That(messages[1].ServedGuamis.Select(guami => guami.ToString()),
            Is.EqualTo(new[] { "20895-128-1-0", "46011-10-1-1" }));
        Assert.That(messages[1].PlmnSupport.Single().Slices, Is.EqualTo(new Snssai[] { new(0xDE, 0x7B), new(1, 0xC) }));
        NgapMessage request = messages.First(message => message.Orders.Count > 0);
        Assert.That(request.AmfUeId, Is.EqualTo(8));
        Assert.That(request.Orders.Single().Flows,
            Is.EqualTo(new QosFlowOrder[] { new(7, 7, false, 1, false, false, null) }));
        Assert.That(request.Orders.Single().UplinkTunnels,
            Is.EqualTo(new GtpTunnel[] { new(HostAddress.Parse("192.168.70.134"), default, 8) }));
    }
}
