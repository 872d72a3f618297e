namespace Testbed.Analyzer.Meters.Exposure;

/// <summary>
/// EXP-004 and EXP-008: after each call the UE's flow is on the promised QoS flow at N3, both ways, at a rate that the
/// flow allows; after the deletion it is as it was.
/// </summary>
internal sealed class QosLoopMeter : IMeter
{
    private const string Source = "qos-loop-meter";

    private static readonly Dictionary<string, LoopFigures> ByKind = new(StringComparer.Ordinal)
    {
        ["exposure-qos-loop"] = new(
            "qos-session-loop-ratio", "qos-session-activation-time", "qos-session-release-time", Source),
        ["exposure-camara-loop"] = new(
            "camara-session-loop-ratio", "camara-session-activation-time", "camara-session-release-time", Source),
    };

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { } run || !context.HasN3) return;
        foreach (ClosedLoopContext loop in run.ClosedLoops)
        {
            if (!ByKind.TryGetValue(loop.Kind, out LoopFigures? figures) || loop.Qfi is not { } qfi) continue;
            LoopPromise promise = new(true, new($" QFI {qfi}", $"QFI {qfi}"), run.ClockBoundNs)
            {
                MfbrMbps = loop.MfbrMbps, GfbrMbps = loop.GfbrMbps,
                Standstill = KitStandstill.Read(loop.StallPaths),
            };
            output.Kpis.AddRange(figures.Of(context, loop, FlowPackets.OnN3(context, loop), promise));
        }
    }
}
