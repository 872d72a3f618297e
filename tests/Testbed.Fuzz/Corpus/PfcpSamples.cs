using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Fuzz.Corpus;

/// <summary>PFCP messages of a session's life.</summary>
internal static class PfcpSamples
{
    public static List<byte[]> All()
    {
        HostAddress smf = HostAddress.Parse("10.100.4.10"), upf = HostAddress.Parse("10.100.4.1");
        PfcpMessage request = new(PfcpMessageType.SessionEstablishmentRequest, 1)
        {
            Seid = 0, NodeId = new NodeId(smf), FSeid = new FSeid(7, smf), Dnn = "internet",
            Snssai = new Snssai(1, 0x10203),
        };
        PacketDetectionRule rule = new(1)
        {
            SourceInterface = PfcpInterface.Access, FTeid = FTeid.ChooseOnIpv4(), FarId = 1,
            UeAddress = new UeIpAddress(HostAddress.Parse("10.45.0.2"), default, false),
        };
        rule.Qfis.Add(9);
        request.CreatePdrs.Add(rule);
        request.CreateFars.Add(
            new(1) { ApplyAction = ForwardingActionRule.Forward, DestinationInterface = PfcpInterface.Core });
        PfcpMessage response = new(PfcpMessageType.SessionEstablishmentResponse, 1)
        {
            Seid = 7, NodeId = new NodeId(upf), Cause = PfcpCause.RequestAccepted, FSeid = new FSeid(8, upf),
        };
        response.CreatedPdrs.Add(new(1) { FTeid = new FTeid(1, upf) });
        PfcpMessage change = new(PfcpMessageType.SessionModificationRequest, 2) { Seid = 8 };
        change.UpdateFars.Add(new(2)
        {
            ApplyAction = ForwardingActionRule.Forward, OuterHeaderCreation = OuterHeaderCreation.ToTunnel(101, smf),
        });
        return [Bytes(request), Bytes(response), Bytes(change)];
    }

    private static byte[] Bytes(PfcpMessage message)
    {
        byte[] bytes = new byte[2048];
        return bytes[..message.Write(bytes)];
    }
}
