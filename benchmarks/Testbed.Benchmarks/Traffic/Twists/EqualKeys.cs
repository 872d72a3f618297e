namespace Testbed.Benchmarks.Traffic.Twists;

/// <summary>
/// A share of packets that only their addresses tell apart: keep-alives, equal byte for byte behind the ports, with
/// the same IP id and length.
/// </summary>
internal sealed class EqualKeys(double share, ulong seed) : ITwist
{
    private const ulong OneContent = 0x6B65_6570_616C_6976;
    private readonly SeededRandom _random = new(seed ^ 0xE9A1);

    public string Name => $"equal-keys {share}";

    public void Apply(ref UserPacket packet)
    {
        if (_random.NextDouble() >= share) return;
        packet.Kind = FlowKind.KeepAlive;
        packet.Content = OneContent;
        packet.IpId = 0;
        packet.InnerLength = packet.Application.Up.SmallMin + (packet.IsIpv6 ? 20 : 0);
    }
}
