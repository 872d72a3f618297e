using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Exposure;

/// <summary>
/// EXP-006: what MonitoringEvent told of PDU sessions against what N4 showed of them (<see cref="PduSessions"/>): every
/// event told once, none told that did not happen.
/// </summary>
internal sealed class SessionEventMeter : IMeter
{
    private const string Id = "session-event-errors";
    private const string Source = "session-event-meter";
    /// <summary>Events so close to the beginning or the end of a watch may be told or not.</summary>
    private const long EdgeNs = 1_000_000_000;
    /// <summary>How far a notification may lie behind its event.</summary>
    private const long DelayNsMax = 10_000_000_000;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { } run || context.Request.N4.Count == 0) return;
        foreach (SessionEventsContext watch in run.SessionEvents) output.Kpis.Add(Measure(context, run, watch));
    }

    private static KpiResult Measure(AnalysisContext context, RunContext run, SessionEventsContext watch)
    {
        SessionReports reports = SessionReports.Read(watch.RecordPath);
        Slice? slice = context.Request.Claim?.Slices.FirstOrDefault(each => each.Name == watch.Slice);
        List<SessionHappening> all = [.. PduSessions.Happenings(context.ControlPlane.Sessions.All)
            .Where(each => slice is null || IsIn(slice, each.Ues))];
        List<SessionHappening> happened =
            [.. all.Where(each => each.TimeNs >= reports.FromNs && each.TimeNs < reports.ToNs)];
        List<SessionHappening> told = [.. reports.All];
        List<SessionHappening> missing = [];
        foreach (SessionHappening each in happened)
        {
            int match = told.FindIndex(report => report.IsOf(each)
                && report.TimeNs >= each.TimeNs - run.ClockBoundNs - EdgeNs
                && report.TimeNs <= each.TimeNs + DelayNsMax);
            if (match >= 0) told.RemoveAt(match);
            else if (each.TimeNs >= reports.FromNs + EdgeNs && each.TimeNs < reports.ToNs - EdgeNs) missing.Add(each);
        }
        // Of an event just before the watch began N4 knows as well.
        told.RemoveAll(report => all.Any(each =>
            each.IsOf(report) && Math.Abs(each.TimeNs - reports.FromNs) < EdgeNs));
        int errors = missing.Count + told.Count + reports.Strays;
        KpiResult result = Figures.Exact(Id, errors, happened.Count, Source) with
        {
            Scope = watch.Slice,
            Evidence =
            [
                Path.GetFileName(watch.RecordPath),
                .. missing.Select(each => each.Evidence).OfType<string>().Take(Figures.EvidenceMax),
            ],
            Findings = [.. Findings(happened.Count, missing, told, reports.Strays)],
        };
        long dropped = N4Dropped(run, context);
        // What N4's tap lost cannot be held against a notification that N4 does not explain.
        return dropped > 0 && told.Count > 0 && missing.Count + reports.Strays == 0
            ? result with
            {
                NotUsable = new($"N4 采集点丢失了 {dropped} 帧", $"the tap on N4 dropped {dropped} frames"),
                NotUsableVerdict = Verdict.Inconclusive,
            }
            : result;
    }

    private static long N4Dropped(RunContext run, AnalysisContext context) => context.Request.N4
        .Sum(tap => run.CaptureCounters.TryGetValue(tap.Name, out CaptureCounters? counters) ? counters.Dropped : 0);

    private static bool IsIn(Slice slice, IReadOnlyList<HostAddress> ues) =>
        ues.Any(ue => slice.UePools.Any(pool => pool.Contains(ue.ToIPAddress())));

    private static IEnumerable<LocalText> Findings(
        int happened, List<SessionHappening> missing, List<SessionHappening> made, int strays)
    {
        if (made.Count > 0)
            yield return new(
                $"{made.Count} 个通知没有对应的会话事件，例如 {made[0].Zh}",
                $"{made.Count} notifications tell of what N4 did not show, e.g. {made[0].En}");
        if (missing.Count > 0)
            yield return new(
                $"{missing.Count} 个会话事件没有通知，例如 {missing[0].Zh}",
                $"{missing.Count} events on N4 were not told, e.g. {missing[0].En}");
        if (strays > 0)
            yield return new(
                $"{strays} 个通知无法解读或属于未知的订阅", $"{strays} notifications are unreadable or of an unknown subscription");
        yield return new($"N4 上有 {happened} 个会话事件", $"N4 showed {happened} session events");
    }
}
