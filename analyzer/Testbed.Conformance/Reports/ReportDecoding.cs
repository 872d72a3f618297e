using System.Globalization;
using Testbed.Conformance.Json;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports;

/// <summary>The way back from <c>report.json</c>; whether the bytes are the report's own is for the caller.</summary>
internal static class ReportDecoding
{
    public static RunReport Read(JsonObject json)
    {
        if (json.GetString("schema") is var schema && schema != RunReport.Schema)
            throw new CanonicalJsonException($"the schema is \"{schema}\", this program reads \"{RunReport.Schema}\"");
        return new()
        {
            Run = Run(json.GetObject("run")),
            Claim = Claim(json.GetObject("claim")),
            Profile = Profile(json.GetObject("profile")),
            Judgement = new()
            {
                Conclusion = Conclusion(json.GetObject("conclusion")),
                Requirements = [.. json.GetObjects("requirements").Select(Requirement)],
            },
            Loss = Loss(json.GetObject("loss")),
            Clocks = [.. json.GetObjects("clocks").Select(Clock)],
            Agents = [.. json.GetObjects("agents").Select(Agent)],
            ResidualRisk = Text(json.GetObject("residualRisk")),
        };
    }

    private static ReportRun Run(JsonObject json) => new(
        json.GetString("id"), json.GetString("purpose"), Time(json, "startedUtc"), Time(json, "endedUtc"),
        json.GetString("plan"), json.GetString("planDigest"), json.GetString("nonce"),
        new ReportTool(json.GetObject("tool").GetString("version"), json.GetObject("tool").GetString("commit")));

    private static ReportClaim Claim(JsonObject json) => new()
    {
        Digest = json.GetString("digest"),
        Applicant = json.GetString("applicant"),
        CreditCode = json.GetStringOrNull("creditCode"),
        Province = json.GetStringOrNull("province"),
        Members = json.GetStrings("members"),
        Industries = json.GetStrings("industries"),
        Site = json.GetString("site"),
        AreaKm2 = json.GetDecimal("areaKm2"),
        Plmn = json.GetString("plmn"),
        N3Protection = json.GetString("n3Protection"),
        Nat = json.GetString("nat"),
        Gnbs = json.GetStrings("gnbs"),
        Upfs = json.GetStrings("upfs"),
        Slices = [.. json.GetObjects("slices").Select(slice => new ClaimedSlice(slice.GetString("name"),
            slice.GetString("snssai"), slice.GetString("dnn"), slice.GetStrings("uePools")))],
        Scenarios = [.. json.GetObjects("scenarios").Select(Scenario)],
        Consent = json.GetStrings("consent"),
    };

    private static ClaimedScenario Scenario(JsonObject json)
    {
        JsonObject figures = json.GetObject("figures");
        return new(json.GetString("type"), json.GetString("slice"), json.GetString("to"),
            figures.Keys.ToDictionary(key => key, figures.GetDecimal));
    }

    private static ReportProfile Profile(JsonObject json) =>
        new(json.GetString("name"), json.GetString("version"), json.GetString("digest"));

    private static Conclusion Conclusion(JsonObject json)
    {
        JsonObject technologies = json.GetObject("technologies"), scenarios = json.GetObject("scenarios");
        return new(json.GetName<Verdict>("environment"),
            new Technologies(technologies.GetName<Verdict>("slicing"), technologies.GetName<Verdict>("edge"),
                technologies.GetName<Verdict>("exposure")),
            new ScenarioConclusion(Count(scenarios, "passed"), Count(scenarios, "needed"),
                [.. scenarios.GetObjects("each").Select(each => new ScenarioResult(each.GetString("type"),
                    each.GetString("slice"), each.GetName<Verdict>("verdict"), each.GetStrings("requirements")))],
                scenarios.GetName<Verdict>("verdict")),
            json.GetName<Verdict>("security"), json.GetName<Verdict>("overall"));
    }

    private static RequirementResult Requirement(JsonObject json) => new()
    {
        Id = json.GetString("id"),
        Title = Text(json.GetObject("title")),
        Verdict = json.GetName<Verdict>("verdict"),
        Cause = Text(json.GetObject("cause")),
        Kpis = [.. json.GetObjects("kpis").Select(kpi => new JudgedKpi(KpiResultJson.Read(kpi), Limit(kpi),
            kpi.TryGet("verdict", out _) ? kpi.GetName<Verdict>("verdict") : null, TextOrNull(kpi, "cause")))],
        Limit = Limit(json),
        Evidence = json.GetStrings("evidence"),
        Remedy = TextOrNull(json, "remedy"),
        Clause = json.GetString("clause"),
    };

    private static AppliedLimit? Limit(JsonObject of)
    {
        if (of.GetObjectOrNull("limit") is not { } json) return null;
        LimitRule rule = json.GetString("rule") switch
        {
            "at-most" => LimitRule.AtMost,
            "at-least" => LimitRule.AtLeast,
            _ => throw new CanonicalJsonException("\"rule\" is neither at-most nor at-least"),
        };
        return new(json.GetDecimal("value"), json.GetString("unit"), rule, Text(json.GetObject("source")));
    }

    private static TapLoss[] Loss(JsonObject json) => [.. json.Keys.Select(tap =>
    {
        JsonObject loss = json.GetObject(tap);
        return new TapLoss(tap, loss.GetString("kit"), loss.GetInteger("captured"), loss.GetInteger("osDropped"),
            loss.GetInteger("interfaceDropped"), loss.GetInteger("bytes"), Count(loss, "segments"));
    })];

    private static ReportClock Clock(JsonObject json) => new(json.GetString("kit"), json.GetString("source"),
        json.TryGet("boundNs", out _) ? json.GetInteger("boundNs") : null, json.GetString("bootId"),
        json.GetString("clockSource"));

    private static ReportAgent Agent(JsonObject json) => new(json.GetString("kit"), json.GetString("version"),
        json.GetString("bootId"), json.GetStrings("interfaces"), TextOrNull(json, "problem"));

    private static LocalText Text(JsonObject json) => new(json.GetString("zh"), json.GetString("en"));

    private static LocalText? TextOrNull(JsonObject json, string key) =>
        json.GetObjectOrNull(key) is { } text ? Text(text) : null;

    private static int Count(JsonObject json, string key) => json.GetInteger(key) is >= 0 and <= int.MaxValue and var n
        ? (int)n : throw new CanonicalJsonException($"\"{key}\" is not a count");

    private static DateTimeOffset Time(JsonObject json, string key) =>
        DateTimeOffset.TryParseExact(json.GetString(key), ReportEncoding.TimeFormat, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time : throw new CanonicalJsonException($"\"{key}\" is not a time such as 2026-10-01T08:00:00.000Z");
}
