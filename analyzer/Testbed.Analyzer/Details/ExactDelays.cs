namespace Testbed.Analyzer.Details;

/// <summary>Quantiles by nearest rank over all samples: exact, for the price of keeping them.</summary>
internal static class ExactDelays
{
    /// <summary>Null without samples. Sorts what it is given.</summary>
    public static DelaySummary? Summary(List<long>? samples)
    {
        if (samples is not { Count: > 0 }) return null;
        samples.Sort();
        Int128 sum = 0;
        foreach (long sample in samples) sum += sample;
        return new(
            samples.Count, samples[0], (long)(sum / samples.Count), Quantile(samples, 500), Quantile(samples, 900),
            Quantile(samples, 990), Quantile(samples, 999), samples[^1]);
    }

    /// <param name="permille">In thousandths, so that no rounding of a fraction moves the rank.</param>
    public static long Quantile(List<long> sorted, int permille) =>
        sorted[(int)(((long)sorted.Count * permille + 999) / 1000) - 1];
}
