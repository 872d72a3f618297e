using System.Globalization;

namespace Testbed.Agent.Clocks;

/// <summary>
/// Reads the line of <c>chronyc -c tracking</c>: reference, address, stratum, reference time, system offset, last
/// offset, RMS offset, frequency, residual, skew, root delay, root dispersion, update interval, leap status.
/// </summary>
internal static class ChronyTracking
{
    private const int SystemOffset = 4, RootDelay = 10, RootDispersion = 11, LeapStatus = 13, Columns = 14;

    /// <summary>|offset| + root dispersion + root delay / 2, in nanoseconds, rounded up; null when chrony is not
    /// synchronised or the line is not what it should be.</summary>
    /// <remarks>RFC 5905 §11.2: the root distance; chrony(1), "tracking", gives the same sum.</remarks>
    public static long? BoundNs(string line)
    {
        string[] columns = line.Split(',');
        if (columns.Length < Columns || columns[LeapStatus].Trim() is "Not synchronised" or "") return null;
        if (!Seconds(columns[SystemOffset], out decimal offset) || !Seconds(columns[RootDelay], out decimal delay)
            || !Seconds(columns[RootDispersion], out decimal dispersion)) return null;
        if (delay < 0 || dispersion < 0) return null;
        decimal boundSeconds = Math.Abs(offset) + dispersion + delay / 2;
        return boundSeconds > 1_000_000 ? null : (long)Math.Ceiling(boundSeconds * 1_000_000_000m);
    }

    private static bool Seconds(string text, out decimal seconds) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds)
        && Math.Abs(seconds) < 10_000_000_000m;
}
