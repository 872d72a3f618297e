using System.Globalization;
using System.Text;

namespace Testbed.Conformance.Reports.Html;

/// <summary>A series as the path of a line, with a gap wherever nothing was measured.</summary>
internal static class SeriesLine
{
    /// <remarks>Two points a column: an hour at 10 ms becomes no longer than a minute at 100 ms.</remarks>
    private const int ColumnsMax = 600;

    public static string Path(ReportSeries line, long startNs, Axis x, Axis y)
    {
        StringBuilder path = new();
        bool down = false;
        foreach ((int index, double? value) in Columns(line))
        {
            if (value is { } measured)
            {
                double seconds = Seconds(line, startNs) + index * line.StepMs / 1000.0;
                path.Append(CultureInfo.InvariantCulture,
                    $"{(down ? 'L' : 'M')}{x.Place(seconds):0.##} {y.Place(measured):0.##}");
                // A point with gaps on both sides is a line without length, which round caps make a dot.
                if (!down) path.Append("h0");
            }
            down = value is not null;
        }
        return path.ToString();
    }

    public static double Seconds(ReportSeries line, long startNs) => (line.StartUtcNs - startNs) / 1e9;

    /// <summary>The points, or both extremes of each column when there are more points than pixels.</summary>
    private static IEnumerable<(int Index, double? Value)> Columns(ReportSeries line)
    {
        int count = line.Points.Count, size = Math.Max(1, (count + ColumnsMax - 1) / ColumnsMax);
        for (int from = 0; from < count; from += size)
        {
            (int low, int high) = Extremes(line.Points, from, Math.Min(from + size, count));
            int first = Math.Min(low, high), second = Math.Max(low, high);
            yield return first < 0 ? (from, null) : (first, (double)line.Points[first]!.Value);
            if (second > first) yield return (second, (double)line.Points[second]!.Value);
        }
    }

    private static (int Low, int High) Extremes(IReadOnlyList<decimal?> points, int from, int to)
    {
        (int low, int high) = (-1, -1);
        for (int i = from; i < to; i++)
        {
            if (points[i] is not { } point) continue;
            if (low < 0 || point < points[low]) low = i;
            if (high < 0 || point > points[high]) high = i;
        }
        return (low, high);
    }
}
