using Testbed.Wire.Files;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Tests.Captures;
using Testbed.Wire.Transport;

namespace Testbed.Wire.Tests.Pfcp;

public sealed class PfcpCaptureTests
{
    private static List<PfcpMessage> ReadAll(string path, bool allSound = true)
    {
        List<PfcpMessage> messages = [];
        FrameWalk.Udp(path, (in CapturedFrame _, in UdpHeader udp) =>
        {
            if (udp.SourcePort != PfcpHeader.Port && udp.DestinationPort != PfcpHeader.Port) return;
            DecodeStatus status = PfcpMessage.Read(udp.Payload, out PfcpMessage? message);
            if (allSound) Assert.That(status, Is.EqualTo(DecodeStatus.Ok), path);
            Assert.That(message, status is DecodeStatus.Ok ? Is.Not.Null : Is.Null);
            if (message is not null) messages.Add(message);
        });
        return messages;
    }

    [Test]
    public void An_establishment_of_a_real_core_reads_with_its_tunnels_addresses_and_flows()
    {
        string path = Path.Combine(SharedCaptures.Require(), "open5gs", "1-baseline", "n4-pfcp.pcap");
        List<PfcpMessage> messages = ReadAll(path);

        Assert.That(messages, Has.Count.EqualTo(24));
        PfcpMessage request = messages.First(m => m.Type is PfcpMessageType.SessionEstablishmentRequest);
        Assert.That(request.NodeId!.Value.Address, Is.EqualTo(HostAddress.Parse("10.100.4.10")));
        Assert.That(request.FSeid!.Value.Seid, Is.EqualTo(0x1001));
        PacketDetectionRule uplink = request.CreatePdrs[0];
        Assert.That(uplink.Id, Is.EqualTo(1));
        Assert.That(uplink.Precedence, Is.EqualTo(255));
        Assert.That(uplink.SourceInterface, Is.EqualTo(PfcpInterface.Access));
        Assert.That(uplink.InterfaceType, Is.EqualTo(PfcpInterfaceType.N3));
        Assert.That(uplink.FTeid, Is.EqualTo(FTeid.ChooseOnIpv4(5)));
        Assert.That(uplink.NetworkInstance, Is.EqualTo("internet"));
        Assert.That(uplink.UeAddress!.Value.Ipv4, Is.EqualTo(HostAddress.Parse("10.45.0.2")));
        Assert.That(uplink.Qfis, Is.EqualTo(new byte[] { 9 }));
        Assert.That(request.CreatePdrs[2].FlowDescriptions,
            Is.EqualTo(new[] { "permit out 17 from 10.100.61.10 5202 to assigned" }));
        Assert.That(request.CreateQers[0].MaximumBitRate, Is.EqualTo(new PfcpBitRate(1_000_000, 1_000_000)));

        PfcpMessage response = messages.First(m => m.Type is PfcpMessageType.SessionEstablishmentResponse);
        Assert.That(response.Cause, Is.EqualTo(PfcpCause.RequestAccepted));
        Assert.That(response.Seid, Is.EqualTo(0x1001));
        Assert.That(response.SequenceNumber, Is.EqualTo(request.SequenceNumber));
        Assert.That(response.CreatedPdrs[0].FTeid!.Value.Address, Is.EqualTo(HostAddress.Parse("10.100.3.1")));
        Assert.That(response.CreatedPdrs[0].FTeid!.Value.Teid, Is.Not.Zero);
    }

    [Test]
    public void What_is_read_from_real_cores_writes_and_reads_back_the_same()
    {
        SharedCaptures.Require();
        int count = 0;
        byte[] first = new byte[65_536], second = new byte[65_536];
        foreach (string path in SharedCaptures.All().Where(p => p.Contains("pfcp", StringComparison.Ordinal)))
        {
            // nDPI's sample comes from a generator of random elements; several of its rules lack their id.
            bool isGenerated = path.EndsWith("ndpi__pfcp.pcapng", StringComparison.Ordinal);
            foreach (PfcpMessage message in ReadAll(path, !isGenerated))
            {
                int length = message.Write(first);
                Assert.That(PfcpMessage.Read(first.AsSpan(0, length), out PfcpMessage? again),
                    Is.EqualTo(DecodeStatus.Ok));
                int lengthAgain = again!.Write(second);
                Assert.That(second.AsSpan(0, lengthAgain).SequenceEqual(first.AsSpan(0, length)), $"{path} {message}");
                count++;
            }
        }
        Assert.That(count, Is.GreaterThan(88));
    }
}
