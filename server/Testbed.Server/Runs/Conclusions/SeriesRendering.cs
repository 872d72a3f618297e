using Testbed.Analyzer;
using Testbed.Conformance;
using Testbed.Conformance.Json;
using Testbed.Conformance.Reports;

namespace Testbed.Server.Runs.Conclusions;

/// <summary>The analyzer's plotted lines as the report draws them and as <c>series.json</c> holds them.</summary>
internal static class SeriesRendering
{
    private const int Decimals = 6;

    private static readonly Dictionary<string, LocalText> Names = new(StringComparer.Ordinal)
    {
        ["rate"] = new("速率", "rate"),
        ["transit-p50"] = new("UPF 时延 p50", "UPF transit p50"),
        ["transit-p99"] = new("UPF 时延 p99", "UPF transit p99"),
        ["round-trip"] = new("往返时延", "round trip"),
    };

    public static ReportSeries ForReport(Series series) => new(
        Names.GetValueOrDefault(series.Name) ?? new(series.Name, series.Name), series.Unit, series.StartNs,
        (int)(series.StepNs / 1_000_000), [.. series.Values.Select(Point)], series.Scope, series.Direction);

    public static byte[] Encode(IEnumerable<Series> all) => CanonicalJson.Write(new JsonArray(all.Select(series =>
        (JsonValue)new JsonObject
        {
            { "name", series.Name }, { "unit", series.Unit }, { "direction", series.Direction.ToString() },
            { "scope", series.Scope }, { "startNs", (decimal)series.StartNs }, { "stepNs", series.StepNs },
            { "values", new JsonArray(series.Values.Select(
                value => Point(value) is { } point ? (JsonValue)point : JsonValue.Null)) },
        })));

    private static decimal? Point(double? value) =>
        value is { } number && double.IsFinite(number) ? decimal.Round((decimal)number, Decimals) : null;
}
