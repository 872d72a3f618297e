using System.Text.Json.Nodes;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Edge;

/// <summary>Bodies of the MEC 011 service management API, and what is wrong with those that come in.</summary>
internal static class MecDocuments
{
    private const string Root = "/mec_service_mgmt/v1";
    public const string SubscriptionType = "SerAvailabilityNotificationSubscription";
    private const string NotificationType = "SerAvailabilityNotification";
    private static readonly string[] States = ["ACTIVE", "INACTIVE", "SUSPENDED"];
    private static readonly string[] Serializers = ["JSON", "XML", "PROTOBUF3"];

    private static string Base { get; } = $"https://{Plan.EdgeHost}:{Plan.MecPort}{Root}";

    /// <summary>The one transport that the platform itself offers (TransportInfo, ETSI GS MEC 011 §8.1.2.3).</summary>
    public static JsonObject Transport() => new()
    {
        ["id"] = "rest-1", ["name"] = "REST", ["type"] = "REST_HTTP", ["protocol"] = "HTTP", ["version"] = "2.0",
        ["endpoint"] = new JsonObject { ["uris"] = new JsonArray(Base) },
        ["security"] = new JsonObject
        {
            ["oAuth2Info"] = new JsonObject
            {
                ["grantTypes"] = new JsonArray("OAUTH2_CLIENT_CREDENTIALS"),
                ["tokenEndpoint"] = $"https://{Plan.EdgeHost}:{Plan.MecPort}/oauth2/token",
            },
        },
    };

    /// <summary>What a ServiceInfo in a request lacks; null when nothing.</summary>
    public static string? FaultOfService(JsonObject body)
    {
        foreach (string member in (string[])["serName", "version", "state", "serializer"])
            if (Text(body, member) is null) return $"{member}: a string is expected";
        if (!States.Contains(Text(body, "state"))) return "state: " + string.Join(", ", States);
        if (!Serializers.Contains(Text(body, "serializer"))) return "serializer: " + string.Join(", ", Serializers);
        bool hasId = Text(body, "transportId") is not null, hasInfo = body["transportInfo"] is JsonObject;
        return hasId != hasInfo ? null : "either transportId or transportInfo is expected";
    }

    public static JsonObject Service(string app, string id, JsonObject body)
    {
        JsonObject info = (JsonObject)body.DeepClone();
        info["serInstanceId"] = id;
        if (info.Remove("transportId")) info["transportInfo"] = Transport();
        info["_links"] = new JsonObject
        {
            ["self"] = new JsonObject { ["href"] = $"{Base}/applications/{app}/services/{id}" },
        };
        return info;
    }

    public static JsonObject Subscription(string app, string id, JsonObject body)
    {
        JsonObject subscription = (JsonObject)body.DeepClone();
        subscription["_links"] = new JsonObject { ["self"] = new JsonObject { ["href"] = SubscriptionUri(app, id) } };
        return subscription;
    }

    /// <summary>The address of the resource that a body describes.</summary>
    public static string? SelfOf(JsonObject body) => body["_links"]?["self"]?["href"]?.GetValue<string>();

    private static string SubscriptionUri(string app, string id) => $"{Base}/applications/{app}/subscriptions/{id}";

    public static JsonObject SubscriptionList(string app, IEnumerable<MecSubscription> subscriptions) => new()
    {
        ["_links"] = new JsonObject
        {
            ["self"] = new JsonObject { ["href"] = $"{Base}/applications/{app}/subscriptions" },
            ["subscriptions"] = new JsonArray([.. subscriptions.Select(each => (JsonNode)new JsonObject
            {
                ["href"] = SubscriptionUri(app, each.Id), ["subscriptionType"] = SubscriptionType,
            })]),
        },
    };

    /// <summary>ServiceAvailabilityNotification, ETSI GS MEC 011 §8.1.4.2.</summary>
    public static JsonObject Notification(MecChange change)
    {
        JsonObject info = change.Service.Info;
        return new()
        {
            ["notificationType"] = NotificationType,
            ["serviceReferences"] = new JsonArray(new JsonObject
            {
                ["link"] = new JsonObject { ["href"] = SelfOf(info) },
                ["serName"] = MecRegistry.Name(change.Service), ["serInstanceId"] = change.Service.Id,
                ["state"] = Text(info, "state"), ["changeType"] = change.ChangeType,
            }),
            ["_links"] = new JsonObject
            {
                ["subscription"] = new JsonObject
                {
                    ["href"] = SubscriptionUri(change.Subscription.App, change.Subscription.Id),
                },
            },
        };
    }

    /// <summary>Names that a subscription's filter holds; empty where it filters by none.</summary>
    public static IReadOnlyList<string> SerNames(JsonObject subscription) =>
        subscription["filteringCriteria"] is JsonObject { } filter && filter["serNames"] is JsonArray names
            ? [.. names.OfType<JsonValue>().Select(name => name.TryGetValue(out string? text) ? text : "")] : [];

    private static string? Text(JsonObject body, string member) =>
        body[member] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
