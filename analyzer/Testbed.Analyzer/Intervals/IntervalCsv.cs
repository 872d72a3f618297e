using System.Globalization;

namespace Testbed.Analyzer.Intervals;

/// <summary>Writes intervals as CSV (RFC 4180): one header line with units, one line an interval, direction and slice.
/// </summary>
public static class IntervalCsv
{
    public const string Header =
        "start_utc,start_ns,interval_ms,direction,slice,n3_packets,n3_inner_rate_mbit_s,n6_packets,n6_rate_mbit_s,"
        + "matched_packets,lost_packets,loss_ratio,delay_min_us,delay_mean_us,delay_p50_us,delay_p99_us,delay_max_us";

    public static void Write(IntervalTable table, TextWriter writer)
    {
        writer.Write(Header + "\n");
        foreach (IntervalRow row in table.Rows()) writer.Write(Line(row, table.StepNs) + "\n");
    }

    private static string Line(IntervalRow row, long stepNs)
    {
        long entered = (row.Matched ?? 0) + (row.Lost ?? 0);
        DelaySummary? delay = row.DelayNs;
        return string.Join(',',
            DateTimeOffset.UnixEpoch.AddTicks(row.StartNs / TimeSpan.NanosecondsPerTick).ToString(
                "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            Number(row.StartNs), Number(stepNs / 1e6), row.Direction, Quote(row.Slice ?? ""),
            Number(row.N3?.Packets), Number(row.N3?.Bytes * 8e3 / stepNs),
            Number(row.N6?.Packets), Number(row.N6?.Bytes * 8e3 / stepNs),
            Number(row.Matched), Number(row.Lost), Number(entered == 0 ? null : (double?)row.Lost / entered),
            Number(delay?.Min / 1e3), Number(delay?.Mean / 1e3), Number(delay?.P50 / 1e3), Number(delay?.P99 / 1e3),
            Number(delay?.Max / 1e3));
    }

    // Nothing stands for what was not measured; a zero is a measured zero.
    private static string Number(double? value) => value?.ToString("0.######", CultureInfo.InvariantCulture) ?? "";

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    // What holds a comma, a quote or a line end stands in quotes.
    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
