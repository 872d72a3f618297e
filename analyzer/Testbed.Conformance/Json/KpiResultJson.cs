using Testbed.Conformance.Results;

namespace Testbed.Conformance.Json;

/// <summary>
/// KPI results as they travel from agents and stand in journals. Decimals are strings; what is at its default is left
/// out; enum members go by their names.
/// </summary>
public static class KpiResultJson
{
    public static JsonObject Write(KpiResult kpi)
    {
        JsonObject json = new()
        {
            { "id", kpi.Id }, { "value", kpi.Value }, { "low", kpi.Low }, { "high", kpi.High }, { "unit", kpi.Unit },
            { "samples", kpi.Samples }, { "direction", kpi.Direction.ToString() }, { "layer", kpi.Layer.ToString() },
            { "source", kpi.Source },
        };
        if (kpi.HighIsOpen) json.Add("highIsOpen", true);
        if (kpi.CaptureLossLow != 0) json.Add("captureLossLow", kpi.CaptureLossLow);
        if (kpi.CaptureLossHigh != 0) json.Add("captureLossHigh", kpi.CaptureLossHigh);
        if (kpi.Confidence is { } confidence) json.Add("confidence", confidence);
        if (kpi.Scope.Length > 0) json.Add("scope", kpi.Scope);
        if (kpi.Uncertainty.Count > 0) json.Add("uncertainty", new JsonArray(kpi.Uncertainty.Select(Write)));
        if (kpi.Evidence.Count > 0) json.Add("evidence", JsonArray.Of(kpi.Evidence));
        if (kpi.Findings.Count > 0) json.Add("findings", new JsonArray(kpi.Findings.Select(Write)));
        if (kpi.OtherAttempts.Count > 0) json.Add("otherAttempts", new JsonArray(kpi.OtherAttempts.Select(Write)));
        if (kpi.NotUsable is { } reason) json.Add("notUsable", Write(reason));
        if (kpi.NotUsableVerdict is { } verdict) json.Add("notUsableVerdict", verdict.ToString());
        return json;
    }

    public static JsonArray Write(IEnumerable<KpiResult> kpis) => new(kpis.Select(Write));

    /// <exception cref="CanonicalJsonException">Names the member that is missing or cannot be.</exception>
    public static KpiResult Read(JsonObject json)
    {
        KpiResult kpi = new()
        {
            Id = json.GetString("id"),
            Value = json.GetDecimal("value"),
            Low = json.GetDecimal("low"),
            High = json.GetDecimal("high"),
            HighIsOpen = json.TryGet("highIsOpen", out _) && json.GetBool("highIsOpen"),
            Unit = json.GetString("unit"),
            Samples = json.GetInteger("samples"),
            Direction = json.GetName<Direction>("direction"),
            Layer = json.GetName<Layer>("layer"),
            Source = json.GetString("source"),
            CaptureLossLow = json.GetDecimalOrNull("captureLossLow") ?? 0,
            CaptureLossHigh = json.GetDecimalOrNull("captureLossHigh") ?? 0,
            Confidence = json.GetDecimalOrNull("confidence"),
            Scope = json.GetStringOrNull("scope") ?? "",
            Uncertainty = [.. Objects(json, "uncertainty").Select(ReadPart)],
            Evidence = json.TryGet("evidence", out _) ? json.GetStrings("evidence") : [],
            Findings = [.. Objects(json, "findings").Select(ReadText)],
            OtherAttempts = [.. Objects(json, "otherAttempts").Select(ReadAttempt)],
            NotUsable = json.GetObjectOrNull("notUsable") is { } reason ? ReadText(reason) : null,
            NotUsableVerdict = json.TryGet("notUsableVerdict", out _)
                ? json.GetName<Verdict>("notUsableVerdict") : null,
        };
        RequireSense(kpi);
        return kpi;
    }

    // An agent may be old, broken or hostile: a figure outside its own interval must reach no judge.
    private static void RequireSense(KpiResult kpi)
    {
        if (kpi.Low > kpi.Value || kpi.Value > kpi.High)
            throw new CanonicalJsonException($"\"{kpi.Id}\": the value lies outside its interval");
        if (kpi.Samples < 0) throw new CanonicalJsonException($"\"{kpi.Id}\": \"samples\" is negative");
        if (kpi.Confidence is <= 0 or > 1)
            throw new CanonicalJsonException($"\"{kpi.Id}\": \"confidence\" is not between 0 and 1");
        if (kpi.Uncertainty.Any(part => part.StandardUncertainty < 0))
            throw new CanonicalJsonException($"\"{kpi.Id}\": an uncertainty is negative");
        if (kpi.OtherAttempts.Any(each => each.Low > each.High || each.ExpandedUncertainty < 0))
            throw new CanonicalJsonException($"\"{kpi.Id}\": another attempt's interval cannot be");
        if (kpi.NotUsableVerdict is Verdict.Pass or Verdict.Fail)
            throw new CanonicalJsonException($"\"{kpi.Id}\": \"notUsableVerdict\" decides");
        if (kpi.NotUsableVerdict is not null && kpi.NotUsable is null)
            throw new CanonicalJsonException($"\"{kpi.Id}\": \"notUsableVerdict\" without \"notUsable\"");
    }

    private static IReadOnlyList<JsonObject> Objects(JsonObject json, string key) =>
        json.TryGet(key, out _) ? json.GetObjects(key) : [];

    private static JsonObject Write(LocalText text) => new() { { "zh", text.Zh }, { "en", text.En } };

    private static LocalText ReadText(JsonObject json) => new(json.GetString("zh"), json.GetString("en"));

    private static JsonObject Write(OtherAttempt attempt) => new()
    {
        { "low", attempt.Low }, { "high", attempt.High }, { "expandedUncertainty", attempt.ExpandedUncertainty },
        { "evidence", attempt.Evidence },
    };

    private static OtherAttempt ReadAttempt(JsonObject json) => new(json.GetDecimal("low"), json.GetDecimal("high"),
        json.GetDecimal("expandedUncertainty"), json.GetString("evidence"));

    private static JsonObject Write(UncertaintyPart part) =>
        new() { { "source", part.Source }, { "standardUncertainty", part.StandardUncertainty } };

    private static UncertaintyPart ReadPart(JsonObject json) =>
        new(json.GetString("source"), json.GetDecimal("standardUncertainty"));
}
