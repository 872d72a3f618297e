namespace Testbed.Benchmarks.Traffic;

/// <summary>Where frames are seen.</summary>
internal enum Tap { N3 = 0, N6 = 1 }

/// <summary>
/// One packet of a user on its way through the UPF: everything that its frames at both taps are made of, so that
/// packets in flight cost tens of bytes and not their contents.
/// </summary>
internal struct UserPacket
{
    /// <summary>When it reaches the UPF, true time: nanoseconds since the Unix epoch.</summary>
    public long EntryNs;
    /// <summary>How long the UPF holds it, nanoseconds.</summary>
    public long DelayNs;
    /// <summary>From 0, in order of entry.</summary>
    public long Ordinal;
    /// <summary>What the payload is made of: equal numbers, equal payloads.</summary>
    public ulong Content;
    public int Session;
    /// <summary>Bytes of the inner IP packet.</summary>
    public int InnerLength;
    public uint TcpSequence, TcpAcknowledgment;
    public ushort IpId;
    /// <summary>Place in <see cref="FlowKind.All"/>; a session has one flow of a kind at most.</summary>
    public byte Kind;
    public bool IsUplink, IsIpv6;
    /// <summary>Near an end of the capture: twists leave it alone.</summary>
    public bool IsCalm;
    /// <summary>Enters the UPF and never leaves it.</summary>
    public bool IsLost;
    /// <summary>Passes the N6 tap unseen.</summary>
    public bool IsMissedOnN6;

    public readonly long ExitNs => EntryNs + DelayNs;
    public readonly Tap EntryTap => IsUplink ? Tap.N3 : Tap.N6;
    public readonly Tap ExitTap => IsUplink ? Tap.N6 : Tap.N3;
    public readonly FlowKind Application => FlowKind.All[Kind];
}
