using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Lab.UserPlane;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Radio;

internal enum UeState
{
    Idle,
    Establishing,
    Active,
    Releasing,
    /// <summary>Refused; packets are dropped until <see cref="UeContext.RefusedUntilNs"/>.</summary>
    Refused,
}

/// <summary>
/// One UE as its gNB knows it. The forwarding threads read an active context without a lock; every change of state,
/// and every packet of a context that is not active, is under a lock on the context.
/// </summary>
internal sealed class UeContext(SliceAccess slice, uint address)
{
    /// <summary>Packets that wait for a session: what a UE's modem would buffer.</summary>
    public const int WaitingMax = 64;

    private volatile UeState _state;
    private volatile UeFlow[] _flows = [];
    private long _lastPacketNs;

    public SliceAccess Slice { get; } = slice;
    public uint Address { get; } = address;
    public uint DownlinkTeid { get; set; }
    public uint UplinkTeid { get; set; }
    /// <summary>Flow of what no rule takes.</summary>
    public byte Qfi { get; set; }
    /// <summary>Towards the UPF; set while active.</summary>
    public SendPort? ToUpf { get; set; }
    /// <summary>N3 address of the UPF, as a big-endian number.</summary>
    public uint UpfAddress { get; set; }
    /// <summary>Flows beside the default one, the first that matches decides; replaced as a whole.</summary>
    public UeFlow[] Flows
    {
        get => _flows;
        set => _flows = value;
    }

    public TunnelRecord? Record { get; set; }
    public Queue<byte[]> Waiting { get; } = [];
    /// <summary>What its session was asked for in words; null when a packet asked.</summary>
    public AttachWish? Wish { get; set; }
    public long RefusedUntilNs { get; set; }

    public UeState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>The QoS flow that an uplink packet goes on, and the way there.</summary>
    public (byte Qfi, SendPort? ToUpf) FlowOf(ReadOnlySpan<byte> packet)
    {
        UeFlow[] flows = _flows;
        if (flows.Length == 0 || Ipv4Header.Read(packet, out Ipv4Header ip) is not DecodeStatus.Ok) return (Qfi, ToUpf);
        InnerFlow inner = InnerFlow.Of(ip, isUplink: true);
        foreach (UeFlow flow in flows)
            if (flow.Filter.Matches(inner.Protocol, inner.Ue, inner.UePort, inner.Remote, inner.RemotePort))
                return (flow.Qfi, flow.ToUpf);
        return (Qfi, ToUpf);
    }

    /// <summary>When a packet last passed in either direction, ns.</summary>
    public long LastPacketNs
    {
        get => Volatile.Read(ref _lastPacketNs);
        set => Volatile.Write(ref _lastPacketNs, value);
    }
}

/// <summary>A QoS rule, with the way to the UPF that marks its packets.</summary>
internal sealed record UeFlow(FlowDescription Filter, byte Qfi, SendPort ToUpf);
