namespace Testbed.Conformance.Statistics;

/// <param name="Deviation">Sample standard deviation (n − 1).</param>
/// <param name="Low">Lower end of the interval of the mean.</param>
/// <param name="High">Upper end of the interval of the mean.</param>
public readonly record struct MeanInterval(double Mean, double Deviation, double Low, double High);

/// <summary>Interval of a mean of few repeated runs, e.g. ten capacity searches.</summary>
/// <remarks>"Student" (W. S. Gosset), "The probable error of a mean", Biometrika 6, 1908.</remarks>
public static class StudentT
{
    /// <summary>
    /// Mean with both one-sided bounds, each at <paramref name="confidence"/>; null with fewer than two values,
    /// since one run says nothing of its own spread.
    /// </summary>
    public static MeanInterval? OneSided(ReadOnlySpan<double> values, double confidence = 0.95)
    {
        Confidence.Check(confidence);
        if (values.Length < 2) return null;
        double mean = 0, squares = 0;
        for (int i = 0; i < values.Length; i++) // Welford: no difference of two large sums.
        {
            double before = values[i] - mean;
            mean += before / (i + 1);
            squares += before * (values[i] - mean);
        }
        double deviation = Math.Sqrt(squares / (values.Length - 1));
        double half = Quantile(values.Length - 1, confidence) * deviation / Math.Sqrt(values.Length);
        return new(mean, deviation, mean - half, mean + half);
    }

    /// <summary>As <see cref="OneSided"/>, two-sided: half of the remaining probability beyond each end.</summary>
    public static MeanInterval? TwoSided(ReadOnlySpan<double> values, double confidence = 0.95)
    {
        Confidence.Check(confidence);
        return OneSided(values, (1 + confidence) / 2);
    }

    /// <summary>
    /// What a Student variable of <paramref name="freedom"/> degrees stays below with the probability.
    /// </summary>
    internal static double Quantile(double freedom, double probability)
    {
        if (probability == 0.5) return 0;
        double tail = Math.Min(probability, 1 - probability);
        double x = IncompleteBeta.Inverse(freedom / 2, 0.5, 2 * tail);
        double t = Math.Sqrt(freedom * (1 - x) / x);
        return probability < 0.5 ? -t : t;
    }
}
