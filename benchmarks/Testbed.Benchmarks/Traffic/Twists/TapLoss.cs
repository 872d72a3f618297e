namespace Testbed.Benchmarks.Traffic.Twists;

/// <summary>The N6 tap misses a share of the packets that pass it. Nothing is lost but evidence.</summary>
internal sealed class TapLoss(double share, ulong seed) : ITwist
{
    private readonly SeededRandom _random = new(seed ^ 0x7A9);

    public string Name => $"tap-loss-n6 {share}";

    public void Apply(ref UserPacket packet)
    {
        if (!packet.IsCalm && _random.NextDouble() < share) packet.IsMissedOnN6 = true;
    }
}
