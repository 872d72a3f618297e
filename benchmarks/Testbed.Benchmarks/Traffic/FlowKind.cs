using Testbed.Wire.Ip;

namespace Testbed.Benchmarks.Traffic;

/// <summary>What one kind of application sends: in which QoS flow, how often, which way and how large.</summary>
/// <param name="Weight">Share of packets among the kinds that a session has.</param>
internal sealed record FlowKind(
    string Name, byte Qfi, byte Protocol, ushort ServerPort, double Weight, double UplinkShare,
    SizeMix Up, SizeMix Down)
{
    /// <summary>Sent by every session alike, and by none without a twist that asks for it.</summary>
    public const int KeepAlive = 5;
    /// <summary>Kinds that a session may have flows of: one of each QoS flow.</summary>
    public const int Usual = 5;

    /// <remarks>
    /// Sizes are of inner IPv4 packets; the mix follows what mobile networks carry today. The ports are nobody's, or
    /// tools that look into payloads would be held up by random bytes that claim to be QUIC or CoAP.
    /// </remarks>
    public static readonly FlowKind[] All =
    [
        new("voice", 1, IpProtocol.Udp, 50_000, 0.10, 0.50,
            new(73, 101, 1, 0, 0), new(73, 101, 1, 0, 0)),
        new("call", 2, IpProtocol.Udp, 50_002, 0.15, 0.45,
            new(90, 200, 0.3, 700, 1_200), new(90, 200, 0.3, 800, 1_250)),
        new("video", 6, IpProtocol.Udp, 50_004, 0.35, 0.22,
            new(61, 90, 0.9, 300, 1_300), new(61, 400, 0.1, 1_228, 1_378)),
        new("web", 8, IpProtocol.Tcp, 50_006, 0.30, 0.42,
            new(40, 40, 0.8, 120, 1_400), new(40, 600, 0.2, 1_400, 1_400)),
        new("things", 9, IpProtocol.Udp, 50_008, 0.10, 0.60,
            new(60, 160, 1, 0, 0), new(60, 120, 1, 0, 0)),
        new("keep-alive", 9, IpProtocol.Udp, 50_010, 0, 0.50,
            new(88, 88, 1, 0, 0), new(88, 88, 1, 0, 0)),
    ];
}

/// <summary>Small packets of one range and large ones of another, both uniform; bytes of the inner packet.</summary>
internal readonly record struct SizeMix(
    int SmallMin, int SmallMax, double SmallShare, int LargeMin, int LargeMax)
{
    public int Next(SeededRandom random) => random.NextDouble() < SmallShare
        ? SmallMin + random.Next(SmallMax - SmallMin + 1)
        : LargeMin + random.Next(LargeMax - LargeMin + 1);
}
