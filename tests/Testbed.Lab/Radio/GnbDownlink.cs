using Testbed.Lab.Behaviour;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Radio;

/// <summary>From tunnels to the UEs' interfaces, and the path management of the gNB's N3 address. One thread.</summary>
internal sealed class GnbDownlink(
    UeTable ues, IReadOnlyList<RadioLeg> legs, int n3Fd, LabBehaviour behaviour, DelayLine line, EventCounts events)
    : IBatchWorker, IDisposable
{
    private readonly Egress _egress = new(line);
    private readonly PathBehaviour _path = behaviour.At(PathPoint.GnbDownlink);
    private readonly PathManagement _management = new("gnb", n3Fd, Plan.GnbN3, new StandardAnswers(), events);
    private readonly Dictionary<SliceAccess, SendPort> _toUe = legs.ToDictionary(leg => leg.Slice, leg => leg.ToUe);

    public long RefusedCount => _egress.RefusedCount;

    public void Handle(ReceiveBatch batch, int count, int socket)
    {
        long nowNs = DelayLine.NowNs;
        for (int i = 0; i < count; i++)
            if (batch.TryGet(i, out Datagram message)) Receive(message, batch.SourceOf(i), nowNs);
        _egress.Flush();
    }

    private void Receive(in Datagram message, UdpPeer source, long nowNs)
    {
        if (GtpUHeader.Read(message.Bytes, out GtpUHeader gtp, message.Length) is not DecodeStatus.Ok)
        {
            events.Add("gnb n3: not GTP-U");
            return;
        }
        if (gtp.MessageType != GtpUMessageType.GPdu) _management.Answer(gtp, source);
        else if (ues.TryFindByTeid(gtp.Teid, out UeContext? ue)) Deliver(ue, message, gtp, nowNs);
        else _management.RefuseTeid(gtp.Teid, source);
    }

    private void Deliver(UeContext ue, in Datagram message, in GtpUHeader gtp, long nowNs)
    {
        Datagram packet = message.Slice(gtp.Length, gtp.PayloadLength);
        // A context that is being set up has no record yet; nothing can have been sent to it by an honest UPF.
        if (ue.Record?.Downlink is not { } record
            || Ipv4Header.Read(packet.Bytes, out Ipv4Header ip) is not DecodeStatus.Ok
            || ip.DestinationBits != ue.Address)
        {
            events.Add("gnb downlink: not for this UE");
            return;
        }
        ue.LastPacketNs = nowNs;
        record.GnbIn.Add(packet.Length);
        long delayNs = _path.Decide(new(ue.Slice, packet.Length, ue.Address));
        if (delayNs == PathBehaviour.Lost)
        {
            record.GnbLost++;
            return;
        }
        if (delayNs > 0) record.GnbDelayed++;
        if (_egress.Send(packet, _toUe[ue.Slice], delayNs, nowNs)) record.GnbOut.Add(packet.Length);
        else events.Add("gnb downlink: delay line full");
    }

    public void Dispose() => _egress.Dispose();
}
