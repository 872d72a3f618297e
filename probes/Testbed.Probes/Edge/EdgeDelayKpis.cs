using System.Globalization;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Probes.Stamp;

namespace Testbed.Probes.Edge;

/// <summary>
/// EDG-002: how much longer the p95 of the round trip to the edge is than the centre's, or than the claim's figure
/// where that is stricter; negative for an edge that is near.
/// </summary>
internal sealed class EdgeDelayKpis(EdgePathsOrder order, StampOutcome edge, StampOutcome centre, string source)
{
    private const double Quantile = 0.95;
    private const double Confidence = 0.95;
    /// <summary>Each of two quantiles errs with half the risk (Bonferroni).</summary>
    private const double Each = 1 - (1 - Confidence) / 2;
    private const decimal NsPerMs = 1_000_000m;

    private readonly RoundTripDelays _edge = new(edge, order.Edge.WaitNs);
    private readonly RoundTripDelays _centre = new(centre, order.Centre.WaitNs);

    private readonly record struct Bounds(decimal Value, decimal Low, decimal High);

    public IReadOnlyList<KpiResult> Build()
    {
        Bounds near = Of(_edge), far = Of(_centre);
        return
        [
            Excess(near, far),
            P95("edge-round-trip-p95", near, edge, order.Edge),
            P95("central-round-trip-p95", far, centre, order.Centre),
            Disturbed(),
        ];
    }

    private static Bounds Of(RoundTripDelays delays)
    {
        (long value, long low, long high) = delays.Quantile(Quantile, Each);
        return new(value / NsPerMs, low / NsPerMs, high / NsPerMs);
    }

    // The centre's lower end holds without disturbed packets, so a kit that dozes cannot make the centre far; the
    // edge's upper end holds with them.
    private KpiResult Excess(Bounds near, Bounds far)
    {
        Bounds excess = new(near.Value - far.Value, near.Low - far.High, near.High - far.Low);
        if (order.ClaimedMs is { } claimed)
            excess = new(
                Math.Max(excess.Value, near.Value - claimed), Math.Max(excess.Low, near.Low - claimed),
                Math.Max(excess.High, near.High - claimed));
        return Start("edge-delay-excess", excess) with
        {
            // The fewer packets of two ends decide how much is known of their difference.
            Samples = Math.Min(edge.Counters.Sent, centre.Counters.Sent),
            Uncertainty =
            [
                .. _edge.Uncertainty((long)(near.Value * NsPerMs)), .. _centre.Uncertainty((long)(far.Value * NsPerMs)),
            ],
            Evidence = [order.Edge.RecordName, order.Centre.RecordName],
            Findings = [Compared(near, far)],
        };
    }

    private LocalText Compared(Bounds near, Bounds far)
    {
        string claimZh = order.ClaimedMs is { } zh ? $"，申报 {Show(zh)} ms" : "";
        string claimEn = order.ClaimedMs is { } en ? $", {Show(en)} ms claimed" : "";
        return new(
            $"往返时延 p95：边缘 {Show(near)}，中心 {Show(far)} ms{claimZh}",
            $"round trip p95: edge {Show(near)}, centre {Show(far)} ms{claimEn}");
    }

    private KpiResult P95(string id, Bounds bounds, StampOutcome outcome, StampSenderOrder end) =>
        Start(id, bounds) with
        {
            Samples = outcome.Counters.Sent,
            Uncertainty = (id.StartsWith("edge", StringComparison.Ordinal) ? _edge : _centre)
                .Uncertainty((long)(bounds.Value * NsPerMs)),
            Evidence = [end.RecordName],
        };

    /// <summary>The larger share of both ends: the plan's rule for measuring again looks at it.</summary>
    private KpiResult Disturbed()
    {
        decimal share = Math.Round(Math.Max(Share(edge.Counters), Share(centre.Counters)), 9);
        return Start("edge-disturbed-share", new(share, share, share)) with
        {
            Unit = "1", Confidence = null, Samples = edge.Counters.Sent + centre.Counters.Sent,
        };

        static decimal Share(StampCounters counters) => counters.Disturbed / (decimal)Math.Max(1, counters.Sent);
    }

    private KpiResult Start(string id, Bounds bounds) => new()
    {
        Id = id, Unit = "ms", Value = bounds.Value, Low = bounds.Low, High = bounds.High, Samples = 0,
        Confidence = (decimal)Confidence, Direction = Direction.RoundTrip, Layer = Layer.Udp,
        Scope = order.Edge.Path, Source = source,
    };

    private static string Show(Bounds bounds) => $"{Show(bounds.Value)} [{Show(bounds.Low)}, {Show(bounds.High)}]";

    private static string Show(decimal ms) => ms.ToString("0.###", CultureInfo.InvariantCulture);
}
