using Testbed.Conformance.Claims;

namespace Testbed.Analyzer.Meters.Exposure;

/// <summary>
/// EXP-005: after each call the UE's uplink leaves by the edge's own N6 and no longer by the central one; after the
/// deletion it is the other way round.
/// </summary>
internal sealed class InfluenceLoopMeter : IMeter
{
    private static readonly LoopFigures FigureIds = new(
        "traffic-influence-loop-ratio", "traffic-influence-activation-time", "traffic-influence-release-time",
        "influence-loop-meter");

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { } run || !context.HasN6) return;
        HashSet<string> edge =
            [.. (context.Request.Claim?.Taps ?? []).Where(tap => tap.Point == "n6-edge").Select(NameOf)];
        if (!context.Taps.Any(tap => edge.Contains(tap.Name))) return;
        foreach (ClosedLoopContext loop in run.ClosedLoops.Where(each => each.Kind == "exposure-influence-loop"))
        {
            LoopPromise promise = new(false, new("边缘 N6", "the edge's N6"), run.ClockBoundNs)
            {
                Standstill = KitStandstill.Read(loop.StallPaths),
            };
            output.Kpis.AddRange(FigureIds.Of(
                context, loop, FlowPackets.OnN6(context, loop, tap => edge.Contains(tap.Name)), promise));
        }
    }

    private static string NameOf(Tap tap) => $"{tap.Kit}/{tap.Point}/{tap.Interface}";
}
