using System.Text.Json;
using System.Text.Json.Nodes;

namespace Testbed.Probes.Edge;

/// <summary>Bodies that a test sends to a service registry, and what it reads from those that come back.</summary>
internal static class ServiceDocuments
{
    /// <summary>Begins the name of every service that this product registers: a later run knows its own.</summary>
    public const string NameMark = "testbed-";
    public const string Added = "ADDED", Removed = "REMOVED";
    private const string SubscriptionType = "SerAvailabilityNotificationSubscription";

    /// <summary>A ServiceInfo to register (ETSI GS MEC 011 §8.1.2.2), reachable where the kit is.</summary>
    public static string Service(string name, Uri endpoint) => new JsonObject
    {
        ["serName"] = name, ["version"] = "1.0", ["state"] = "ACTIVE", ["serializer"] = "JSON",
        ["transportInfo"] = new JsonObject
        {
            ["id"] = name, ["name"] = "REST", ["type"] = "REST_HTTP", ["protocol"] = "HTTP", ["version"] = "1.1",
            ["endpoint"] = new JsonObject { ["uris"] = new JsonArray(endpoint.AbsoluteUri) },
            ["security"] = new JsonObject(),
        },
    }.ToJsonString();

    /// <summary>A wish to be told of the services of one name (§8.1.3.2).</summary>
    public static string Subscription(string serviceName, Uri callback) => new JsonObject
    {
        ["subscriptionType"] = SubscriptionType, ["callbackReference"] = callback.AbsoluteUri,
        ["filteringCriteria"] = new JsonObject { ["serNames"] = new JsonArray(serviceName) },
    }.ToJsonString();

    /// <summary>The names of a list of services, each with its instance.</summary>
    public static IEnumerable<(string Name, string Instance)> Services(JsonDocument? list)
    {
        if (list?.RootElement is not { ValueKind: JsonValueKind.Array } array) yield break;
        foreach (JsonElement each in array.EnumerateArray())
            if (Text(each, "serName") is { } name && Text(each, "serInstanceId") is { } instance)
                yield return (name, instance);
    }

    /// <summary>The addresses of a list of subscriptions (§8.1.3.4).</summary>
    public static IEnumerable<string> Subscriptions(JsonDocument? list)
    {
        if (list?.RootElement is not { ValueKind: JsonValueKind.Object } root
            || !root.TryGetProperty("_links", out JsonElement links) || links.ValueKind is not JsonValueKind.Object
            || !links.TryGetProperty("subscriptions", out JsonElement array)
            || array.ValueKind is not JsonValueKind.Array) yield break;
        foreach (JsonElement each in array.EnumerateArray())
            if (Text(each, "href") is { } address) yield return address;
    }

    /// <summary>Whether a notification tells this change of this service.</summary>
    public static bool Tells(JsonDocument? notification, string name, string instance, string changeType)
    {
        if (notification?.RootElement is not { ValueKind: JsonValueKind.Object } root
            || !root.TryGetProperty("serviceReferences", out JsonElement references)
            || references.ValueKind is not JsonValueKind.Array) return false;
        return references.EnumerateArray().Any(each => Text(each, "serName") == name
            && Text(each, "serInstanceId") == instance && Text(each, "changeType") == changeType);
    }

    public static string? Text(JsonElement element, string member) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(member, out JsonElement value)
        && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
