using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;

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
    private long _lastPacketNs;

    public SliceAccess Slice { get; } = slice;
    public uint Address { get; } = address;
    public uint DownlinkTeid { get; set; }
    public uint UplinkTeid { get; set; }
    public byte Qfi { get; set; }
    /// <summary>Towards the UPF; set while active.</summary>
    public SendPort? ToUpf { get; set; }
    public TunnelRecord? Record { get; set; }
    public Queue<byte[]> Waiting { get; } = [];
    public long RefusedUntilNs { get; set; }

    public UeState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>When a packet last passed in either direction, ns.</summary>
    public long LastPacketNs
    {
        get => Volatile.Read(ref _lastPacketNs);
        set => Volatile.Write(ref _lastPacketNs, value);
    }
}
