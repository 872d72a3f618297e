using Testbed.Lab.Behaviour;
using Testbed.Lab.Control;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Radio;

/// <summary>Sessions on demand: asks for one when a UE first speaks, holds its packets meanwhile.</summary>
internal sealed class GnbSessions(
    UeTable ues, int n3Fd, LabBehaviour behaviour, Ledger ledger) : ISessionOutcome
{
    /// <summary>A UE that was refused asks again after this long.</summary>
    private static readonly long RefusalNs = (long)TimeSpan.FromSeconds(5).TotalNanoseconds;

    private readonly EventCounts _events = ledger.Events;
    private readonly Dictionary<(uint Upf, byte Dscp), SendPort> _upfPorts = [];

    /// <summary>The network side; set once before packets flow.</summary>
    public ISessionControl? Control { get; set; }

    /// <summary>
    /// Keeps a packet until the UE's session is up. False when it became active meanwhile: the caller sends.
    /// </summary>
    public bool Park(UeContext ue, ReadOnlySpan<byte> packet, long nowNs)
    {
        lock (ue)
        {
            if (ue.State == UeState.Active) return false;
            if (ue.State == UeState.Refused && nowNs < ue.RefusedUntilNs)
            {
                _events.Add("gnb uplink: session refused");
                return true;
            }
            if (ue.Waiting.Count >= UeContext.WaitingMax) _events.Add("gnb uplink: too many packets wait");
            else ue.Waiting.Enqueue(packet.ToArray());
            if (ue.State is UeState.Idle or UeState.Refused) Request(ue);
            return true;
        }
    }

    /// <summary>Asks for a session in so many words, whatever the UE is subscribed to.</summary>
    public void Attach(AttachWish wish)
    {
        if (ues.FindOrAdd(wish.UeAddress, wish.Slice) is not { } ue)
        {
            wish.Answer(0);
            return;
        }
        lock (ue)
        {
            ue.Wish = wish;
            Request(ue);
        }
    }

    /// <summary>Releases a session that was asked for in words.</summary>
    public void Detach(uint ueAddress)
    {
        if (ues.TryFind(ueAddress, out UeContext? ue)) Release(ue);
    }

    /// <summary>Releases a session; packets that come meanwhile wait and ask for a new one.</summary>
    public void Release(UeContext ue)
    {
        lock (ue)
        {
            if (ue.State != UeState.Active) return;
            ue.State = UeState.Releasing;
        }
        Control?.Release(ue.Address);
    }

    public void Established(SessionGrant grant)
    {
        if (!ues.TryFind(grant.UeAddress, out UeContext? ue)) return;
        lock (ue)
        {
            ue.UplinkTeid = grant.UplinkTeid;
            ue.Qfi = grant.Qfi;
            ue.ToUpf = PortOf(grant.UpfAddress, 0);
            ue.UpfAddress = grant.UpfAddress;
            ue.Flows = FlowsOf(ue, grant.Rules);
            ue.Record!.UplinkTeid = grant.UplinkTeid;
            ue.Record.Qfi = grant.Qfi;
            ue.Record.UpfAddress = HostAddress.FromIpv4(grant.UpfAddress).ToString();
            ue.LastPacketNs = DelayLine.NowNs;
            SendWaiting(ue);
            ue.State = UeState.Active;
            ue.Wish?.Answer(null);
        }
    }

    public void Modified(uint ueAddress, IReadOnlyList<UplinkRule> rules)
    {
        if (!ues.TryFind(ueAddress, out UeContext? ue)) return;
        lock (ue) ue.Flows = FlowsOf(ue, rules);
    }

    public void Rejected(uint ueAddress, byte cause)
    {
        if (!ues.TryFind(ueAddress, out UeContext? ue)) return;
        _events.Add($"gnb: session rejected, cause {cause}");
        lock (ue)
        {
            Forget(ue);
            ue.Waiting.Clear();
            ue.RefusedUntilNs = DelayLine.NowNs + RefusalNs;
            ue.State = UeState.Refused;
            ue.Wish?.Answer(cause);
        }
    }

    public void Released(uint ueAddress)
    {
        if (!ues.TryFind(ueAddress, out UeContext? ue)) return;
        lock (ue)
        {
            Forget(ue);
            ue.State = UeState.Idle;
            if (ue.Waiting.Count > 0) Request(ue);
        }
    }

    private void Request(UeContext ue)
    {
        ues.AssignTeid(ue);
        ue.Record = ledger.Open(ue.Slice.Name, ue.Address);
        ue.Record.DownlinkTeid = ue.DownlinkTeid;
        ue.State = UeState.Establishing;
        Control?.Establish(new(ue.Slice, ue.Address, ue.DownlinkTeid)
        {
            Dnn = ue.Wish?.Dnn, Sst = ue.Wish?.Sst, Sd = ue.Wish?.Sd,
        });
    }

    private void Forget(UeContext ue)
    {
        ues.ReleaseTeid(ue);
        if (ue.Record is { } record) ledger.Close(record);
        ue.ToUpf = null;
        ue.Flows = [];
    }

    private UeFlow[] FlowsOf(UeContext ue, IReadOnlyList<UplinkRule> rules) =>
        [.. rules.Select(rule => new UeFlow(rule.Filter, rule.Qfi, PortOf(ue.UpfAddress, rule.Dscp)))];

    private SendPort PortOf(uint upfAddress, byte dscp)
    {
        lock (_upfPorts)
        {
            if (!_upfPorts.TryGetValue((upfAddress, dscp), out SendPort? port))
                _upfPorts.Add(
                    (upfAddress, dscp), port = SendPort.ToPeer(n3Fd, new(upfAddress, Plan.GtpUPort), dscp));
            return port;
        }
    }

    /// <summary>Under the context's lock, so that no packet overtakes one that waited.</summary>
    private unsafe void SendWaiting(UeContext ue)
    {
        using SendList sends = new();
        byte* room = stackalloc byte[DelayQueue.PacketBytesMax];
        while (ue.Waiting.TryDequeue(out byte[]? packet))
        {
            const int headroom = 64;
            packet.CopyTo(new Span<byte>(room + headroom, packet.Length));
            Datagram inner = new(room + headroom, packet.Length, headroom);
            (byte qfi, SendPort? port) = ue.FlowOf(inner.Bytes);
            sends.Add(behaviour.Framing.Wrap(inner, ue.UplinkTeid, PduSessionInformation.Uplink(qfi)), port!);
            sends.Flush();
            ue.Record!.Uplink.GnbIn.Add(packet.Length);
            ue.Record.Uplink.GnbOut.Add(packet.Length);
        }
    }
}
