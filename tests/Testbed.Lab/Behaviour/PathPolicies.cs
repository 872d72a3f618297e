using Testbed.Lab.Topology;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Behaviour;

/// <summary>Where in the lab a packet passes; one thread each.</summary>
internal enum PathPoint
{
    GnbUplink,
    GnbDownlink,
    UpfUplink,
    UpfDownlink,
}

/// <summary>What a policy may know of a packet.</summary>
/// <param name="InnerLength">Bytes of the UE's IP packet.</param>
/// <param name="UeAddress">As a big-endian number; 0 where nobody asks.</param>
/// <param name="Remote">IPv4 address of the far end as a big-endian number; 0 where the point does not look.</param>
internal readonly record struct PassingPacket(
    SliceAccess Slice, int InnerLength, uint UeAddress = 0, uint Remote = 0);

/// <summary>Decides which packets vanish.</summary>
internal interface ILossPolicy
{
    bool Loses(in PassingPacket packet);
}

/// <summary>Decides how much later a packet goes on.</summary>
internal interface IDelayPolicy
{
    /// <summary>Nanoseconds, 0 for none.</summary>
    long DelayNs(in PassingPacket packet);
}

/// <summary>Each packet is lost with the same probability, independently.</summary>
internal sealed class RandomLoss(double ratio, int seed) : ILossPolicy
{
    private readonly Random _random = new(seed);

    public bool Loses(in PassingPacket packet) => _random.NextDouble() < ratio;
}

/// <summary>Every packet waits equally long: a slow element.</summary>
internal sealed class FixedDelay(TimeSpan delay) : IDelayPolicy
{
    private readonly long _delayNs = (long)delay.TotalNanoseconds;

    public long DelayNs(in PassingPacket packet) => _delayNs;
}

/// <summary>A share of the packets waits, the others do not: a tail.</summary>
internal sealed class RandomDelay(double ratio, TimeSpan delay, int seed) : IDelayPolicy
{
    private readonly Random _random = new(seed);
    private readonly long _delayNs = (long)delay.TotalNanoseconds;

    public long DelayNs(in PassingPacket packet) => _random.NextDouble() < ratio ? _delayNs : 0;
}

/// <summary>Applies another policy to the packets of one slice only.</summary>
internal sealed class LossInSlice(SliceAccess slice, ILossPolicy inner) : ILossPolicy
{
    public bool Loses(in PassingPacket packet) => packet.Slice == slice && inner.Loses(packet);
}

/// <summary>Applies another policy to the packets of one slice only.</summary>
internal sealed class DelayInSlice(SliceAccess slice, IDelayPolicy inner) : IDelayPolicy
{
    public long DelayNs(in PassingPacket packet) => packet.Slice == slice ? inner.DelayNs(packet) : 0;
}

/// <summary>
/// Applies another policy to small packets only: the search for capacity counts late packets as trouble, and a fault
/// of delay is not to become one of capacity.
/// </summary>
internal sealed class DelayOfSmallPackets(int lengthMax, IDelayPolicy inner) : IDelayPolicy
{
    /// <summary>Room for an authenticated STAMP packet with its headers, 140 bytes, and some padding.</summary>
    private const int SmallMax = 256;

    public static DelayOfSmallPackets Of(IDelayPolicy inner) => new(SmallMax, inner);

    public long DelayNs(in PassingPacket packet) => packet.InnerLength <= lengthMax ? inner.DelayNs(packet) : 0;
}

/// <summary>Applies another policy to packets to and from one host.</summary>
internal sealed class DelayOfHost(string host, IDelayPolicy inner) : IDelayPolicy
{
    private readonly uint _host = HostAddress.Parse(host).Ipv4Bits;

    public long DelayNs(in PassingPacket packet) => packet.Remote == _host ? inner.DelayNs(packet) : 0;
}
