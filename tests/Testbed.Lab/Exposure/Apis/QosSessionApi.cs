using System.Text.Json;
using System.Text.Json.Nodes;
using Testbed.Lab.Control;
using Testbed.Lab.Web;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Exposure.Apis;

/// <summary>AsSessionWithQoS (TS 29.122 §5.14): a subscription is a QoS flow in the UE's session.</summary>
internal sealed class QosSessionApi(
    ExposureBehaviour behaviour, IPolicyControl policy, Resources<QosSession> sessions, Notifier notifier) : INefApi
{
    private const string Allocated = "SUCCESSFUL_RESOURCES_ALLOCATION";

    public string Name => "3gpp-as-session-with-qos";

    public async Task ListAsync(ApiCall call, string owner) => await AnswerAsync(
        call, 200, FlowFilters.ListOf(sessions.All.Where(each => each.Owner == owner).Select(each => each.Body)));

    public async Task CreateAsync(ApiCall call, string owner)
    {
        JsonElement body = await call.ReadJsonAsync();
        Wish wish = Wish.Read(body);
        PolicyRule rule = FlowFilters.Require(
            await policy.AddFlowAsync(wish.UeAddress, wish.Offer.RequestFor(wish.Filters)));
        string id = Resources<QosSession>.NewId(), self = NefPaths.Of(call, Name, owner, id);
        JsonObject stored = FlowFilters.With(body, ("self", self));
        sessions.Add(id, new(owner, rule, stored));
        await AnswerAsync(call, 201, stored.DeepClone(), self);
        Tell(wish, self);
    }

    public Task ReadAsync(ApiCall call, string owner, string id) =>
        AnswerAsync(call, 200, Own(owner, id).Body.DeepClone());

    public async Task ReplaceAsync(ApiCall call, string owner, string id)
    {
        QosSession old = Own(owner, id);
        await ChangeAsync(call, id, old, await call.ReadJsonAsync());
    }

    public async Task ModifyAsync(ApiCall call, string owner, string id)
    {
        QosSession old = Own(owner, id);
        JsonElement patch = await call.ReadJsonAsync(ApiCall.MergePatch);
        // JSON Merge Patch (RFC 7396), one level deep: the members of this body are replaced as a whole.
        JsonObject merged = old.Body.DeepClone().AsObject();
        foreach (JsonProperty member in patch.EnumerateObject())
        {
            merged.Remove(member.Name);
            if (member.Value.ValueKind is not JsonValueKind.Null)
                merged[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }
        await ChangeAsync(call, id, old, JsonSerializer.SerializeToElement(merged));
    }

    private async Task ChangeAsync(ApiCall call, string id, QosSession old, JsonElement body)
    {
        Wish wish = Wish.Read(body);
        await policy.RemoveAsync(old.Rule);
        PolicyRule rule = FlowFilters.Require(
            await policy.AddFlowAsync(wish.UeAddress, wish.Offer.RequestFor(wish.Filters)));
        string self = old.Body["self"]!.GetValue<string>();
        JsonObject stored = FlowFilters.With(body, ("self", self));
        sessions.Replace(id, new(old.Owner, rule, stored));
        await AnswerAsync(call, 200, stored.DeepClone());
        Tell(wish, self);
    }

    public async Task DeleteAsync(ApiCall call, string owner, string id)
    {
        Own(owner, id);
        await policy.RemoveAsync(sessions.Remove(id).Rule);
        await AnswerAsync(call, 204, null);
    }

    private QosSession Own(string owner, string id) => sessions.Find(id) is { } session && session.Owner == owner
        ? session : throw new ApiProblem(404, "no such resource", "SUBSCRIPTION_NOT_FOUND");

    private void Tell(Wish wish, string self)
    {
        if (!wish.Events.Contains(Allocated)) return;
        notifier.Send(wish.Destination, new()
        {
            ["transaction"] = self,
            ["eventReports"] = new JsonArray(new JsonObject { ["event"] = Allocated }),
        });
    }

    private Task AnswerAsync(ApiCall call, int status, JsonNode? body, string? location = null) =>
        call.AnswerAsync(behaviour.QosStatus(status), body, location);

    private sealed record Wish(
        uint UeAddress, OfferedQos Offer, IReadOnlyList<FlowDescription> Filters, Uri Destination,
        IReadOnlyList<string> Events)
    {
        public static Wish Read(JsonElement body)
        {
            Uri destination = body.RequiredUri("notificationDestination");
            OfferedQos offer = QosCatalogue.ByReference(body.RequiredText("qosReference"))
                ?? throw BodyFields.Wrong("qosReference", "it is not offered");
            _ = body.Flag("requestTestNotification");
            _ = body.Text("supportedFeatures");
            _ = body.Text("dnn");
            return new(body.RequiredIpv4("ueIpv4Addr"), offer, FlowFilters.Read(body, "flowInfo"), destination,
                body.Texts("events") ?? []);
        }
    }
}

/// <summary>One subscription.</summary>
internal sealed record QosSession(string Owner, PolicyRule Rule, JsonObject Body);
