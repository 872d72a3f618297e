using System.Text.Json;
using System.Text.Json.Nodes;
using Testbed.Lab.Control;
using Testbed.Lab.Web;

namespace Testbed.Lab.Exposure.Apis;

/// <summary>TrafficInfluence (TS 29.522 §5.4): a subscription takes a UE's flow to another data network.</summary>
internal sealed class TrafficInfluenceApi(
    IPolicyControl policy, Resources<Influence> influences, IReadOnlyDictionary<string, string> instanceOfDnai)
    : INefApi
{
    public string Name => "3gpp-traffic-influence";

    public Task ListAsync(ApiCall call, string owner) => call.AnswerAsync(
        200, FlowFilters.ListOf(influences.All.Where(each => each.Owner == owner).Select(each => each.Body)));

    public async Task CreateAsync(ApiCall call, string owner)
    {
        JsonElement body = await call.ReadJsonAsync();
        string id = Resources<Influence>.NewId(), self = NefPaths.Of(call, Name, owner, id);
        IReadOnlyList<PolicyRule> rules = await SteerAsync(body);
        JsonObject stored = FlowFilters.With(body, ("self", self));
        influences.Add(id, new(owner, rules, stored));
        await call.AnswerAsync(201, stored.DeepClone(), self);
    }

    public Task ReadAsync(ApiCall call, string owner, string id) =>
        call.AnswerAsync(200, Own(owner, id).Body.DeepClone());

    public async Task ReplaceAsync(ApiCall call, string owner, string id)
    {
        Influence old = Own(owner, id);
        JsonElement body = await call.ReadJsonAsync();
        await TakeBackAsync(old);
        JsonObject stored = FlowFilters.With(body, ("self", old.Body["self"]!.DeepClone()));
        influences.Replace(id, new(owner, await SteerAsync(body), stored));
        await call.AnswerAsync(200, stored.DeepClone());
    }

    public Task ModifyAsync(ApiCall call, string owner, string id) =>
        throw new ApiProblem(405, "this NEF replaces as a whole");

    public async Task DeleteAsync(ApiCall call, string owner, string id)
    {
        Own(owner, id);
        await TakeBackAsync(influences.Remove(id));
        await call.AnswerAsync(204);
    }

    private async Task<IReadOnlyList<PolicyRule>> SteerAsync(JsonElement body)
    {
        uint ue = body.RequiredIpv4("ipv4Addr");
        IReadOnlyList<Wire.Qos.FlowDescription> filters = FlowFilters.Read(body, "trafficFilters");
        if (body.Objects("trafficRoutes") is not { } routes) throw BodyFields.Wrong("trafficRoutes", "it is missing");
        string instance = instanceOfDnai.GetValueOrDefault(routes[0].RequiredText("dnai"))
            ?? throw BodyFields.Wrong("trafficRoutes", "no such DNAI");
        _ = body.Text("dnn");
        _ = body.Text("afServiceId");
        List<PolicyRule> rules = [];
        foreach (Wire.Qos.FlowDescription filter in filters)
            rules.Add(FlowFilters.Require(await policy.SteerAsync(ue, filter, instance)));
        return rules;
    }

    private async Task TakeBackAsync(Influence influence)
    {
        foreach (PolicyRule rule in influence.Rules) await policy.RemoveAsync(rule);
    }

    private Influence Own(string owner, string id) => influences.Find(id) is { } influence && influence.Owner == owner
        ? influence : throw new ApiProblem(404, "no such resource", "SUBSCRIPTION_NOT_FOUND");
}

/// <summary>One subscription.</summary>
internal sealed record Influence(string Owner, IReadOnlyList<PolicyRule> Rules, JsonObject Body);
