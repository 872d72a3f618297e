using Testbed.Analyzer.Decoding;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Meters.Crossings;

/// <summary>
/// The course of delay over time: transit through the UPF by direction, and the round trip that senders saw.
/// </summary>
internal sealed class DelaySeriesMeter : IMeter
{
    private const int StepsMax = 131_072;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        long stepNs = context.Request.Options.SeriesStepNs;
        if (context.HasBothSides)
        {
            Transit(context, PacketDirection.Uplink, stepNs, output);
            Transit(context, PacketDirection.Downlink, stepNs, output);
        }
        foreach (StampSessionContext session in context.Request.Run?.StampSessions ?? [])
        {
            List<(long, long)> points =
                [.. context.Readings.StampRows(session.RecordPath).Where(row => row.IsReturned)
                    .Select(row => (row.T1Ns, row.RoundTripNs))];
            string scope = $"{session.Slice}/{session.UeAddress}";
            Add(points, "round-trip", "ms", 1e6, Direction.RoundTrip, scope, stepNs, output);
        }
    }

    private static void Transit(AnalysisContext context, PacketDirection direction, long stepNs, MeterOutput output)
    {
        (long startNs, List<double?> p50, List<double?> p99) = context.Crossings.Transit(direction).Lines();
        if (p50.Count == 0) return;
        const double unitNs = 1e3;
        foreach ((string name, List<double?> line) in ((string, List<double?>)[])[("p50", p50), ("p99", p99)])
            output.Series.Add(new(
                $"transit-{name}", "us", Figures.Of(direction), "", startNs, stepNs,
                [.. line.Select(value => value / unitNs)]));
    }

    // Two lines, p50 and p99, with a gap where nothing was measured.
    private static void Add(
        List<(long TimeNs, long DelayNs)> points, string name, string unit, double unitNs, Direction direction,
        string scope, long stepNs, MeterOutput output)
    {
        if (points.Count == 0) return;
        points.Sort();
        long startNs = points[0].TimeNs / stepNs * stepNs;
        List<double?> median = [], high = [];
        DelayHistogram histogram = new();
        for (int i = 0; i < points.Count;)
        {
            long step = (points[i].TimeNs - startNs) / stepNs;
            if (step >= StepsMax) break;
            while (median.Count < step)
            {
                median.Add(null);
                high.Add(null);
            }
            histogram.Clear();
            for (; i < points.Count && (points[i].TimeNs - startNs) / stepNs == step; i++)
                histogram.Add(points[i].DelayNs);
            median.Add(histogram.Quantile(0.5) / unitNs);
            high.Add(histogram.Quantile(0.99) / unitNs);
        }
        output.Series.Add(new($"{name}-p50", unit, direction, scope, startNs, stepNs, median));
        output.Series.Add(new($"{name}-p99", unit, direction, scope, startNs, stepNs, high));
    }
}
