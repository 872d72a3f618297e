using System.Text.Json;
using Testbed.Analyzer.Decoding.Signalling;

namespace Testbed.Analyzer;

/// <summary>Requests on service-based interfaces in clear (TS 29.500): services and status counts.</summary>
public sealed record SbiSummary
{
    /// <summary>HTTP/2 connections that were seen from their start.</summary>
    public required long Connections { get; init; }
    /// <summary>Connections not followed to their end, by reason; their later requests are missing.</summary>
    public required IReadOnlyDictionary<string, long> GivenUp { get; init; }
    /// <summary>By service, as <c>nsmf-pdusession</c>; <c>other</c> for what is no service's resource.</summary>
    public required IReadOnlyDictionary<string, SbiServiceFigures> Services { get; init; }

    internal static SbiSummary? Of(AnalysisContext context)
    {
        SbiReader sbi = context.ControlPlane.Sbi;
        if (context.Request.Sbi.Count == 0 && sbi.Connections == 0) return null;
        SortedDictionary<string, SbiServiceFigures> services = new(StringComparer.Ordinal);
        foreach ((string service, SbiServiceCount count) in sbi.Services)
        {
            SortedDictionary<string, long> responses = new(StringComparer.Ordinal);
            for (int digit = 0; digit < count.Responses.Length; digit++)
                if (count.Responses[digit] > 0) responses[$"{digit}xx"] = count.Responses[digit];
            services[service] = new(count.Requests, responses);
        }
        return new() { Connections = sbi.Connections, GivenUp = sbi.GivenUp, Services = services };
    }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("sbi");
        json.WriteNumber("connections", Connections);
        AnalysisJson.Counts(json, "givenUp", GivenUp);
        json.WriteStartObject("services");
        foreach ((string name, SbiServiceFigures service) in Services)
        {
            json.WriteStartObject(name);
            json.WriteNumber("requests", service.Requests);
            AnalysisJson.Counts(json, "responses", service.Responses);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <param name="Responses">By class of status: <c>2xx</c>; interim answers under <c>1xx</c>.</param>
public sealed record SbiServiceFigures(long Requests, IReadOnlyDictionary<string, long> Responses);
