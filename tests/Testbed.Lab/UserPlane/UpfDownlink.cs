using Testbed.Lab.Behaviour;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;

namespace Testbed.Lab.UserPlane;

/// <summary>From N6 into tunnels. One thread.</summary>
internal sealed class UpfDownlink(
    SessionTable sessions, IReadOnlyList<N6Port> n6, LabBehaviour behaviour, DelayLine line, Ledger ledger)
    : IBatchWorker, IDisposable
{
    private readonly Egress _egress = new(line);
    private readonly PathBehaviour _path = behaviour.At(PathPoint.UpfDownlink);
    private readonly IGtpFraming _framing = behaviour.Framing;
    private readonly EventCounts _events = ledger.Events;

    public long RefusedCount => _egress.RefusedCount;

    public void Handle(ReceiveBatch batch, int count, int socket)
    {
        long startNs = DelayLine.NowNs;
        int forwarded = 0;
        for (int i = 0; i < count; i++)
            if (batch.TryGet(i, out Datagram packet) && Forward(packet, n6[socket], startNs)) forwarded++;
        _egress.Flush();
        ledger.UpfDownlink.Record(DelayLine.NowNs - startNs, forwarded);
    }

    /// <summary>True when the packet left for N3 with this batch.</summary>
    private bool Forward(in Datagram frame, N6Port port, long nowNs)
    {
        if (Ipv4Header.Read(frame.Bytes, out Ipv4Header ip) is not DecodeStatus.Ok || ip.IsSnapped)
        {
            _events.Add("upf downlink: not an IPv4 packet");
            return false;
        }
        if (!sessions.TryFindByUe(ip.DestinationBits, out UpfSession? session) || !session.N6.Contains(port))
        {
            // Its own address is the kernel's business; anything else has no session.
            _events.Add("upf downlink: no session for the destination");
            return false;
        }
        // A frame may end in padding that is no part of the packet.
        Datagram packet = frame.Slice(0, ip.TotalLength);
        return Tunnel(session, packet, nowNs);
    }

    private bool Tunnel(UpfSession session, in Datagram packet, long nowNs)
    {
        DirectionRecord record = session.Record.Downlink;
        record.UpfIn.Add(packet.Length);
        if (session.Downlink is not { } tunnel)
        {
            _events.Add("upf downlink: no tunnel yet");
            return false;
        }
        if (!Routing.TryHop(packet.Bytes))
        {
            _events.Add("upf downlink: time to live ended");
            return false;
        }
        if (!Passage.TryAdmit(
            new(session.Slice, packet.Length), _path, session.DownlinkRate, record, nowNs, out long waitNs))
            return false;
        Datagram wrapped = _framing.Wrap(
            packet, tunnel.Teid, PduSessionInformation.Downlink(session.Qfi ?? 0));
        if (!_egress.Send(wrapped, tunnel.ToGnb, waitNs, nowNs))
        {
            _events.Add("upf downlink: delay line full");
            return false;
        }
        record.UpfOut.Add(packet.Length);
        return waitNs == 0;
    }

    public void Dispose() => _egress.Dispose();
}
