namespace Testbed.Conformance.Statistics;

/// <summary>A statistical interval; both ends in the unit of the figure they speak of.</summary>
public readonly record struct Bounds(double Low, double High);

/// <summary>
/// Exact intervals for a ratio of counts: no approximation that breaks down where ratios are near 0 or 1.
/// </summary>
/// <remarks>
/// C. Clopper, E. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
/// Biometrika 26, 1934. Coverage is never below the stated confidence.
/// </remarks>
public static class ClopperPearson
{
    /// <summary>One-sided lower bound of <paramref name="successes"/> in <paramref name="trials"/>.</summary>
    /// <param name="confidence">Between 0 and 1, e.g. 0.95.</param>
    /// <returns>Between 0 and 1; 0 when there was no trial.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Counts or confidence out of range.</exception>
    public static double LowerBound(long successes, long trials, double confidence = 0.95)
    {
        Check(successes, trials, confidence);
        return Lower(successes, trials, 1 - confidence);
    }

    /// <summary>One-sided upper bound; 1 when there was no trial.</summary>
    /// <inheritdoc cref="LowerBound"/>
    public static double UpperBound(long successes, long trials, double confidence = 0.95)
    {
        Check(successes, trials, confidence);
        return Upper(successes, trials, 1 - confidence);
    }

    /// <summary>
    /// Both one-sided bounds, each at <paramref name="confidence"/>: what a verdict is decided on, since a limit is
    /// missed on one side only. As a two-sided interval its confidence is 2 · confidence − 1.
    /// </summary>
    public static Bounds OneSided(long successes, long trials, double confidence = 0.95) =>
        new(LowerBound(successes, trials, confidence), UpperBound(successes, trials, confidence));

    /// <summary>Holds the ratio with <paramref name="confidence"/>, half of the rest beyond each end.</summary>
    public static Bounds TwoSided(long successes, long trials, double confidence = 0.95) =>
        OneSided(successes, trials, (1 + confidence) / 2);

    /// <summary>
    /// How many trials with <paramref name="failures"/> failures show, at one-sided <paramref name="confidence"/>,
    /// that the ratio is at least <paramref name="ratio"/>. 99.9 % with none failed takes 2,995.
    /// </summary>
    /// <param name="ratio">Above 0 and below 1.</param>
    public static long TrialsNeeded(decimal ratio, int failures = 0, double confidence = 0.95)
    {
        if (ratio is <= 0 or >= 1) throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "0 < ratio < 1");
        ArgumentOutOfRangeException.ThrowIfNegative(failures);
        double failureRatio = (double)(1 - ratio); // Subtracted as decimals: 1 − 0.999999 is then exactly 1e-6.
        long low = failures, high = failures + 1;
        while (!Shows(high)) { low = high; high = checked(high * 2); }
        while (high - low > 1)
        {
            long middle = low + (high - low) / 2;
            if (Shows(middle)) high = middle; else low = middle;
        }
        return high;

        // P(at most `failures` in n) = I_{1−q}(n − f, f + 1) = 1 − I_q(f + 1, n − f)
        bool Shows(long n) => IncompleteBeta.Evaluate(failures + 1, n - failures, failureRatio) >= confidence;
    }

    /// <summary>As <see cref="OneSided"/> with counts that need not be whole, as of an effective sample size.</summary>
    internal static Bounds OneSidedReal(double successes, double trials, double confidence) =>
        new(Lower(successes, trials, 1 - confidence), Upper(successes, trials, 1 - confidence));

    private static double Lower(double successes, double trials, double alpha)
    {
        if (successes <= 0) return 0;
        if (successes >= trials) return Math.Exp(Math.Log(alpha) / trials);
        return IncompleteBeta.Inverse(successes, trials - successes + 1, alpha);
    }

    private static double Upper(double successes, double trials, double alpha)
    {
        if (successes >= trials) return 1;
        return IncompleteBeta.Inverse(successes + 1, trials - successes, 1 - alpha);
    }

    private static void Check(long successes, long trials, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        Confidence.Check(confidence);
    }
}
