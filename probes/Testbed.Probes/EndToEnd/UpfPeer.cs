using System.Net;
using Testbed.Probes.Sockets;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;

namespace Testbed.Probes.EndToEnd;

/// <summary>What was asked of one UPF address and what it answered.</summary>
internal sealed class UpfPeer(IPAddress address)
{
    private readonly HashSet<ushort> _echoesOpen = [];
    private readonly HashSet<uint> _teidsOpen = [];

    public IPAddress Address { get; } = address;
    public SockAddr SocketAddress { get; } = SockAddr.Create(address, GtpUHeader.Port);
    public int EchoRequests { get; private set; }
    public int EchoResponses { get; private set; }
    public int UnknownTeids { get; private set; }
    public int ErrorIndications { get; private set; }
    /// <summary>Error Indications that came to port 2152 instead of the port of the offending G-PDU.</summary>
    public int AtGtpPort { get; private set; }
    /// <summary>Error Indications that name another peer address than the one the G-PDU went to.</summary>
    public int OtherPeerAddress { get; private set; }
    public int Unexpected { get; private set; }

    /// <summary>The number of the next Echo Request, which <see cref="EchoSent"/> then counts.</summary>
    public ushort NextEcho => (ushort)EchoRequests;

    public void EchoSent() => _echoesOpen.Add((ushort)EchoRequests++);

    public void TeidSent(uint teid)
    {
        _teidsOpen.Add(teid);
        UnknownTeids++;
    }

    /// <summary>Takes a datagram from this UPF; an answer counts once, and only to what was asked.</summary>
    public void Accept(ReadOnlySpan<byte> datagram, bool atGtpPort)
    {
        if (GtpUHeader.Read(datagram, out GtpUHeader header, datagram.Length) != DecodeStatus.Ok)
        {
            Unexpected++;
            return;
        }
        if (header.MessageType == GtpUMessageType.EchoResponse && header.HasSequenceNumber
            && _echoesOpen.Remove(header.SequenceNumber))
        {
            EchoResponses++;
            return;
        }
        if (header.MessageType == GtpUMessageType.ErrorIndication
            && ErrorIndication.Read(header.Payload, out ErrorIndication indication) == DecodeStatus.Ok
            && _teidsOpen.Remove(indication.Teid))
        {
            ErrorIndications++;
            if (atGtpPort) AtGtpPort++;
            if (indication.PeerAddress != HostAddress.From(Address)) OtherPeerAddress++;
            return;
        }
        Unexpected++;
    }
}
