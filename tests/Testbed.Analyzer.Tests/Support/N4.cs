using System.Net;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Analyzer.Tests.Support;

/// <summary>Builds the N4 side of sessions as an SMF and a UPF exchange them.</summary>
internal sealed class N4(CaptureFolder folder)
{
    public const string Smf = "10.100.4.10", Upf = "10.100.4.1", OtherUpf = "10.100.4.2";
    private readonly List<(long Us, byte[] Packet)> _packets = [];
    private uint _sequence;

    /// <summary>
    /// IP payload bytes of a fragment, a multiple of 8; 0 leaves messages whole. The last goes first.
    /// </summary>
    public int FragmentLength { get; set; }

    /// <summary>An accepted establishment, with the gNB's end set by a modification.</summary>
    public void Session(
        long us, string ue, uint uplinkTeid, uint downlinkTeid, byte qfi = 9, string? dnn = null, Snssai? snssai = null,
        string downlinkAddress = Packets.Gnb, string upf = Packets.Upf, string node = Upf, string? ue6 = null)
    {
        ulong seid = ++_sequence;
        PfcpMessage request = new(PfcpMessageType.SessionEstablishmentRequest, _sequence)
        {
            Seid = 0, NodeId = new NodeId(Address(Smf)), FSeid = new FSeid(seid, Address(Smf)), Dnn = dnn,
            Snssai = snssai,
        };
        PacketDetectionRule up = new(1)
        {
            SourceInterface = PfcpInterface.Access, FTeid = FTeid.ChooseOnIpv4(), FarId = 1,
            UeAddress = new UeIpAddress(Address(ue), ue6 is null ? default : Address(ue6), false),
        };
        up.Qfis.Add(qfi);
        request.CreatePdrs.Add(up);
        request.CreateFars.Add(
            new(1) { ApplyAction = ForwardingActionRule.Forward, DestinationInterface = PfcpInterface.Core });
        Send(us, Smf, node, request);
        PfcpMessage response = new(PfcpMessageType.SessionEstablishmentResponse, _sequence)
        {
            Seid = seid, NodeId = new NodeId(Address(node)), Cause = PfcpCause.RequestAccepted,
            FSeid = new FSeid(seid + 1000, Address(node)),
        };
        response.CreatedPdrs.Add(new(1) { FTeid = new FTeid(uplinkTeid, Address(upf)) });
        Send(us + 10, node, Smf, response);
        PfcpMessage change = new(PfcpMessageType.SessionModificationRequest, ++_sequence) { Seid = seid + 1000 };
        change.UpdateFars.Add(new(2)
        {
            ApplyAction = ForwardingActionRule.Forward,
            OuterHeaderCreation = OuterHeaderCreation.ToTunnel(downlinkTeid, Address(downlinkAddress)),
        });
        Send(us + 20, Smf, node, change);
        Send(us + 30, node, Smf, new(PfcpMessageType.SessionModificationResponse, _sequence)
        {
            Seid = seid, Cause = PfcpCause.RequestAccepted,
        });
    }

    /// <summary>A heartbeat of the UPF, which says when it started.</summary>
    public void Heartbeat(long us, uint started) =>
        Send(us, Upf, Smf, new(PfcpMessageType.HeartbeatRequest, ++_sequence) { RecoveryTimeStamp = started });

    /// <summary>An accepted deletion of the session that was set up as the n-th, from 1.</summary>
    public void Release(long us, int session, string node = Upf)
    {
        // Each session took two sequence numbers, and its UPF's identifier is the first of them plus 1000.
        ulong seid = (ulong)(session * 2 - 1) + 1000;
        Send(us, Smf, node, new(PfcpMessageType.SessionDeletionRequest, ++_sequence) { Seid = seid });
        Send(us + 10, node, Smf, new(PfcpMessageType.SessionDeletionResponse, _sequence)
        {
            Seid = seid, Cause = PfcpCause.RequestAccepted,
        });
    }

    /// <summary>A heartbeat that the SMF asks for.</summary>
    /// <param name="started">The UPF's recovery time stamp; null leaves the request without an answer.</param>
    public void Beat(long us, uint? started, string node = Upf)
    {
        Send(us, Smf, node, new(PfcpMessageType.HeartbeatRequest, ++_sequence) { RecoveryTimeStamp = 1 });
        if (started is { } stamp)
            Send(us + 10, node, Smf,
                new(PfcpMessageType.HeartbeatResponse, _sequence) { RecoveryTimeStamp = stamp });
    }

    /// <summary>An accepted association of the UPF with the SMF.</summary>
    public void Associate(long us, uint started)
    {
        Send(us, Upf, Smf, new(PfcpMessageType.AssociationSetupRequest, ++_sequence)
        {
            NodeId = new NodeId(Address(Upf)), RecoveryTimeStamp = started,
        });
        Send(us + 10, Smf, Upf, new(PfcpMessageType.AssociationSetupResponse, _sequence)
        {
            NodeId = new NodeId(Address(Smf)), Cause = PfcpCause.RequestAccepted, RecoveryTimeStamp = 1,
        });
    }

    /// <summary>The first half of a message, of which the rest never comes.</summary>
    public void HalfMessage(long us)
    {
        byte[] packet = Packets.Udp(Smf, Upf, new byte[64], id: 9999, 8805, 8805);
        _packets.Add((us, Packets.Fragments(packet, 32, 9999)[0]));
    }

    public TapInput Write() => folder.Write("n4.pcapng", _packets);

    private void Send(long us, string from, string to, PfcpMessage message)
    {
        byte[] payload = new byte[2048];
        int length = message.Write(payload);
        ushort id = (ushort)_packets.Count;
        byte[] packet = Packets.Udp(from, to, payload.AsSpan(0, length), id, 8805, 8805);
        if (FragmentLength == 0) _packets.Add((us, packet));
        else
            foreach (byte[] fragment in Enumerable.Reverse(Packets.Fragments(packet, FragmentLength, id)))
                _packets.Add((us, fragment));
    }

    private static HostAddress Address(string address) => HostAddress.From(IPAddress.Parse(address));
}
