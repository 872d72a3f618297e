namespace Testbed.Conformance.Statistics;

/// <summary>
/// Intervals for a quantile from the ranks of the sorted samples; nothing is assumed of their distribution.
/// Ranks count from 1. Works on ranks, so that a histogram can be asked as well as an array.
/// </summary>
/// <remarks>H. A. David, H. N. Nagaraja, "Order Statistics", 3rd ed., §7.1.</remarks>
public static class OrderStatistics
{
    /// <summary>Rank of the sample quantile itself: ⌈quantile · samples⌉.</summary>
    public static long Rank(long samples, double quantile)
    {
        Check(samples, quantile, 0.5);
        // 0.99 · 300 is 297.00000000000006 in binary: a hair above a whole number is that number.
        return Math.Clamp((long)Math.Ceiling(quantile * samples * (1 - 1e-14)), 1, samples);
    }

    /// <summary>
    /// The smallest rank whose sample is, with one-sided <paramref name="confidence"/>, not below the quantile;
    /// null when even the largest sample is not sure enough (p99 at 95 % needs 299 samples).
    /// </summary>
    public static long? UpperRank(long samples, double quantile, double confidence = 0.95)
    {
        Check(samples, quantile, confidence);
        if (AtMost(samples - 1, samples, quantile) < confidence) return null;
        long low = 0, high = samples; // Rank `high` is sure; rank 0 never is.
        while (high - low > 1)
        {
            long middle = low + (high - low) / 2;
            if (AtMost(middle - 1, samples, quantile) >= confidence) high = middle; else low = middle;
        }
        return high;
    }

    /// <summary>
    /// The largest rank whose sample is not above the quantile, at the same confidence; null as above.
    /// </summary>
    public static long? LowerRank(long samples, double quantile, double confidence = 0.95)
    {
        // Read from the other end, the quantile's lower bound is the mirror of an upper one.
        long? mirrored = UpperRank(samples, 1 - quantile, confidence);
        return mirrored is { } rank ? samples + 1 - rank : null;
    }

    /// <summary>The fewest samples from which an upper bound of the quantile can be stated.</summary>
    public static long SamplesNeeded(decimal quantile, double confidence = 0.95) =>
        ClopperPearson.TrialsNeeded(quantile, 0, confidence);

    /// <summary>
    /// Both one-sided bounds of a quantile of sorted samples, in the samples' unit. Where the samples are too few
    /// for an end to be stated, that end is infinite: no limit can then be shown to be kept.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No samples, or quantile or confidence out of range.</exception>
    public static Bounds OneSided(ReadOnlySpan<double> sorted, double quantile, double confidence = 0.95) => new(
        LowerRank(sorted.Length, quantile, confidence) is { } low ? sorted[(int)low - 1] : double.NegativeInfinity,
        UpperRank(sorted.Length, quantile, confidence) is { } high ? sorted[(int)high - 1] : double.PositiveInfinity);

    /// <summary>P(Bin(n, p) ≤ k).</summary>
    private static double AtMost(long k, long n, double p) =>
        k < 0 ? 0 : k >= n ? 1 : IncompleteBeta.Evaluate(n - k, k + 1, 1 - p);

    private static void Check(long samples, double quantile, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        if (!(quantile is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "0 < quantile < 1");
        Confidence.Check(confidence);
    }
}
