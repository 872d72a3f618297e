namespace Testbed.Conformance.Statistics;

/// <summary>
/// Losses in the order of sending, counted as they come: how strongly one loss foretells the next, and the
/// interval of the delivered ratio that takes account of it. Constant memory; late counts as lost.
/// </summary>
/// <remarks>
/// Packets of one outage are one event, not many: an interval that treats them as independent is too narrow in
/// both directions and may pass or fail by chance. A run of lost packets with fewer than <see cref="GapMin"/>
/// delivered ones inside counts as one burst (RFC 3611 §4.7.2, Gmin = 16).
/// </remarks>
public sealed class LossSequence
{
    public const int GapMin = 16;

    private long _burstPackets, _delivered;
    private double _burstSquares;
    private bool _previousLost;

    public long Packets { get; private set; }
    public long Lost { get; private set; }
    /// <summary>Maximal runs of consecutive losses.</summary>
    public long Runs { get; private set; }
    public long Bursts { get; private set; }
    /// <summary>Losses of the burst with the most of them.</summary>
    public long BurstLostMax { get; private set; }

    public void Add(bool lost)
    {
        Packets++;
        if (!lost)
        {
            _delivered++;
            _previousLost = false;
            return;
        }
        Lost++;
        if (!_previousLost) Runs++;
        if (_burstPackets == 0 || _delivered >= GapMin)
        {
            CloseBurst();
            Bursts++;
        }
        _burstPackets++;
        BurstLostMax = Math.Max(BurstLostMax, _burstPackets);
        _delivered = 0;
        _previousLost = true;
    }

    /// <summary>The same as so many calls with a packet that was not lost.</summary>
    public void AddDelivered(long count)
    {
        if (count <= 0) return;
        Packets += count;
        _delivered += count;
        _previousLost = false;
    }

    /// <summary>
    /// Correlation of a packet's loss with the next one's: 0 when independent, 1 when losses never part.
    /// </summary>
    public double LagOneCorrelation
    {
        get
        {
            if (Packets < 2 || Lost == 0 || Lost == Packets) return 0;
            double ratio = (double)Lost / Packets, pairs = (double)(Lost - Runs) / (Packets - 1);
            return (pairs - ratio * ratio) / (ratio * (1 - ratio));
        }
    }

    /// <summary>
    /// Probability that independent losses fall into as few runs or fewer (one-sided, exact). Below 0.05 the losses
    /// come in bursts. Exact because with two losses in a million packets no normal approximation holds.
    /// </summary>
    /// <remarks>A. Wald, J. Wolfowitz, "On a test whether two samples are from the same population", 1940.</remarks>
    public double BurstProbability
    {
        get
        {
            if (Lost < 2 || Lost == Packets) return 1;
            double sum = 0;
            long received = Packets - Lost;
            double all = LogChoose(Packets, Lost);
            // P(runs = r) = C(L − 1, r − 1) · C(R + 1, r) / C(L + R, L)
            for (long r = Runs; r >= 1; r--)
            {
                double term = Math.Exp(LogChoose(Lost - 1, r - 1) + LogChoose(received + 1, r) - all);
                sum += term;
                if (term < sum * 1e-12 && r * (double)Packets < Lost * (double)received) break; // Beyond the mode.
            }
            return Math.Min(1, sum);
        }
    }

    /// <summary>True when losses come in bursts at 95 %, by the exact test of runs.</summary>
    public bool Bursty => BurstProbability < 0.05;

    /// <summary>
    /// How many packets count as one independent event: the mean burst, weighted by its own length
    /// (Σ m² / Σ m over bursts of m losses; the variance of a compound Poisson count over that of a plain one).
    /// 1 when losses are not bursty.
    /// </summary>
    public double BlockPackets
    {
        get
        {
            if (!Bursty) return 1;
            return (_burstSquares + (double)_burstPackets * _burstPackets) / Lost;
        }
    }

    /// <summary>
    /// One-sided bounds, each at <paramref name="confidence"/>, of the ratio delivered. Bursty losses are tested in
    /// blocks: counts are divided by <see cref="BlockPackets"/> before the exact interval is taken.
    /// </summary>
    /// <remarks>
    /// E. Korn, B. Graubard, "Confidence intervals for proportions with small expected number of positive counts
    /// estimated from survey data", Survey Methodology 24, 1998: Clopper–Pearson at the effective sample size.
    /// </remarks>
    public Bounds DeliveredRatio(double confidence = 0.95)
    {
        Confidence.Check(confidence);
        double block = BlockPackets;
        return ClopperPearson.OneSidedReal((Packets - Lost) / block, Packets / block, confidence);
    }

    private void CloseBurst()
    {
        _burstSquares += (double)_burstPackets * _burstPackets;
        _burstPackets = 0;
    }

    private static double LogChoose(long n, long k) => k < 0 || k > n
        ? double.NegativeInfinity
        : IncompleteBeta.LogFactorial(n) - IncompleteBeta.LogFactorial(k) - IncompleteBeta.LogFactorial(n - k);
}
