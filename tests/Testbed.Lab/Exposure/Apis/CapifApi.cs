using System.Text.Json.Nodes;
using Testbed.Lab.Topology;
using Testbed.Lab.Web;

namespace Testbed.Lab.Exposure.Apis;

/// <summary>CAPIF_Discover_Service_API (TS 29.222 §8.1).</summary>
internal sealed class CapifApi(ExposureBehaviour behaviour, IReadOnlyList<INefApi> apis)
{
    private const string Aef = "nef";

    public Task RouteAsync(ApiCall call) => (call.Method, call.Path) switch
    {
        ("GET", ["service-apis", NefPaths.Version, "allServiceAPIs"]) => DiscoverAsync(call),
        (_, ["service-apis", NefPaths.Version, "allServiceAPIs"]) => throw new ApiProblem(405, "only GET"),
        _ => throw new ApiProblem(404, "no such resource"),
    };

    private Task DiscoverAsync(ApiCall call)
    {
        if (call.Query("api-invoker-id") is not { Length: > 0 })
            throw new ApiProblem(400, "api-invoker-id is missing", "MANDATORY_QUERY_PARAM_MISSING");
        string? wanted = call.Query("api-name");
        IEnumerable<(string Name, int Port)> all =
            [.. apis.Select(api => (api.Name, ExposureServers.NefPort)), .. behaviour.StaleApis];
        JsonObject[] found = [.. all.Where(each => wanted is null || each.Name == wanted).Select(Describe)];
        JsonObject body = [];
        if (found.Length > 0) body["serviceAPIDescriptions"] = new JsonArray(found);
        return call.AnswerAsync(200, body);
    }

    private static JsonObject Describe((string Name, int Port) api) => new()
    {
        ["apiName"] = api.Name, ["apiId"] = $"{api.Name}@{Aef}",
        ["aefProfiles"] = new JsonArray(new JsonObject
        {
            ["aefId"] = Aef, ["protocol"] = "HTTP_2", ["dataFormat"] = "JSON",
            ["securityMethods"] = new JsonArray("OAUTH"),
            ["versions"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = NefPaths.Version,
                ["resources"] = new JsonArray(new JsonObject
                {
                    ["resourceName"] = NefPaths.Collection, ["commType"] = "REQUEST_RESPONSE",
                    ["uri"] = "/{afId}/" + NefPaths.Collection, ["operations"] = new JsonArray("GET", "POST"),
                }),
            }),
            ["interfaceDescriptions"] = new JsonArray(new JsonObject
            {
                ["ipv4Addr"] = Plan.NefAddress, ["port"] = api.Port,
            }),
        }),
    };
}
