using System.Text.Json;
using System.Text.Json.Nodes;
using Testbed.Lab.Control;
using Testbed.Lab.Web;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Exposure;

/// <summary>What the APIs have in common: packet filters in bodies, and what the policy control answered.</summary>
internal static class FlowFilters
{
    /// <summary>The filters of an array of FlowInfo (TS 29.122 §5.2.1.2).</summary>
    public static IReadOnlyList<FlowDescription> Read(JsonElement body, string name)
    {
        if (body.Objects(name) is not { } flows) throw BodyFields.Wrong(name, "it is missing");
        List<FlowDescription> filters = [];
        foreach (JsonElement flow in flows)
        {
            if (flow.Whole("flowId", 0, int.MaxValue) is null) throw BodyFields.Wrong(name, "flowId is missing");
            foreach (string text in flow.Texts("flowDescriptions", 2) ?? [])
            {
                if (!FlowDescription.TryParse(text, out FlowDescription? filter))
                    throw BodyFields.Wrong(name, "a flow description cannot be read");
                // An uplink and a downlink description of one flow are the same filter here.
                if (!filters.Contains(filter!)) filters.Add(filter!);
            }
        }
        return filters.Count > 0 ? filters : throw BodyFields.Wrong(name, "a flow description is missing");
    }

    /// <exception cref="ApiProblem">The network did not do it.</exception>
    public static PolicyRule Require(PolicyAnswer answer) => answer.Outcome switch
    {
        PolicyOutcome.Done when answer.Rule is { } rule => rule,
        PolicyOutcome.NoSession => throw new ApiProblem(404, "the UE has no PDU session", "USER_UNKNOWN"),
        PolicyOutcome.NoRoom => throw new ApiProblem(403, "no resources for another flow", "QUOTA_EXCEEDED"),
        _ => throw new ApiProblem(503, "the network did not follow", "RESOURCES_NOT_AVAILABLE"),
    };

    /// <summary>Bodies as one array of copies.</summary>
    public static JsonArray ListOf(IEnumerable<JsonObject> bodies) => new([.. bodies.Select(body => body.DeepClone())]);

    /// <summary>A request's body with what the server adds to it.</summary>
    public static JsonObject With(JsonElement body, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        JsonObject copy = JsonObject.Create(body)!.DeepClone().AsObject();
        foreach ((string name, JsonNode value) in members) copy[name] = value;
        return copy;
    }
}
