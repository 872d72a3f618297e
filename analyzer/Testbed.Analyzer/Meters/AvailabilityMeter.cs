using System.Globalization;
using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Conformance.Statistics;

namespace Testbed.Analyzer.Meters;

/// <summary>
/// SCN-REL-002: the share of time in which the service was up, by the survival time that the claim states
/// (TS 22.104 annex C): from the records of the delay test, message by message.
/// </summary>
internal sealed class AvailabilityMeter : IMeter
{
    private const string Id = "communication-service-availability";
    private const string Source = "availability-meter";
    private const double Confidence = 0.95;
    private const long NsPerMs = 1_000_000;
    /// <summary>No stream of a plan pauses so long: between such stamps the kit's clock was set.</summary>
    private const long StepNsMax = 60_000 * NsPerMs;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request is not { Run: { } run, Claim: { } claim }) return;
        foreach (Scenario scenario in claim.Scenarios)
        {
            if (scenario.Type != ClaimWords.HighReliability || !scenario.Figures.ContainsKey("availability")) continue;
            if (Longest(run.StampSessions) is not { } deciding) continue;
            long survivalNs = (long)(scenario.Figures.GetValueOrDefault("survivalMs") * NsPerMs);
            IEnumerable<OtherAttempt> others =
                from session in run.OtherStampSessions
                where IsOf(session)
                let other = Figure(session, context.Readings.StampRows(session.RecordPath), survivalNs)
                where other.NotUsable is null
                select new OtherAttempt(other.Low, other.High, 0, Path.GetFileName(session.RecordPath));
            output.Kpis.Add(Figure(deciding.Session, deciding.Rows, survivalNs) with { OtherAttempts = [.. others] });

            bool IsOf(StampSessionContext session) =>
                session.Path == PathScope.Of(scenario.Slice, scenario.To) && claim.Endpoints.Any(
                    end => end.Role == scenario.To && end.Address.Equals(session.RemoteAddress));

            // The stream that the plan made for reliability is the longest; others serve other questions.
            (StampSessionContext Session, IReadOnlyList<StampRow> Rows)? Longest(
                IEnumerable<StampSessionContext> sessions)
            {
                (StampSessionContext, IReadOnlyList<StampRow>)? longest = null;
                int most = 0;
                foreach (StampSessionContext session in sessions.Where(IsOf))
                {
                    IReadOnlyList<StampRow> rows = context.Readings.StampRows(session.RecordPath);
                    if (rows.Count <= most || context.IsOverloaded(rows[0].T1Ns)) continue;
                    (longest, most) = ((session, rows), rows.Count);
                }
                return longest;
            }
        }
    }

    private static KpiResult Figure(StampSessionContext session, IReadOnlyList<StampRow> rows, long survivalNs)
    {
        KpiResult nothing = Figures.Nothing(Id, Source, new(
            "申报了可用性而未申报生存时间（survivalMs），无法判断服务何时中断",
            "the claim states an availability and no survival time (survivalMs), so nobody can say when service ends"))
            with { Scope = session.Path };
        if (survivalNs <= 0) return nothing;
        if (rows.Zip(rows.Skip(1)).Any(pair => pair.First.T1Ns <= 0
            || pair.Second.T1Ns - pair.First.T1Ns is > StepNsMax or < -StepNsMax))
            return nothing with
            {
                NotUsable = new("套件时钟在测试中被改动，无法计时",
                    "the kit's clock was set during the test, so time cannot be told"),
            };
        ServiceState all = new(survivalNs), proven = new(survivalNs);
        foreach (StampRow row in rows)
        {
            // A UE that lost its session has no way out, and its kernel says so: that may be the network's outage as
            // well as the kit's.
            bool isDelivered = row.Status == "answered";
            all.Take(row.T1Ns, isDelivered);
            // As with reliability: what a kit may have caused can stand against a pass and cannot fail a network.
            if (isDelivered || IsProvenMissing(row, session.DeadlineNs)) proven.Take(row.T1Ns, isDelivered);
        }
        all.Finish();
        proven.Finish();
        if (all.Samples.Packets == 0)
            return nothing with
            {
                NotUsable = new("测试短于一个生存时间", "the test is shorter than one survival time"),
            };
        decimal value = Rounded(1 - all.DownNs / (double)all.ObservedNs);
        Bounds bounds = all.Samples.DeliveredRatio(Confidence);
        double high = proven.Samples.Packets == 0 ? 1
            : Math.Max(bounds.High, proven.Samples.DeliveredRatio(Confidence).High);
        return new()
        {
            Id = Id, Value = value, Low = Math.Min(value, Rounded(bounds.Low)), High = Math.Max(value, Rounded(high)),
            Unit = "1", Samples = all.Samples.Packets, Direction = Direction.RoundTrip, Layer = Layer.Udp,
            Confidence = (decimal)Confidence, Scope = session.Path, Source = Source,
            Evidence = [Path.GetFileName(session.RecordPath)], Findings = [Finding(all, survivalNs)],
        };
    }

    private static bool IsProvenMissing(in StampRow row, long deadlineNs) => row.Status switch
    {
        "late" => row.AtLeastNs > deadlineNs,
        "lost" => !row.IsDisturbed,
        _ => false,
    };

    private static LocalText Finding(ServiceState state, long survivalNs)
    {
        string survival = Ms(survivalNs), down = Ms(state.DownNs), longest = Ms(state.LongestDownNs);
        string observed = Ms(state.ObservedNs);
        return state.Interruptions == 0
            ? new($"{observed} ms 内未有超过生存时间 {survival} ms 的中断",
                $"nothing in {observed} ms outlasted the survival time of {survival} ms")
            : new(
                $"{observed} ms 内中断 {state.Interruptions} 次，超出生存时间 {survival} ms 后共不可用 {down} ms，最长 {longest} ms",
                $"{state.Interruptions} interruptions in {observed} ms outlasted the survival time of {survival} ms: "
                    + $"down for {down} ms, at most {longest} ms at a time");
    }

    private static string Ms(long ns) => (ns / (decimal)NsPerMs).ToString("0.#", CultureInfo.InvariantCulture);

    private static decimal Rounded(double ratio) => Math.Round((decimal)Math.Clamp(ratio, 0, 1), 12);
}
