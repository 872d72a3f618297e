using Testbed.Lab.Behaviour;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Radio;

/// <summary>From the UEs' interfaces into tunnels. One thread.</summary>
internal sealed class GnbUplink(
    UeTable ues, GnbSessions sessions, IReadOnlyList<RadioLeg> legs, LabBehaviour behaviour, DelayLine line,
    EventCounts events) : IBatchWorker, IDisposable
{
    private readonly Egress _egress = new(line);
    private readonly PathBehaviour _path = behaviour.At(PathPoint.GnbUplink);
    private readonly IGtpFraming _framing = behaviour.Framing;
    private readonly Modems _modems = new(behaviour.Background);
    private readonly IReadOnlyList<IUplinkInterceptor> _interceptors = behaviour.Interceptors;

    public long RefusedCount => _egress.RefusedCount;

    public void Handle(ReceiveBatch batch, int count, int socket)
    {
        long nowNs = DelayLine.NowNs;
        for (int i = 0; i < count; i++)
            if (batch.TryGet(i, out Datagram packet)) Forward(packet, legs[socket], nowNs);
        _egress.Flush();
    }

    private void Forward(in Datagram packet, RadioLeg leg, long nowNs)
    {
        if (Ipv4Header.Read(packet.Bytes, out Ipv4Header ip) is not DecodeStatus.Ok || ip.IsSnapped)
        {
            events.Add("gnb uplink: not an IPv4 packet");
            return;
        }
        // A frame may end in padding that is no part of the packet.
        Datagram whole = packet.Slice(0, ip.TotalLength);
        foreach (IUplinkInterceptor interceptor in _interceptors)
        {
            if (!interceptor.Takes(whole)) continue;
            _egress.Send(whole, leg.ToUe, 0, nowNs);
            return;
        }
        UeContext? ue = ues.FindOrAdd(_modems.UeOf(leg.Slice, ip.SourceBits), leg.Slice);
        if (ue is null) events.Add("gnb uplink: UE table full");
        else if (ue.State == UeState.Active || !sessions.Park(ue, whole.Bytes, nowNs)) Tunnel(ue, whole, nowNs);
    }

    private void Tunnel(UeContext ue, in Datagram packet, long nowNs)
    {
        (byte qfi, SendPort? port) = ue.FlowOf(packet.Bytes);
        if (port is not { } upf || ue.Record?.Uplink is not { } record) return;
        ue.LastPacketNs = nowNs;
        record.GnbIn.Add(packet.Length);
        long delayNs = _path.Decide(new(ue.Slice, packet.Length));
        if (delayNs == PathBehaviour.Lost)
        {
            record.GnbLost++;
            return;
        }
        if (delayNs > 0) record.GnbDelayed++;
        Datagram wrapped = _framing.Wrap(packet, ue.UplinkTeid, PduSessionInformation.Uplink(qfi));
        if (_egress.Send(wrapped, upf, delayNs, nowNs)) record.GnbOut.Add(packet.Length);
        else events.Add("gnb uplink: delay line full");
    }

    public void Dispose() => _egress.Dispose();
}
