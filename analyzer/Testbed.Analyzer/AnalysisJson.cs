using System.Text.Encodings.Web;
using System.Text.Json;

namespace Testbed.Analyzer;

/// <summary>
/// Prints a result as the one object of <c>testbed analyze --json</c>. Other tools rely on the names; numbers are
/// integers, times nanoseconds; only ppm have a fraction.
/// </summary>
public static class AnalysisJson
{
    public static void Write(AnalysisResult result, Stream stream, bool isIndented = true)
    {
        // Chinese stays readable; the output is a JSON document and is never put into HTML.
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions
        {
            Indented = isIndented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        json.WriteStartObject();
        Tap(json, "n3", result.N3);
        Tap(json, "n6", result.N6);
        GtpU(json, result.GtpU);
        Match(json, result.Match);
        json.WriteStartObject("slices");
        foreach ((string name, SliceSummary slice) in result.Slices) Slice(json, name, slice);
        json.WriteEndObject();
        Rates(json, result.Rates);
        if (result.N2 is { } n2) N2Json.Write(json, n2);
        if (result.Sbi is { } sbi) sbi.Write(json);
        if (result.Details is { } details) Details.DetailsJson.Write(json, details);
        json.WriteStartArray("findings");
        foreach (Conformance.LocalText finding in result.Findings)
        {
            json.WriteStartObject();
            json.WriteString("zh", finding.Zh);
            json.WriteString("en", finding.En);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("elapsedMs", result.ElapsedMs);
        json.WriteNumber("packetsPerSecond", result.PacketsPerSecond);
        json.WriteEndObject();
    }

    private static void Tap(Utf8JsonWriter json, string name, TapSummary tap)
    {
        json.WriteStartObject(name);
        TapFigures(json, tap);
        json.WriteEndObject();
    }

    internal static void TapFigures(Utf8JsonWriter json, TapSummary tap)
    {
        json.WriteNumber("packets", tap.Packets);
        json.WriteNumber("bytes", tap.Bytes);
        json.WriteNumber("firstNs", tap.FirstNs);
        json.WriteNumber("lastNs", tap.LastNs);
        json.WriteNumber("decoded", tap.Decoded);
        Counts(json, "notDecoded", tap.NotDecoded);
        Counts(json, "noticed", tap.Noticed);
    }

    private static void GtpU(Utf8JsonWriter json, GtpUSummary gtpU)
    {
        json.WriteStartObject("gtpu");
        json.WriteNumber("gpdu", gtpU.Gpdu);
        json.WriteNumber("echo", gtpU.Echo);
        json.WriteNumber("errorIndication", gtpU.ErrorIndication);
        json.WriteNumber("endMarker", gtpU.EndMarker);
        json.WriteNumber("tunnels", gtpU.Tunnels);
        json.WriteNumber("ues", gtpU.Ues);
        json.WriteStartObject("qfis");
        foreach ((int qfi, long packets) in gtpU.Qfis) json.WriteNumber(qfi.ToString(), packets);
        json.WriteEndObject();
        json.WriteNumber("uplink", gtpU.Uplink);
        json.WriteNumber("downlink", gtpU.Downlink);
        json.WriteEndObject();
    }

    private static void Match(Utf8JsonWriter json, MatchSummary match)
    {
        json.WriteStartObject("match");
        json.WriteNumber("matched", match.Matched);
        json.WriteNumber("onlyN3", match.OnlyN3);
        json.WriteNumber("onlyN6", match.OnlyN6);
        json.WriteNumber("ambiguous", match.Ambiguous);
        json.WriteBoolean("nat", match.Nat);
        Counts(json, "unmatched", match.Unmatched);
        Counts(json, "unmatchedN3", match.UnmatchedN3);
        Counts(json, "unmatchedN6", match.UnmatchedN6);
        Direction(json, "uplink", match.Uplink);
        Direction(json, "downlink", match.Downlink);
        Clock(json, match.Clock);
        json.WriteEndObject();
    }

    private static void Clock(Utf8JsonWriter json, Matching.Clocks.ClockEstimate? clock)
    {
        if (clock is null)
        {
            json.WriteNull("clock");
            return;
        }
        json.WriteStartObject("clock");
        json.WriteNumber("atNs", clock.AtNs);
        json.WriteNumber("offsetNs", clock.OffsetNs);
        json.WriteNumber("boundNs", clock.BoundNs);
        json.WriteNumber("driftPpm", Math.Round(clock.DriftPpm, 3));
        json.WriteNumber("driftBoundPpm", Math.Round(clock.DriftBoundPpm, 3));
        json.WriteBoolean("steady", clock.IsSteady);
        json.WriteBoolean("oneWayDelaysUsable", !clock.Disagree);
        json.WriteEndObject();
    }

    private static void Slice(Utf8JsonWriter json, string name, SliceSummary slice)
    {
        json.WriteStartObject(name);
        Direction(json, "uplink", slice.Uplink);
        Direction(json, "downlink", slice.Downlink);
        Qfis(json, "uplinkByQfi", slice.UplinkByQfi);
        Qfis(json, "downlinkByQfi", slice.DownlinkByQfi);
        json.WriteString("provenance", slice.Provenance);
        json.WriteEndObject();
    }

    private static void Qfis(Utf8JsonWriter json, string name, IReadOnlyDictionary<int, DirectionSummary> byQfi)
    {
        json.WriteStartObject(name);
        foreach ((int qfi, DirectionSummary direction) in byQfi) Direction(json, qfi.ToString(), direction);
        json.WriteEndObject();
    }

    private static void Direction(Utf8JsonWriter json, string name, DirectionSummary direction)
    {
        json.WriteStartObject(name);
        json.WriteNumber("matched", direction.Matched);
        json.WriteNumber("lost", direction.Lost);
        json.WriteNumber("duplicated", direction.Duplicated);
        json.WriteNumber("reordered", direction.Reordered);
        json.WriteNumber("lossBurstMax", direction.LossBurstMax);
        if (direction.DelayNs is not { } delay) json.WriteNull("delayNs");
        else
        {
            json.WriteStartObject("delayNs");
            json.WriteNumber("min", delay.Min);
            json.WriteNumber("mean", delay.Mean);
            json.WriteNumber("p50", delay.P50);
            json.WriteNumber("p90", delay.P90);
            json.WriteNumber("p99", delay.P99);
            json.WriteNumber("p999", delay.P999);
            json.WriteNumber("max", delay.Max);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Rates(Utf8JsonWriter json, RateSummary rates)
    {
        json.WriteStartObject("rates");
        foreach ((string point, RateFigure up, RateFigure down) in ((string, RateFigure, RateFigure)[])
            [("n3", rates.N3Uplink, rates.N3Downlink), ("n6", rates.N6Uplink, rates.N6Downlink)])
        {
            json.WriteStartObject(point);
            Rate(json, "uplink", up);
            Rate(json, "downlink", down);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Rate(Utf8JsonWriter json, string name, RateFigure rate)
    {
        json.WriteStartObject(name);
        json.WriteNumber("packets", rate.Packets);
        json.WriteNumber("bytes", rate.Bytes);
        json.WriteNumber("meanBps", rate.MeanBps);
        json.WriteNumber("maxBps", rate.MaxBps);
        json.WriteEndObject();
    }

    internal static void Counts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach ((string reason, long count) in counts) json.WriteNumber(reason, count);
        json.WriteEndObject();
    }
}
