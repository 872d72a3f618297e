using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Testbed.Lab.Control;
using Testbed.Lab.Web;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Exposure.Apis;

/// <summary>CAMARA QualityOnDemand r4.1: sessions that end by themselves when their time is over.</summary>
internal sealed class CamaraApi : IDisposable
{
    public const string Root = "quality-on-demand";
    private const int DurationMax = 86_400;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    private readonly IPolicyControl _policy;
    private readonly Resources<CamaraSession> _sessions;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public CamaraApi(IPolicyControl policy, Resources<CamaraSession> sessions, TimeProvider time)
    {
        (_policy, _sessions, _time) = (policy, sessions, time);
        _timer = time.CreateTimer(_ => EndExpired(), null, Sweep, Sweep);
    }

    public static string ScopeOf(ApiCall call) => (call.Method, call.Path) switch
    {
        ("POST", [Root, _, "sessions"]) => "quality-on-demand:sessions:create",
        ("DELETE", _) => "quality-on-demand:sessions:delete",
        _ => "quality-on-demand:sessions:read",
    };

    public Task RouteAsync(ApiCall call) => (call.Method, call.Path) switch
    {
        ("POST", [Root, "v1", "sessions"]) => CreateAsync(call),
        ("GET", [Root, "v1", "sessions", var id]) => call.AnswerAsync(200, Find(id).Body.DeepClone()),
        ("DELETE", [Root, "v1", "sessions", var id]) => DeleteAsync(call, id),
        (_, [Root, "v1", "sessions", ..]) => throw new ApiProblem(405, "no such method here", "METHOD_NOT_ALLOWED"),
        _ => throw new ApiProblem(404, "no such resource", "NOT_FOUND"),
    };

    private async Task CreateAsync(ApiCall call)
    {
        JsonElement body = await call.ReadJsonAsync();
        int duration = body.Whole("duration", 1, DurationMax) ?? throw BodyFields.Wrong("duration", "it is missing");
        OfferedQos offer = QosCatalogue.ByProfile(body.RequiredText("qosProfile"))
            ?? throw BodyFields.Wrong("qosProfile", "it is not offered");
        JsonElement device = body.RequiredObject("device").RequiredObject("ipv4Address");
        uint ue = device.RequiredIpv4("publicAddress");
        PolicyRule rule = FlowFilters.Require(
            await _policy.AddFlowAsync(ue, offer.RequestFor([FilterOf(body)])));
        DateTimeOffset now = _time.GetUtcNow();
        string id = Resources<CamaraSession>.NewId();
        JsonObject stored = FlowFilters.With(body, ("sessionId", id), ("duration", duration),
            ("qosStatus", "AVAILABLE"), ("startedAt", Text(now)), ("expiresAt", Text(now.AddSeconds(duration))));
        _sessions.Add(id, new(id, rule, now.AddSeconds(duration), stored));
        await call.AnswerAsync(201, stored.DeepClone(), $"{call.Root}/{Root}/v1/sessions/{id}");
    }

    private async Task DeleteAsync(ApiCall call, string id)
    {
        Find(id);
        await _policy.RemoveAsync(_sessions.Remove(id).Rule);
        await call.AnswerAsync(204);
    }

    private CamaraSession Find(string id) => _sessions.Find(id);

    /// <summary>Between the device's and the server's ports, where the body names them.</summary>
    private static FlowDescription FilterOf(JsonElement body)
    {
        JsonElement server = body.RequiredObject("applicationServer");
        return AddressPrefix.TryParse(server.RequiredText("ipv4Address"), out AddressPrefix prefix)
            ? new(null, prefix, PortsOf(body, "applicationServerPorts"), PortsOf(body, "devicePorts"), default)
            : throw BodyFields.Wrong("applicationServer", "an IPv4 address is expected");
    }

    private static PortRange PortsOf(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out JsonElement ports)) return PortRange.Any;
        if (ports.ValueKind is JsonValueKind.Object && ports.TryGetProperty("ports", out JsonElement list)
            && list.ValueKind is JsonValueKind.Array && list.GetArrayLength() == 1
            && list[0].ValueKind is JsonValueKind.Number && list[0].TryGetUInt16(out ushort port))
            return new(port, port);
        throw BodyFields.Wrong(name, "one port is expected");
    }

    private void EndExpired()
    {
        foreach (CamaraSession session in _sessions.All.Where(each => each.ExpiresUtc <= _time.GetUtcNow()).ToArray())
        {
            try
            {
                _ = _policy.RemoveAsync(_sessions.Remove(session.Id).Rule);
            }
            catch (ApiProblem)
            {
                // Its client deleted it a moment ago.
            }
        }
    }

    private static string Text(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public void Dispose() => _timer.Dispose();
}

/// <summary>One session.</summary>
internal sealed record CamaraSession(string Id, PolicyRule Rule, DateTimeOffset ExpiresUtc, JsonObject Body);
