using Testbed.Lab.Behaviour;
using Testbed.Lab.Behaviour.Security;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;

namespace Testbed.Lab.UserPlane;

/// <summary>From N6 into tunnels. One thread.</summary>
internal sealed class UpfDownlink(
    SessionTable sessions, IReadOnlyList<N6Port> n6, LabBehaviour behaviour, DelayLine line, Ledger ledger)
    : IBatchWorker, IDisposable
{
    private readonly Egress _egress = new(line, ledger.UpfDownlink);
    private readonly PathBehaviour _path = behaviour.At(PathPoint.UpfDownlink);
    private readonly IGtpFraming _framing = behaviour.Framing;
    private readonly IReadOnlyDictionary<SliceAccess, SharedLink> _links = behaviour.Links.Make(isUplink: false);
    private readonly IUpfHealth _health = behaviour.Health;
    private readonly EventCounts _events = ledger.Events;

    public long RefusedCount => _egress.RefusedCount;

    public void Handle(ReceiveBatch batch, int count, int socket)
    {
        long startNs = DelayLine.NowNs;
        for (int i = 0; i < count && _health.IsUp; i++)
        {
            if (!batch.TryGet(i, out Datagram packet)) continue;
            _egress.ArrivedUnixNs = batch.ArrivedUnixNs(i);
            Forward(packet, n6[socket], startNs);
        }
        _egress.Flush();
    }

    private void Forward(in Datagram frame, N6Port port, long nowNs)
    {
        if (Ipv4Header.Read(frame.Bytes, out Ipv4Header ip) is not DecodeStatus.Ok || ip.IsSnapped)
        {
            _events.Add("upf downlink: not an IPv4 packet");
            return;
        }
        if (!sessions.TryFindByUe(ip.DestinationBits, out UpfSession? session)
            || RuleFor(session, port, ip) is not { } rule)
        {
            // Its own address is the kernel's business; anything else has no session.
            _events.Add("upf downlink: no session for the destination");
            return;
        }
        // A frame may end in padding that is no part of the packet.
        Datagram packet = frame.Slice(0, ip.TotalLength);
        Tunnel(session, rule, packet, ip.SourceBits, nowNs);
    }

    private static FlowRule? RuleFor(UpfSession session, N6Port port, in Ipv4Header ip)
    {
        InnerFlow flow = InnerFlow.Of(ip, isUplink: false);
        foreach (FlowRule rule in session.Rules.Downlink)
            if (rule.N6.Contains(port) && rule.Takes(flow)) return rule;
        return null;
    }

    private void Tunnel(UpfSession session, FlowRule rule, in Datagram packet, uint remote, long nowNs)
    {
        DirectionRecord record = session.Record.Downlink;
        record.UpfIn.Add(packet.Length);
        if (rule.Tunnel is not { } tunnel)
        {
            _events.Add("upf downlink: no tunnel yet");
            return;
        }
        if (!Routing.TryHop(packet.Bytes))
        {
            _events.Add("upf downlink: time to live ended");
            return;
        }
        if (!Passage.TryAdmit(
            new(session.Slice, packet.Length, Remote: remote), _path, rule, _links[session.Slice], record,
            nowNs, out long waitNs))
            return;
        Datagram wrapped = _framing.Wrap(
            packet, tunnel.Teid, PduSessionInformation.Downlink(rule.Qfi ?? 0));
        if (!_egress.Send(wrapped, tunnel.ToGnb, waitNs, nowNs))
        {
            _events.Add("upf downlink: delay line full");
            return;
        }
        record.UpfOut.Add(packet.Length);
    }

    public void Dispose() => _egress.Dispose();
}
