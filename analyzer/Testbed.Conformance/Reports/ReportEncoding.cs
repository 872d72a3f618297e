using System.Globalization;
using Testbed.Conformance.Json;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports;

/// <summary><c>report.json</c>: the canonical bytes of a report, the same on every machine.</summary>
public static class ReportEncoding
{
    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static byte[] Encode(RunReport report) => CanonicalJson.Write(new JsonObject
    {
        { "schema", RunReport.Schema }, { "run", Run(report.Run) }, { "claim", Claim(report.Claim) },
        { "profile", Profile(report.Profile) }, { "conclusion", Conclusion(report.Judgement.Conclusion) },
        { "requirements", List(report.Judgement.Requirements, Requirement) },
        { "totals", Totals(report.Judgement.Totals) }, { "loss", Loss(report.Loss) },
        { "clocks", List(report.Clocks, Clock) }, { "agents", List(report.Agents, Agent) },
        { "residualRisk", Text(report.ResidualRisk) },
    });

    /// <summary>The report that these bytes are; refuses what <see cref="Encode"/> would not make of it.</summary>
    /// <exception cref="CanonicalJsonException"/>
    public static RunReport Decode(ReadOnlySpan<byte> utf8)
    {
        RunReport report = ReportDecoding.Read(CanonicalJson.ParseObject(utf8));
        return utf8.SequenceEqual(Encode(report)) ? report : throw new CanonicalJsonException(
            "the report holds members of another version, or figures that do not follow from each other");
    }

    private static JsonObject Run(ReportRun run) => new()
    {
        { "id", run.Id }, { "purpose", run.Purpose }, { "startedUtc", Time(run.StartedUtc) },
        { "endedUtc", Time(run.EndedUtc) }, { "plan", run.Plan }, { "planDigest", run.PlanDigest },
        { "nonce", run.Nonce },
        { "tool", new JsonObject { { "version", run.Tool.Version }, { "commit", run.Tool.Commit } } },
    };

    private static JsonObject Claim(ReportClaim claim)
    {
        JsonObject json = new()
        {
            { "digest", claim.Digest }, { "applicant", claim.Applicant }, { "members", JsonArray.Of(claim.Members) },
            { "industries", JsonArray.Of(claim.Industries) }, { "site", claim.Site }, { "areaKm2", claim.AreaKm2 },
            { "plmn", claim.Plmn }, { "n3Protection", claim.N3Protection }, { "nat", claim.Nat },
            { "gnbs", JsonArray.Of(claim.Gnbs) }, { "upfs", JsonArray.Of(claim.Upfs) },
            { "slices", List(claim.Slices, Slice) }, { "scenarios", List(claim.Scenarios, Scenario) },
            { "consent", JsonArray.Of(claim.Consent) },
        };
        if (claim.CreditCode is { } code) json.Add("creditCode", code);
        if (claim.Province is { } province) json.Add("province", province);
        return json;
    }

    private static JsonObject Slice(ClaimedSlice slice) => new()
    {
        { "name", slice.Name }, { "snssai", slice.Snssai }, { "dnn", slice.Dnn },
        { "uePools", JsonArray.Of(slice.UePools) },
    };

    private static JsonObject Scenario(ClaimedScenario scenario)
    {
        JsonObject figures = new();
        foreach ((string key, decimal value) in scenario.Figures) figures.Add(key, value);
        return new()
        {
            { "type", scenario.Type }, { "slice", scenario.Slice }, { "to", scenario.To }, { "figures", figures },
        };
    }

    private static JsonObject Profile(ReportProfile profile) => new()
    {
        { "name", profile.Name }, { "version", profile.Version }, { "digest", profile.Digest },
    };

    private static JsonObject Conclusion(Conclusion conclusion) => new()
    {
        { "environment", conclusion.Environment.ToString() },
        { "technologies", new JsonObject
        {
            { "slicing", conclusion.Technologies.Slicing.ToString() },
            { "edge", conclusion.Technologies.Edge.ToString() },
            { "exposure", conclusion.Technologies.Exposure.ToString() },
        } },
        { "scenarios", new JsonObject
        {
            { "passed", conclusion.Scenarios.Passed }, { "needed", conclusion.Scenarios.Needed },
            { "verdict", conclusion.Scenarios.Verdict.ToString() },
            { "each", List(conclusion.Scenarios.Each, each => new JsonObject
            {
                { "type", each.Type }, { "slice", each.Slice }, { "verdict", each.Verdict.ToString() },
                { "requirements", JsonArray.Of(each.Requirements) },
            }) },
        } },
        { "security", conclusion.Security.ToString() }, { "overall", conclusion.Overall.ToString() },
    };

    private static JsonObject Requirement(RequirementResult requirement)
    {
        JsonObject json = new()
        {
            { "id", requirement.Id }, { "title", Text(requirement.Title) },
            { "verdict", requirement.Verdict.ToString() }, { "cause", Text(requirement.Cause) },
            { "kpis", List(requirement.Kpis, Kpi) }, { "evidence", JsonArray.Of(requirement.Evidence) },
            { "clause", requirement.Clause },
        };
        if (requirement.Limit is { } limit) json.Add("limit", Limit(limit));
        if (requirement.Remedy is { } remedy) json.Add("remedy", Text(remedy));
        return json;
    }

    private static JsonObject Kpi(JudgedKpi kpi)
    {
        JsonObject json = KpiResultJson.Write(kpi.Result);
        json.Add("expandedUncertainty", kpi.Result.ExpandedUncertainty);
        if (kpi.Limit is { } limit) json.Add("limit", Limit(limit));
        if (kpi.Verdict is { } verdict) json.Add("verdict", verdict.ToString());
        if (kpi.Cause is { } cause) json.Add("cause", Text(cause));
        return json;
    }

    private static JsonObject Limit(AppliedLimit limit) => new()
    {
        { "value", limit.Value }, { "unit", limit.Unit }, { "rule", limit.RuleName },
        { "source", Text(limit.Source) },
    };

    private static JsonObject Totals(IReadOnlyDictionary<Verdict, int> totals)
    {
        JsonObject json = new();
        foreach ((Verdict verdict, int count) in totals) json.Add(verdict.ToString(), count);
        return json;
    }

    private static JsonObject Loss(IReadOnlyList<TapLoss> taps)
    {
        JsonObject json = new();
        foreach (TapLoss tap in taps)
            json.Add(tap.Tap, new JsonObject
            {
                { "kit", tap.Kit }, { "captured", tap.Captured }, { "osDropped", tap.OsDropped },
                { "interfaceDropped", tap.InterfaceDropped }, { "bytes", tap.Bytes }, { "segments", tap.Segments },
            });
        return json;
    }

    private static JsonObject Clock(ReportClock clock)
    {
        JsonObject json = new()
        {
            { "kit", clock.Kit }, { "source", clock.Source }, { "bootId", clock.BootId },
            { "clockSource", clock.ClockSource },
        };
        if (clock.BoundNs is { } boundNs) json.Add("boundNs", boundNs);
        return json;
    }

    private static JsonObject Agent(ReportAgent agent)
    {
        JsonObject json = new()
        {
            { "kit", agent.Kit }, { "version", agent.Version }, { "bootId", agent.BootId },
            { "interfaces", JsonArray.Of(agent.Interfaces) },
        };
        if (agent.Problem is { } problem) json.Add("problem", Text(problem));
        return json;
    }

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonObject> write) =>
        new(items.Select(item => (JsonValue)write(item)));

    private static JsonObject Text(LocalText text) => new() { { "zh", text.Zh }, { "en", text.En } };

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
