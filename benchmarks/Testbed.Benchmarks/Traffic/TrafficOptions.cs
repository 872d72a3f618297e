using Testbed.Benchmarks.Traffic.Twists;

namespace Testbed.Benchmarks.Traffic;

/// <summary>Which network to make up, how it treats packets, and what its two taps keep of them.</summary>
internal sealed record TrafficOptions
{
    /// <summary>Users' packets, both directions together: about as many frames at each tap.</summary>
    public long Packets { get; init; } = 2_600_000;
    /// <summary>Tunnels as an analyzer counts them, two a session: one to the UPF, one to the gNB.</summary>
    public int Tunnels { get; init; } = 10_000;
    /// <summary>Flows of a session, 1 to 5; each is of another kind and in a QoS flow of its own.</summary>
    public int FlowsPerSession { get; init; } = 4;
    public ulong Seed { get; init; } = 1;
    /// <summary>Packets a second of capture time, on average.</summary>
    public int RatePps { get; init; } = 100_000;
    /// <summary>Share of what entered the UPF that never leaves it.</summary>
    public double LossRatio { get; init; } = 0.001;
    /// <summary>Share of sessions whose inner packets are IPv6.</summary>
    public double Ipv6Share { get; init; }
    /// <summary>Bytes kept of a frame.</summary>
    public int SnapLength { get; init; } = 256;
    /// <summary>Classic pcap instead of pcapng; then each tap needs a file of its own.</summary>
    public bool ClassicPcap { get; init; }
    /// <summary>Both taps in one pcapng file, as two interfaces.</summary>
    public bool OneFile { get; init; }
    /// <summary>In the order in which a packet meets them.</summary>
    public IReadOnlyList<ITwist> Twists { get; init; } = [];

    public int Sessions => Math.Max(1, Tunnels / 2);

    /// <summary>
    /// Packets at either end of the capture to which nothing happens, so that what is missing is never missing only
    /// because the capture was not yet, or no longer, open.
    /// </summary>
    public long CalmPackets
    {
        get
        {
            long skewNs = 0;
            foreach (ITwist twist in Twists) skewNs = Math.Max(skewNs, twist.SkewMaxNs);
            double calmSeconds = (2 * DelayModel.CapNs + skewNs) / 1e9 + 0.05;
            return Math.Min(Packets / 3, (long)(calmSeconds * RatePps) + 1);
        }
    }
}
