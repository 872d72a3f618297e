namespace Testbed.Analyzer.Matching.Clocks;

/// <summary>One point that bounds the clocks' difference: from above (uplink) or from below (downlink).</summary>
/// <param name="Seconds">From the middle of the capture.</param>
/// <param name="Ns">The difference is at most, or at least, this.</param>
internal readonly record struct ClockBound(double Seconds, double Ns);

/// <summary>
/// All straight lines, difference of two clocks over time, that run below every upper and above every lower bound: the
/// feasible set of a linear program in two unknowns, after Moon, Skelly and Towsley, "Estimation and removal of clock
/// skew from network delay measurements" (INFOCOM 1999), here with bounds from both sides.
/// </summary>
internal readonly record struct ClockLine(double OffsetMin, double OffsetMax, double DriftMin, double DriftMax)
{
    /// <summary>Nanoseconds a second; no clock in service is further off.</summary>
    /// <remarks>The Linux kernel slews by at most 500 ppm (adjtimex(2)).</remarks>
    public const double DriftLimit = 500_000;
    private const int Steps = 200;

    /// <summary>Null when no line fits. Offsets hold at second 0.</summary>
    public static ClockLine? Fit(ReadOnlySpan<ClockBound> upper, ReadOnlySpan<ClockBound> lower)
    {
        (double driftMin, double driftMax) = (-DriftLimit, DriftLimit);
        foreach (ClockBound high in upper)
        {
            foreach (ClockBound low in lower)
            {
                // low.Ns - drift * low.Seconds <= offset <= high.Ns - drift * high.Seconds
                double room = high.Ns - low.Ns, apart = high.Seconds - low.Seconds;
                if (apart > 0) driftMax = Math.Min(driftMax, room / apart);
                else if (apart < 0) driftMin = Math.Max(driftMin, room / apart);
                else if (room < 0) return null;
            }
        }
        if (driftMin > driftMax) return null;
        double max = Extreme(upper, driftMin, driftMax, 1), min = -Extreme(lower, driftMin, driftMax, -1);
        return new(min, max, driftMin, driftMax);
    }

    // The largest offset over all drifts: the least of the bounds is a concave function of the drift. Lower bounds
    // are upper ones upside down.
    private static double Extreme(ReadOnlySpan<ClockBound> bounds, double driftMin, double driftMax, int sign)
    {
        (double low, double high) = (driftMin, driftMax);
        for (int i = 0; i < Steps; i++)
        {
            double left = low + (high - low) / 3, right = high - (high - low) / 3;
            if (Least(bounds, left, sign) < Least(bounds, right, sign)) low = left;
            else high = right;
        }
        return Least(bounds, (low + high) / 2, sign);
    }

    private static double Least(ReadOnlySpan<ClockBound> bounds, double drift, int sign)
    {
        double least = double.PositiveInfinity;
        foreach (ClockBound bound in bounds) least = Math.Min(least, sign * (bound.Ns - drift * bound.Seconds));
        return least;
    }
}
