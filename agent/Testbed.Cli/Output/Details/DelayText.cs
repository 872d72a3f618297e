using Testbed.Analyzer;

namespace Testbed.Cli.Output.Details;

/// <summary>Delays as people read them.</summary>
internal static class DelayText
{
    /// <summary>Nanoseconds as microseconds; a dash for none.</summary>
    public static string Us(long? ns) => ns is { } known ? $"{known / 1000.0:N1}" : "-";

    /// <summary>Of a summary in nanoseconds, in microseconds.</summary>
    public static string Us(DelaySummary delay) => Line(delay, ns => Us(ns));

    public static string Whole(DelaySummary delay) => Line(delay, value => $"{value:N0}");

    private static string Line(DelaySummary delay, Func<long, string> text) => string.Join("  ",
        Part("n", $"{delay.Samples:N0}"), Part("min", text(delay.Min)), Part("p50", text(delay.P50)),
        Part("p99", text(delay.P99)), Part("max", text(delay.Max)));

    /// <summary>A figure that stays beside its name.</summary>
    public static string Part(string name, string value) => $"{name}{FactLines.Joint}{value}";
}
