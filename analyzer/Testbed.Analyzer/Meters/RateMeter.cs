using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Profiles;

namespace Testbed.Analyzer.Meters;

/// <summary>Bits a second of inner packets at each tap and in each direction, and their course over time.</summary>
internal sealed class RateMeter : IMeter
{
    private static readonly (RecordKind, string)[] Points = [(RecordKind.Gpdu, "n3"), (RecordKind.Plain, "n6")];

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Taps.Count == 0) return;
        long stepNs = context.Request.Options.SeriesStepNs, startNs = context.Taps.Min(tap => tap.Tally.FirstNs);
        foreach (TapCapture tap in context.Taps)
        {
            foreach ((RecordKind kind, string point) in Points)
            {
                foreach (PacketDirection direction in Figures.Directions)
                {
                    long[] bytes = tap.Profile.Rate(kind, direction).Series.ToArray();
                    if (bytes.Length == 0) continue;
                    output.Series.Add(new(
                        "rate", "Mbit/s", Figures.Of(direction), $"{point}/{tap.Name}", startNs, stepNs,
                        [.. bytes.Select(count => (double?)(count * 8000.0 / stepNs))]));
                }
            }
        }
    }

    /// <summary>Sums over all taps of one point. The largest interval is one second wide.</summary>
    public static RateFigure Figure(AnalysisContext context, RecordKind kind, PacketDirection direction)
    {
        long packets = 0, bytes = 0, first = long.MaxValue, last = long.MinValue;
        long[] sums = [];
        foreach (TapCapture tap in context.Taps)
        {
            RateAccount account = tap.Profile.Rate(kind, direction);
            ReadOnlySpan<long> ofTap = account.Seconds;
            if (ofTap.Length > sums.Length) Array.Resize(ref sums, ofTap.Length);
            for (int i = 0; i < ofTap.Length; i++) sums[i] += ofTap[i];
            packets += account.Packets;
            bytes += account.Bytes;
            (first, last) = (Math.Min(first, account.FirstNs), Math.Max(last, account.LastNs));
        }
        double seconds = last > first ? (last - first) / 1e9 : 0;
        return new(
            packets, bytes, seconds == 0 ? 0 : (long)(bytes * 8 / seconds), sums.Length == 0 ? 0 : sums.Max() * 8);
    }
}
