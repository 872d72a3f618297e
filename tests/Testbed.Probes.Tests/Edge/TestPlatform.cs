using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Testbed.Probes.Tests.Edge;

/// <summary>A small MEC platform on loopback, honest but for what a test switches.</summary>
internal sealed class TestPlatform : IAsyncDisposable
{
    public const string Token = "right-token";
    private readonly HttpClient _client = new();
    private readonly Dictionary<string, JsonObject> _services = [], _subscriptions = [];
    private readonly Lock _gate = new();
    private readonly WebApplication _application;
    private bool _isOpen, _refusesAll, _tellsNobody, _forgetsNothing, _hasLocation = true;
    private int _registerStatus = 201, _number;
    private string[] _users = [];
    private string? _unguarded;
    private string _token = Token;
    private bool _readsNoLastBits;

    private TestPlatform()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    public Uri Root => new(_application.Urls.Single());

    /// <summary>Services and subscriptions that are there now.</summary>
    public int Left
    {
        get { lock (_gate) return _services.Count + _subscriptions.Count; }
    }

    /// <summary>What somebody once asked for.</summary>
    public void Hold(string callback)
    {
        lock (_gate) Subscribe(new() { ["callbackReference"] = callback });
    }

    public static async Task<TestPlatform> StartAsync(Func<TestPlatform>? make = null)
    {
        TestPlatform platform = make?.Invoke() ?? new();
        await platform._application.StartAsync();
        return platform;
    }

    public static TestPlatform With(
        bool isOpen = false, bool refusesAll = false, bool tellsNobody = false, bool forgetsNothing = false,
        int registerStatus = 201, bool hasLocation = true, string[]? users = null, string? unguarded = null,
        string token = Token, bool readsNoLastBits = false) => new()
        {
            _unguarded = unguarded, _token = token, _readsNoLastBits = readsNoLastBits,
            _isOpen = isOpen, _refusesAll = refusesAll, _tellsNobody = tellsNobody, _forgetsNothing = forgetsNothing,
            _registerStatus = registerStatus, _hasLocation = hasLocation, _users = users ?? [],
        };

    private async Task AnswerAsync(HttpContext context)
    {
        string? given = context.Request.Headers.Authorization;
        bool isGuarded = _unguarded is null || !context.Request.Path.Value!.Contains(_unguarded);
        if (_refusesAll || (!_isOpen && isGuarded && Read(given) != Read("Bearer " + _token)))
        {
            JsonObject refusal = new() { ["status"] = 401, ["detail"] = "no" };
            await WriteAsync(context, 401, refusal, "application/problem+json");
            return;
        }
        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        JsonNode? body = context.Request.ContentLength > 0 ? await context.Request.ReadFromJsonAsync<JsonNode>() : null;
        (int status, JsonNode? answer, string? location) = Route(context.Request.Method, path, body as JsonObject);
        if (location is not null) context.Response.Headers.Location = location;
        await WriteAsync(context, status, answer, status >= 400 ? "application/problem+json" : "application/json");
    }

    /// <summary>As a lenient decoder of ES256 signatures does: four bits of the last letter are nobody's.</summary>
    private string? Read(string? token)
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return !_readsNoLastBits || token is not { Length: > 0 }
            ? token : $"{token[..^1]} {letters.IndexOf(token[^1]) >> 4}";
    }

    private (int, JsonNode?, string?) Route(string method, string[] path, JsonObject? body)
    {
        lock (_gate)
        {
            return (method, path) switch
            {
                ("GET", ["transports"]) => (200, new JsonArray(), null),
                ("GET", ["services"] or ["applications", _, "services"]) =>
                    (200, new JsonArray([.. _services.Values.Select(each => each.DeepClone())]), null),
                ("GET", ["applications", _, "services", var id]) => _services.TryGetValue(id, out JsonObject? service)
                    ? (200, service.DeepClone(), null) : Missing(),
                ("GET", ["applications", _, "subscriptions"]) => (200, new JsonObject
                {
                    ["_links"] = new JsonObject
                    {
                        ["self"] = new JsonObject { ["href"] = "/x" },
                        ["subscriptions"] = new JsonArray([.. _subscriptions.Keys.Select(id => (JsonNode)new JsonObject
                        {
                            ["href"] = "/applications/a/subscriptions/" + id,
                            ["subscriptionType"] = "SerAvailabilityNotificationSubscription",
                        })]),
                    },
                }, null),
                ("GET", ["applications", _, "subscriptions", var id]) =>
                    _subscriptions.TryGetValue(id, out JsonObject? subscription)
                        ? (200, subscription.DeepClone(), null) : Missing(),
                ("POST", ["applications", _, "services"]) => Register(body!),
                ("POST", ["applications", _, "subscriptions"]) => Subscribe(body!),
                ("DELETE", ["applications", _, "services", var id]) => Deregister(id),
                ("DELETE", ["applications", _, "subscriptions", var id]) =>
                    _subscriptions.Remove(id) ? (204, null, null) : Missing(),
                ("GET", ["queries", "zones"]) => (200, new JsonObject
                {
                    ["zoneList"] = new JsonObject { ["resourceURL"] = "/z", ["zone"] = new JsonArray(Zone()) },
                }, null),
                ("GET", ["queries", "zones", "z1"]) => (200, new JsonObject { ["zoneInfo"] = Zone() }, null),
                ("GET", ["queries", "users"]) => (200, new JsonObject
                {
                    ["userList"] = new JsonObject
                    {
                        ["resourceURL"] = "/u",
                        ["user"] = new JsonArray([.. _users.Select(user => (JsonNode)User(user))]),
                    },
                }, null),
                _ => Missing(),
            };
        }
    }

    private (int, JsonNode?, string?) Register(JsonObject body)
    {
        string id = $"s{++_number}";
        JsonObject service = (JsonObject)body.DeepClone();
        service["serInstanceId"] = id;
        string resource = "/applications/a/services/" + id;
        service["_links"] = new JsonObject { ["self"] = new JsonObject { ["href"] = resource } };
        _services[id] = service;
        Tell(service, "ADDED");
        return (_registerStatus, service.DeepClone(), _hasLocation ? resource : null);
    }

    private (int, JsonNode?, string?) Subscribe(JsonObject body)
    {
        string id = $"n{++_number}";
        _subscriptions[id] = (JsonObject)body.DeepClone();
        return (201, body.DeepClone(), "/applications/a/subscriptions/" + id);
    }

    private (int, JsonNode?, string?) Deregister(string id)
    {
        if (!_services.TryGetValue(id, out JsonObject? service)) return Missing();
        if (!_forgetsNothing) _services.Remove(id);
        Tell(service, "REMOVED");
        return (204, null, null);
    }

    private void Tell(JsonObject service, string change)
    {
        if (_tellsNobody) return;
        JsonObject message = new()
        {
            ["notificationType"] = "SerAvailabilityNotification",
            ["serviceReferences"] = new JsonArray(new JsonObject
            {
                ["serName"] = service["serName"]!.DeepClone(),
                ["serInstanceId"] = service["serInstanceId"]!.DeepClone(),
                ["state"] = "ACTIVE", ["changeType"] = change,
            }),
            ["_links"] = new JsonObject { ["subscription"] = new JsonObject { ["href"] = "/n" } },
        };
        foreach (JsonObject subscription in _subscriptions.Values)
            _ = _client.PostAsJsonAsync(subscription["callbackReference"]!.GetValue<string>(), message);
    }

    private static JsonObject Zone() => new()
    {
        ["zoneId"] = "z1", ["numberOfAccessPoints"] = 1, ["numberOfUnserviceableAccessPoints"] = 0,
        ["numberOfUsers"] = 1, ["resourceURL"] = "/z/1",
    };

    private static JsonObject User(string address) => new()
    {
        ["address"] = address, ["accessPointId"] = "a1", ["zoneId"] = "z1", ["resourceURL"] = "/u/1",
        ["timestamp"] = new JsonObject { ["seconds"] = 1, ["nanoSeconds"] = 0 },
    };

    private static (int, JsonNode?, string?) Missing() =>
        (404, new JsonObject { ["status"] = 404, ["detail"] = "there is none" }, null);

    private static async Task WriteAsync(HttpContext context, int status, JsonNode? body, string mediaType)
    {
        context.Response.StatusCode = status;
        if (body is null) return;
        context.Response.ContentType = mediaType;
        await context.Response.WriteAsync(body.ToJsonString());
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _client.Dispose();
    }
}
