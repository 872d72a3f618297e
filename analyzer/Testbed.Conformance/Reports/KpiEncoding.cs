using Testbed.Conformance.Json;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports;

/// <summary>A KPI result as canonical JSON: in a report and on its way from a kit to the server.</summary>
public static class KpiEncoding
{
    public static JsonObject ToJson(KpiResult kpi)
    {
        JsonObject json = new()
        {
            { "id", kpi.Id }, { "value", kpi.Value }, { "low", kpi.Low }, { "high", kpi.High },
            { "captureLossLow", kpi.CaptureLossLow }, { "captureLossHigh", kpi.CaptureLossHigh },
            { "unit", kpi.Unit }, { "samples", kpi.Samples }, { "direction", Name(kpi.Direction) },
            { "layer", Name(kpi.Layer) }, { "scope", kpi.Scope }, { "source", kpi.Source },
            { "uncertainty", Uncertainty(kpi) }, { "evidence", JsonArray.Of(kpi.Evidence) },
            { "findings", new JsonArray(kpi.Findings.Select(Text)) },
        };
        if (kpi.Confidence is { } confidence) json.Add("confidence", confidence);
        if (kpi.NotUsable is { } reason) json.Add("notUsable", Text(reason));
        if (kpi.NotUsableVerdict is { } verdict) json.Add("notUsableVerdict", verdict.ToString());
        return json;
    }

    /// <exception cref="CanonicalJsonException">A member is missing or is not what it should be.</exception>
    public static KpiResult FromJson(JsonObject json) => new()
    {
        Id = json.GetString("id"),
        Value = json.GetDecimal("value"),
        Low = json.GetDecimal("low"),
        High = json.GetDecimal("high"),
        CaptureLossLow = json.GetDecimal("captureLossLow"),
        CaptureLossHigh = json.GetDecimal("captureLossHigh"),
        Unit = json.GetString("unit"),
        Samples = json.GetInteger("samples"),
        Direction = Parse<Direction>(json, "direction"),
        Layer = Parse<Layer>(json, "layer"),
        Scope = json.GetString("scope"),
        Source = json.GetString("source"),
        Uncertainty = [.. json.GetObject("uncertainty").GetObjects("parts").Select(part =>
            new UncertaintyPart(part.GetString("source"), part.GetDecimal("standard")))],
        Evidence = json.GetStrings("evidence"),
        Findings = [.. json.GetObjects("findings").Select(Text)],
        Confidence = json.GetDecimalOrNull("confidence"),
        NotUsable = json.GetObjectOrNull("notUsable") is { } reason ? Text(reason) : null,
        NotUsableVerdict = json.TryGet("notUsableVerdict", out _)
            ? json.GetName<Verdict>("notUsableVerdict") : null,
    };

    internal static JsonValue Text(LocalText text) => new JsonObject { { "zh", text.Zh }, { "en", text.En } };

    internal static LocalText Text(JsonObject json) => new(json.GetString("zh"), json.GetString("en"));

    /// <summary><c>RoundTrip</c> → <c>round-trip</c>: the words of the claim and the plan.</summary>
    internal static string Name<T>(T value) where T : struct, Enum
    {
        string name = value.ToString();
        IEnumerable<string> letters = name.Select((c, i) =>
            char.IsAsciiLetterUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString());
        return string.Concat(letters);
    }

    internal static T Parse<T>(JsonObject json, string key) where T : struct, Enum
    {
        string name = json.GetString(key);
        foreach (T value in Enum.GetValues<T>())
            if (Name(value) == name) return value;
        throw new CanonicalJsonException(
            $"\"{key}\" is not one of " + string.Join(", ", Enum.GetValues<T>().Select(Name)));
    }

    private static JsonObject Uncertainty(KpiResult kpi) => new()
    {
        { "expanded", kpi.ExpandedUncertainty }, { "k", 2L },
        { "parts", new JsonArray(kpi.Uncertainty.Select(part =>
            (JsonValue)new JsonObject { { "source", part.Source }, { "standard", part.StandardUncertainty } })) },
    };
}
