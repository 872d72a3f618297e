using Testbed.Lab.Behaviour;
using Testbed.Lab.Behaviour.Security;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Lab.UserPlane;

/// <summary>From N3 to N6, and the path management of the UPF's N3 addresses. One thread.</summary>
internal sealed class UpfUplink(
    SessionTable sessions, IReadOnlyList<N3Endpoint> n3, LabBehaviour behaviour, DelayLine line, Ledger ledger)
    : IBatchWorker, IDisposable
{
    private readonly Egress _egress = new(line, ledger.UpfUplink);
    private readonly PathBehaviour _path = behaviour.At(PathPoint.UpfUplink);
    private readonly IGtpFraming _framing = behaviour.Framing;
    private readonly bool _needsQfi = behaviour.Framing.CarriesQfi;
    private readonly IReadOnlyDictionary<SliceAccess, SharedLink> _links = behaviour.Links.Make(isUplink: true);
    private readonly IReadOnlyList<IUplinkTee> _tees = behaviour.UplinkTees;
    private readonly IUpfHealth _health = behaviour.Health;
    private readonly ISourceCheck _sources = behaviour.Sources;
    private readonly IOwnTraffic _own = behaviour.OwnTraffic;
    private readonly ILocalSwitch _localSwitch = behaviour.LocalSwitch;
    private readonly EventCounts _events = ledger.Events;
    private readonly PathManagement[] _management =
        [.. n3.Select(end => new PathManagement("upf", end.Fd, end.Address, behaviour.PathAnswers, ledger.Events))];

    public long RefusedCount => _egress.RefusedCount;

    public void Handle(ReceiveBatch batch, int count, int socket)
    {
        long startNs = DelayLine.NowNs;
        for (int i = 0; i < count; i++)
        {
            if (!batch.TryGet(i, out Datagram message)) continue;
            _health.Saw(message.Bytes);
            if (!_health.IsUp) continue;
            _egress.ArrivedUnixNs = batch.ArrivedUnixNs(i);
            Receive(message, batch.SourceOf(i), socket, startNs);
        }
        _egress.Flush();
    }

    private void Receive(in Datagram message, UdpPeer source, int socket, long nowNs)
    {
        if (GtpUHeader.Read(message.Bytes, out GtpUHeader gtp, message.Length) is not DecodeStatus.Ok)
            _events.Add("upf n3: not GTP-U");
        else if (gtp.MessageType != GtpUMessageType.GPdu)
            _management[socket].Answer(gtp, source);
        // A G-PDU that no uplink rule takes is as unknown as one with a wrong TEID: real UPFs say so.
        else if (!sessions.TryFindByTeid(gtp.Teid, out UpfSession? session) || !TakesFlow(session, gtp, out byte? qfi))
            _management[socket].RefuseTeid(gtp.Teid, source);
        else
            Forward(session, qfi, message.Slice(gtp.Length, gtp.PayloadLength), socket, nowNs);
    }

    /// <param name="named">The flow that the packet names; null where flows are not told apart.</param>
    private bool TakesFlow(UpfSession session, in GtpUHeader gtp, out byte? named)
    {
        named = null;
        if (!_needsQfi) return true;
        if (!gtp.HasPduSessionContainer
            || PduSessionContainer.ReadQfi(gtp.PduSessionContent, out byte qfi, out bool isUplink)
                is not DecodeStatus.Ok
            || !isUplink)
            return Array.TrueForAll(session.Rules.Uplink, rule => rule.Qfi is null);
        named = qfi;
        foreach (FlowRule rule in session.Rules.Uplink)
            if (rule.Qfi is not { } expected || expected == qfi) return true;
        return false;
    }

    private void Forward(UpfSession session, byte? qfi, in Datagram packet, int socket, long nowNs)
    {
        if (Ipv4Header.Read(packet.Bytes, out Ipv4Header ip) is not DecodeStatus.Ok
            || !_sources.Accepts(session.UeAddress, ip.SourceBits))
        {
            _events.Add("upf uplink: source is not the session's UE");
            return;
        }
        DirectionRecord record = session.Record.Uplink;
        record.UpfIn.Add(packet.Length);
        switch (_own.Take(packet))
        {
            case OwnTraffic.Answered:
                TurnRound(session, packet, nowNs);
                return;
            case OwnTraffic.Opened:
                int headers = ip.Length + UdpHeader.LengthMin;
                Receive(packet.Slice(headers, packet.Length - headers),
                    new(ip.SourceBits, Plan.GtpUPort), socket, nowNs);
                return;
        }
        if (sessions.TryFindByUe(ip.DestinationBits, out UpfSession? other)
            && _localSwitch.Connects(session.Slice, other.Slice))
        {
            TurnRound(other, packet, nowNs);
            return;
        }
        if (RuleFor(session, qfi, ip) is not { } rule || PortFor(rule, ip.DestinationBits) is not { } port
            || !Routing.TryHop(packet.Bytes))
        {
            _events.Add("upf uplink: no way to the destination");
            record.Unrouted++;
            return;
        }
        if (!Passage.TryAdmit(
            new(session.Slice, packet.Length, Remote: ip.DestinationBits), _path, rule, _links[session.Slice],
            record, nowNs, out long waitNs))
            return;
        foreach (IUplinkTee tee in _tees) tee.See(packet, ip.DestinationBits);
        if (!_egress.Send(packet, port.ToHost, waitNs, nowNs))
        {
            _events.Add("upf uplink: delay line full");
            return;
        }
        record.UpfOut.Add(packet.Length);
    }

    /// <summary>Sends a packet down again, to the UE of a session.</summary>
    private void TurnRound(UpfSession session, in Datagram packet, long nowNs)
    {
        if (Array.Find(session.Rules.Downlink, rule => rule.Tunnel is not null) is not { Tunnel: { } tunnel } down)
            return;
        Datagram wrapped = _framing.Wrap(packet, tunnel.Teid, PduSessionInformation.Downlink(down.Qfi ?? 0));
        _egress.Send(wrapped, tunnel.ToGnb, 0, nowNs);
    }

    private static FlowRule? RuleFor(UpfSession session, byte? qfi, in Ipv4Header ip)
    {
        InnerFlow flow = InnerFlow.Of(ip, isUplink: true);
        foreach (FlowRule rule in session.Rules.Uplink)
            if ((qfi is null || rule.Qfi is null || rule.Qfi == qfi) && rule.Takes(flow)) return rule;
        return null;
    }

    private static N6Port? PortFor(FlowRule rule, uint destination)
    {
        foreach (N6Port port in rule.N6)
            if (port.LeadsTo(destination)) return port;
        return null;
    }

    public void Dispose() => _egress.Dispose();
}
