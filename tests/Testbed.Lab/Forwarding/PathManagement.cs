using Testbed.Lab.Behaviour;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Forwarding;

/// <summary>Echo, Error Indication and End Marker at one N3 address (TS 29.281 §7.2, §7.3).</summary>
internal sealed class PathManagement(string node, int fd, string address, IPathAnswers answers, EventCounts events)
{
    private readonly HostAddress _address = HostAddress.Parse(address);

    /// <summary>Handles every message but a G-PDU.</summary>
    public void Answer(in GtpUHeader message, UdpPeer source)
    {
        events.Add($"{node} n3: {message.MessageType}");
        if (message.MessageType != GtpUMessageType.EchoRequest || !answers.AnswersEcho) return;
        Span<byte> response = stackalloc byte[32];
        UdpMessage.Send(fd, source, response[..GtpUPathMessages.WriteEchoResponse(response, message.SequenceNumber)]);
    }

    /// <summary>
    /// Tells the sender of a G-PDU that its tunnel does not exist, at the port that it sent from: that is where a
    /// real UPF sends it.
    /// </summary>
    public void RefuseTeid(uint teid, UdpPeer source)
    {
        events.Add($"{node} n3: G-PDU for an unknown tunnel");
        if (!answers.ReportsUnknownTunnels) return;
        Span<byte> message = stackalloc byte[64];
        UdpMessage.Send(fd, source, message[..GtpUPathMessages.WriteErrorIndication(message, new(teid, _address))]);
    }
}
