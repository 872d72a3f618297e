namespace Testbed.Benchmarks.Traffic;

/// <summary>
/// How long a UPF holds a packet: a log-normal body, as queues of a lightly loaded forwarder give, and now and then a
/// Pareto tail, as a scheduler that was elsewhere gives.
/// </summary>
internal sealed class DelayModel(SeededRandom random)
{
    /// <summary>No packet is held longer, so that a capture's calm ends can be told.</summary>
    public const long CapNs = 80_000_000;
    private const double FloorNs = 8_000;
    private const double BodyMedianNs = 45_000;
    private const double BodySigma = 0.5;
    private const double TailShare = 0.02;
    private const double TailStartNs = 300_000;
    private const double TailExponent = 1.2;

    public long NextNs()
    {
        double delay = random.NextDouble() < TailShare
            ? TailStartNs * Math.Pow(1 - random.NextDouble(), -1 / TailExponent)
            : FloorNs + BodyMedianNs * Math.Exp(BodySigma * random.NextNormal());
        return (long)Math.Min(delay, CapNs);
    }
}
