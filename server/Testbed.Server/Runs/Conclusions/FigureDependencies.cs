using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Server.Planning;
using Testbed.Server.Runs.Traffic;

namespace Testbed.Server.Runs.Conclusions;

/// <summary>
/// Which figures stand on which tasks. A figure whose traffic was cut short would read low, and low is what fails
/// an honest testbed: such a figure is kept, and marked as not usable, with the cause.
/// </summary>
internal static class FigureDependencies
{
    /// <summary>What each kind of test would have measured itself: KPI id and unit.</summary>
    private static readonly Dictionary<string, (string Id, string Unit)[]> Measured = new(StringComparer.Ordinal)
    {
        ["kit-ceiling"] = [("kit-ceiling-rate", "Mbit/s")],
        ["stamp-sender"] =
        [
            ("round-trip-delay-p99", "ms"), ("delay-variation-p999", "ms"), ("delivered-in-time-ratio", "1"),
            ("clock-steps", "1"),
        ],
        ["density-ramp"] = [("session-setup-success-ratio", "1"), ("density-data-success-ratio", "1")],
        ["edge-paths"] = [("edge-delay-excess", "ms")],
        ["mec-service-registry"] = [("mec-service-api-failures", "1")],
        ["mec-refusals"] = [("mec-unauthorised-accepted", "1")],
        ["mec-location"] = [("mec-location-api-failures", "1")],
        ["n3-path-management"] = [("gtpu-echo-responses", "1"), ("gtpu-error-indications", "1")],
        ["exposure-access"] = [("exposure-access-failures", "1")],
        ["exposure-refusals"] = [("exposure-unauthorised-accepted", "1"), ("exposure-expired-token-accepted", "1")],
        ["exposure-qos-life-cycle"] = [("qos-session-api-failures", "1")],
        ["exposure-discovery"] = [("capif-discovery-failures", "1")],
        ["exposure-bad-bodies"] = [("bad-request-failures", "1")],
        ["exposure-qos-loop"] = [("qos-session-loop-ratio", "1")],
        ["exposure-camara-loop"] = [("camara-session-loop-ratio", "1")],
        ["exposure-influence-loop"] = [("traffic-influence-loop-ratio", "1")],
        ["exposure-session-events"] = [("session-event-errors", "1")],
        ["session-cycle"] = [("session-event-errors", "1")],
        ["slice-admission"] = [("unsubscribed-sessions", "1"), ("admission-control-sessions", "1")],
        ["slice-reach"] = [("slice-leaks", "1"), ("slice-reach-control-ratio", "1")],
        ["slice-load"] = [("kept-rate-ratio", "1"), ("qos-mapping-mismatch-ratio", "1"), ("isolation-load-ratio", "1")],
        ["core-scan"] = [("core-services-reachable", "1")],
        ["gtpu-mutants"] = [("upf-echoes-after-mutants", "1")],
    };

    /// <summary>What a trial's sender gives the meter to look for, by the trial's kind.</summary>
    private static readonly Dictionary<string, (string Id, string Unit)[]> Trials = new(StringComparer.Ordinal)
    {
        ["spoofed-source"] = [("spoofed-packets-passed", "1")],
        ["nested-tunnel"] = [("nested-packets-passed", "1")],
        ["ue-to-ue"] = [("ue-to-ue-mismatches", "1")],
        ["unsolicited-downlink"] = [("unsolicited-downlink-mismatches", "1")],
    };

    /// <summary>Meter figures that are about the traffic of a kind of test.</summary>
    private static readonly Dictionary<string, string> Carrier = new(StringComparer.Ordinal)
    {
        ["concurrent-active-sessions"] = "density-ramp",
        ["session-density"] = "density-ramp",
        ["slices-with-traffic"] = "stamp-sender",
        ["unseen-n3-addresses"] = "stamp-sender",
        ["mirror-directions-missing"] = "stamp-sender",
        ["capture-gap-ratio"] = "stamp-sender",
        ["path-proof-ratio"] = "stamp-sender",
        ["upf-transit-p99"] = "stamp-sender",
        ["communication-service-availability"] = "stamp-sender",
        ["network-changes"] = "stamp-sender",
        ["unsubscribed-sessions"] = "slice-admission",
        ["admission-control-sessions"] = "slice-admission",
        ["slice-leaks"] = "slice-reach",
        ["slice-reach-control-ratio"] = "slice-reach",
        ["offered-rate-ratio"] = "slice-load",
        ["enforced-rate-ratio"] = "slice-load",
        ["kept-rate-ratio"] = "slice-load",
        ["qos-mapping-mismatch-ratio"] = "slice-load",
        ["five-qi-mismatch-ratio"] = "slice-load",
        ["isolation-load-ratio"] = "stamp-witness",
        ["isolation-carried-ratio"] = "stamp-witness",
        ["isolation-delay-ratio"] = "stamp-witness",
        ["isolation-added-loss"] = "stamp-witness",
        ["priority-delay-ratio"] = "stamp-witness",
        ["edge-breakout-ratio"] = "edge-paths",
        ["edge-packets-on-central-n6"] = "edge-paths",
        ["edge-data-on-central-n6"] = "edge-paths",
        ["edge-discovery-ratio"] = "edge-name",
        ["downlink-capacity-disagreement"] = "capacity-client",
        ["uplink-capacity-disagreement"] = "capacity-client",
    };

    /// <summary>What a test that did not do its work leaves behind: its figures, unmeasured, with the cause.</summary>
    public static IEnumerable<KpiResult> Unmeasured(PlanTask task, LocalText why) =>
        MeasuredBy(task).Select(each => new KpiResult
        {
            Id = each.Id, Value = 0, Low = 0, High = 0, Unit = each.Unit, Samples = 0,
            Scope = PathScope.Of(
                task.Parameters.GetValueOrDefault("slice") ?? "", task.Parameters.GetValueOrDefault("farEnd")),
            Source = $"{task.Kind}, {task.Kit}",
            NotUsable = why, NotUsableVerdict = Verdict.Inconclusive,
        });

    /// <summary>Ids of the figures that a task would have made, or given a meter to make.</summary>
    public static IReadOnlyList<string> IdsOf(PlanTask task) =>
        task.Kind == "capture" ? [.. Carrier.Keys] : [.. MeasuredBy(task).Select(each => each.Id)];

    /// <summary>
    /// A meter's figures as far as the run's traffic carries them: without a planned carrier a figure says nothing
    /// and is dropped; with a carrier or a tap that failed it is marked.
    /// </summary>
    public static IEnumerable<KpiResult> Held(IEnumerable<KpiResult> kpis, RunTraffic traffic, LocalText? gap)
    {
        foreach (KpiResult kpi in kpis)
        {
            LocalText? why = gap;
            if (Carrier.TryGetValue(kpi.Id, out string? kind))
            {
                PlanTask[] carriers = [.. traffic.Tasks.Where(task => task.Kind == kind)];
                if (carriers.Length == 0) continue;
                why ??= carriers.Select(task => traffic.OutcomeOf(task).Problem)
                    .FirstOrDefault(each => each is not null);
            }
            yield return why is null || kpi.NotUsable is not null ? kpi
                : kpi with { NotUsable = why, NotUsableVerdict = Verdict.Inconclusive };
        }
    }

    private static (string Id, string Unit)[] MeasuredBy(PlanTask task) => task.Kind switch
    {
        "capacity-client" => [($"{task["direction"]}-capacity", "Mbit/s")],
        "trial-sender" when task.Parameters.GetValueOrDefault("figure") is { Length: > 0 } figure => [(figure, "1")],
        "trial-sender" => Trials.GetValueOrDefault(task["kind"]) ?? [],
        "stamp-witness" => task["part"] == "other"
            ? [("isolation-delay-ratio", "1"), ("isolation-added-loss", "1")] : [("priority-delay-ratio", "1")],
        _ => Measured.GetValueOrDefault(task.Kind) ?? [],
    };
}
