using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Lab.Web;

namespace Testbed.Lab.Exposure;

/// <summary>Posts notifications in the order in which they arise, so that no event overtakes another.</summary>
internal sealed class Notifier : IAsyncDisposable
{
    private const int WaitingMax = 10_000;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    private readonly Channel<(Uri To, JsonObject Body)> _waiting =
        Channel.CreateBounded<(Uri, JsonObject)>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly HttpClient _client = WebServer.ClientIn(Plan.Nef, Within);
    private readonly EventCounts _events;
    private readonly Task _sending;

    public Notifier(EventCounts events)
    {
        _events = events;
        _sending = Task.Run(SendAsync);
    }

    public void Send(Uri to, JsonObject body)
    {
        if (!_waiting.Writer.TryWrite((to, body))) _events.Add("nef: too many notifications wait");
    }

    private async Task SendAsync()
    {
        await foreach ((Uri to, JsonObject body) in _waiting.Reader.ReadAllAsync())
        {
            try
            {
                using StringContent content = new(body.ToJsonString(), Encoding.UTF8, ApiCall.Json);
                using HttpResponseMessage response = await _client.PostAsync(to, content);
                _events.Add(response.IsSuccessStatusCode ? "nef: notification taken" : "nef: notification refused");
            }
            catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
            {
                _events.Add("nef: notification not delivered");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _client.CancelPendingRequests();
        await _sending;
        _client.Dispose();
    }
}
