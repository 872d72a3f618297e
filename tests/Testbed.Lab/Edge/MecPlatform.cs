using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Lab.Web;

namespace Testbed.Lab.Edge;

/// <summary>The MEC platform on the edge host, over TLS: service management (MEC 011) and location (MEC 013).</summary>
internal sealed class MecPlatform : IAsyncDisposable
{
    /// <summary>The kits' environment variable that the claim refers to.</summary>
    public const string TokenVariable = "MEC_TOKEN";
    private const int Unauthorised = 401, NotFound = 404;
    private const int WaitingMax = 1_000;
    private static readonly TimeSpan TellWithin = TimeSpan.FromSeconds(2);

    private readonly IMecPolicy _policy;
    private readonly string _token;
    private readonly X509Certificate2 _certificate;
    private readonly EventCounts _events;
    private readonly MecRegistry _registry;
    private readonly MecServices _services;
    private readonly MecLocations _locations;
    private readonly HttpClient _client = WebServer.ClientIn(Plan.Mec, TellWithin);
    private readonly Channel<MecChange> _waiting =
        Channel.CreateBounded<MecChange>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly Task _telling;
    private WebServer? _server;

    private MecPlatform(
        IMecPolicy policy, MecLocations locations, X509Certificate2 certificate, string token, int seed,
        EventCounts events)
    {
        (_policy, _locations, _certificate, _token, _events) = (policy, locations, certificate, token, events);
        _registry = new(seed);
        events.Hold("mec services", () => _registry.ServiceCount);
        events.Hold("mec subscriptions", () => _registry.SubscriptionCount);
        _services = new(_registry, policy, change =>
        {
            if (!_waiting.Writer.TryWrite(change)) events.Add("mec: too many notifications wait");
        });
        _telling = Task.Run(TellAsync);
    }

    public static async Task<MecPlatform> StartAsync(
        IMecPolicy policy, MecLocations locations, X509Certificate2 certificate, string token, int seed,
        EventCounts events)
    {
        MecPlatform platform = new(policy, locations, certificate, token, seed, events);
        platform._server = await WebServer.StartAsync(
            (Plan.Mec, Plan.EdgeHost), [new(Plan.MecPort, certificate)], platform.AnswerAsync);
        return platform;
    }

    private Task AnswerAsync(ApiCall call)
    {
        if (!_policy.Admits(call.Token, _token)) throw new ApiProblem(Unauthorised, "a valid token is expected");
        string[] path = [.. call.Path];
        return path switch
        {
            ["mec_service_mgmt", "v1", .. string[] rest] => _services.AnswerAsync(call, rest),
            ["location", "v2", .. string[] rest] => _locations.AnswerAsync(call, rest),
            _ => throw new ApiProblem(NotFound, "there is no such API"),
        };
    }

    // In the order in which changes arise, so that no removal overtakes an addition.
    private async Task TellAsync()
    {
        await foreach (MecChange change in _waiting.Reader.ReadAllAsync())
        {
            try
            {
                using StringContent content =
                    new(MecDocuments.Notification(change).ToJsonString(), Encoding.UTF8, ApiCall.Json);
                using HttpResponseMessage response = await _client.PostAsync(change.Subscription.Callback, content);
                _events.Add(response.IsSuccessStatusCode ? "mec: notification taken" : "mec: notification refused");
            }
            catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
            {
                _events.Add("mec: notification not delivered");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _waiting.Writer.TryComplete();
        _client.CancelPendingRequests();
        await _telling;
        _client.Dispose();
        _certificate.Dispose();
        _events.Add("mec: services and subscriptions left", _registry.LeftCount);
    }
}
