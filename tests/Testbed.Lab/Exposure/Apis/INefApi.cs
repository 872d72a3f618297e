using Testbed.Lab.Web;

namespace Testbed.Lab.Exposure.Apis;

/// <summary>
/// One northbound API of the NEF: a collection of subscriptions for each application function, as all of TS 29.122 and
/// TS 29.522 have it.
/// </summary>
internal interface INefApi
{
    /// <summary>As in the path, and as a scope.</summary>
    string Name { get; }

    Task ListAsync(ApiCall call, string owner);

    Task CreateAsync(ApiCall call, string owner);

    Task ReadAsync(ApiCall call, string owner, string id);

    Task ReplaceAsync(ApiCall call, string owner, string id);

    Task ModifyAsync(ApiCall call, string owner, string id);

    Task DeleteAsync(ApiCall call, string owner, string id);
}

internal static class NefPaths
{
    public const string Version = "v1";
    public const string Collection = "subscriptions";

    public static string Of(ApiCall call, string api, string owner, string id) =>
        $"{call.Root}/{api}/{Version}/{owner}/{Collection}/{id}";

    /// <summary>Calls the API's method for a path <c>API/v1/OWNER/subscriptions[/ID]</c>.</summary>
    public static Task RouteAsync(INefApi api, ApiCall call) => (call.Method, call.Path) switch
    {
        ("GET", [_, Version, var owner, Collection]) => api.ListAsync(call, owner),
        ("POST", [_, Version, var owner, Collection]) => api.CreateAsync(call, owner),
        ("GET", [_, Version, var owner, Collection, var id]) => api.ReadAsync(call, owner, id),
        ("PUT", [_, Version, var owner, Collection, var id]) => api.ReplaceAsync(call, owner, id),
        ("PATCH", [_, Version, var owner, Collection, var id]) => api.ModifyAsync(call, owner, id),
        ("DELETE", [_, Version, var owner, Collection, var id]) => api.DeleteAsync(call, owner, id),
        (_, [_, Version, _, Collection, ..]) => throw new ApiProblem(405, "no such method here"),
        _ => throw new ApiProblem(404, "no such resource"),
    };
}
