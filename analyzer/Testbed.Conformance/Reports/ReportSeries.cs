using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports;

/// <summary>A figure over the run's time, for a plot: a view, not part of the report's official bytes.</summary>
/// <param name="Unit">As in a KPI, e.g. <c>Mbit/s</c>, <c>ms</c>.</param>
/// <param name="StartUtcNs">Time of the first point, nanoseconds since 1970.</param>
/// <param name="StepMs">From point to point, milliseconds.</param>
/// <param name="Points">Null where nothing was measured: the line has a gap there.</param>
/// <param name="Tap">Tap or path, e.g. <c>n3/n3u</c>.</param>
public sealed record ReportSeries(
    LocalText Name, string Unit, long StartUtcNs, int StepMs, IReadOnlyList<decimal?> Points, string Tap,
    Direction Direction);
