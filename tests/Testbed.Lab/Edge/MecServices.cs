using System.Text.Json;
using System.Text.Json.Nodes;
using Testbed.Lab.Web;

namespace Testbed.Lab.Edge;

/// <summary>The service management API of ETSI GS MEC 011 §8.2, over a registry.</summary>
/// <param name="tell">Tells a subscriber of a change; returns at once.</param>
internal sealed class MecServices(MecRegistry registry, IMecPolicy policy, Action<MecChange> tell)
{
    private const int Ok = 200, Created = 201, NoContent = 204, BadRequest = 400, Forbidden = 403, NotFound = 404;

    /// <param name="path">Behind the API's root.</param>
    public Task AnswerAsync(ApiCall call, string[] path) => (call.Method, path) switch
    {
        ("GET", ["services"]) => ListAsync(call, null),
        ("GET", ["services", var id]) => ReadAsync(call, id, null),
        ("GET", ["transports"]) => call.AnswerAsync(Ok, new JsonArray(MecDocuments.Transport())),
        ("GET", ["applications", var app, "services"]) => ListAsync(call, app),
        ("POST", ["applications", var app, "services"]) => RegisterAsync(call, app),
        ("GET", ["applications", var app, "services", var id]) => ReadAsync(call, id, app),
        ("PUT", ["applications", var app, "services", var id]) => UpdateAsync(call, app, id),
        ("DELETE", ["applications", var app, "services", var id]) => DeregisterAsync(call, app, id),
        ("GET", ["applications", var app, "subscriptions"]) =>
            call.AnswerAsync(Ok, MecDocuments.SubscriptionList(app, registry.Subscriptions(app))),
        ("POST", ["applications", var app, "subscriptions"]) => SubscribeAsync(call, app),
        ("GET", ["applications", var app, "subscriptions", var id]) => call.AnswerAsync(Ok, (registry.Subscriptions(app)
            .FirstOrDefault(each => each.Id == id) ?? throw Missing()).Body.DeepClone()),
        ("DELETE", ["applications", var app, "subscriptions", var id]) =>
            registry.Unsubscribe(id, app) ? call.AnswerAsync(NoContent) : throw Missing(),
        _ => throw Missing(),
    };

    private Task ListAsync(ApiCall call, string? app)
    {
        string[] names = call.Query("ser_name") is { Length: > 0 } name ? [name] : [];
        return call.AnswerAsync(
            Ok, new JsonArray([.. registry.Services(app, names).Select(service => service.Info.DeepClone())]));
    }

    private Task ReadAsync(ApiCall call, string id, string? app) =>
        call.AnswerAsync(Ok, (registry.Service(id, app) ?? throw Missing()).Info.DeepClone());

    private async Task RegisterAsync(ApiCall call, string app)
    {
        JsonObject body = await ReadServiceAsync(call);
        if (registry.Register(app, id => MecDocuments.Service(app, id, body)) is not ({ } service, { } changes))
            throw new ApiProblem(Forbidden, "there is no room for another service");
        string? location = policy.RegisteredStatus == Created ? MecDocuments.SelfOf(service.Info) : null;
        await call.AnswerAsync(policy.RegisteredStatus, service.Info.DeepClone(), location);
        Tell(changes);
    }

    private async Task UpdateAsync(ApiCall call, string app, string id)
    {
        JsonObject body = await ReadServiceAsync(call);
        if (registry.Update(id, app, MecDocuments.Service(app, id, body)) is not ({ } service, { } changes))
            throw Missing();
        await call.AnswerAsync(Ok, service.Info.DeepClone());
        Tell(changes);
    }

    private async Task DeregisterAsync(ApiCall call, string app, string id)
    {
        IReadOnlyList<MecChange> changes = registry.Deregister(id, app) ?? throw Missing();
        await call.AnswerAsync(NoContent);
        Tell(changes);
    }

    private async Task SubscribeAsync(ApiCall call, string app)
    {
        JsonElement read = await call.ReadJsonAsync();
        if (read.RequiredText("subscriptionType") != MecDocuments.SubscriptionType)
            throw BodyFields.Wrong("subscriptionType", MecDocuments.SubscriptionType + " is expected");
        Uri callback = read.RequiredUri("callbackReference");
        JsonObject body = Copy(read);
        MecSubscription made = registry.Subscribe(
            app, callback, MecDocuments.SerNames(body), id => MecDocuments.Subscription(app, id, body))
            ?? throw new ApiProblem(Forbidden, "there is no room for another subscription");
        await call.AnswerAsync(Created, made.Body.DeepClone(), MecDocuments.SelfOf(made.Body));
    }

    private static async Task<JsonObject> ReadServiceAsync(ApiCall call)
    {
        JsonObject body = Copy(await call.ReadJsonAsync());
        return MecDocuments.FaultOfService(body) is { } fault ? throw new ApiProblem(BadRequest, fault) : body;
    }

    private static JsonObject Copy(JsonElement read) => JsonNode.Parse(read.GetRawText())!.AsObject();

    private void Tell(IReadOnlyList<MecChange> changes)
    {
        if (!policy.TellsChanges) return;
        foreach (MecChange change in changes) tell(change);
    }

    private static ApiProblem Missing() => new(NotFound, "there is no such resource");
}
