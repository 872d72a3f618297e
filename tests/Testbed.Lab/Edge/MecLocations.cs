using System.Text.Json.Nodes;
using Testbed.Lab.Control;
using Testbed.Lab.Topology;
using Testbed.Lab.Web;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Edge;

/// <summary>
/// The location API of ETSI GS MEC 013 §7: one zone with one access point, and the UEs that have a session now.
/// </summary>
internal sealed class MecLocations(IPolicyControl sessions, TimeProvider time)
{
    private const string Root = "/location/v2";
    private const string Zone = "zone1", AccessPoint = "gnb1";
    private const int Ok = 200, NotFound = 404;

    private static string Base { get; } = $"https://{Plan.EdgeHost}:{Plan.MecPort}{Root}";

    /// <param name="path">Behind the API's root.</param>
    public Task AnswerAsync(ApiCall call, string[] path) => (call.Method, path) switch
    {
        ("GET", ["queries", "zones"]) => call.AnswerAsync(Ok, new JsonObject
        {
            ["zoneList"] = new JsonObject
            {
                ["zone"] = new JsonArray(ZoneInfo()), ["resourceURL"] = Base + "/queries/zones",
            },
        }),
        ("GET", ["queries", "zones", Zone]) => call.AnswerAsync(Ok, new JsonObject { ["zoneInfo"] = ZoneInfo() }),
        ("GET", ["queries", "users"]) => call.AnswerAsync(Ok, Users(call.Query("address"), call.Query("zoneId"))),
        _ => throw new ApiProblem(NotFound, "there is no such resource"),
    };

    private JsonObject ZoneInfo() => new()
    {
        ["zoneId"] = Zone, ["numberOfAccessPoints"] = 1, ["numberOfUnserviceableAccessPoints"] = 0,
        ["numberOfUsers"] = sessions.Sessions.Count, ["resourceURL"] = $"{Base}/queries/zones/{Zone}",
    };

    private JsonObject Users(string? address, string? zone)
    {
        IEnumerable<string> users = sessions.Sessions.Select(session => AddressOf(session.UeAddress));
        if (address is not null) users = users.Where(user => user == address);
        if (zone is not null and not Zone) users = [];
        return new()
        {
            ["userList"] = new JsonObject
            {
                ["user"] = new JsonArray([.. users.Select(user => (JsonNode)UserInfo(user))]),
                ["resourceURL"] = Base + "/queries/users",
            },
        };
    }

    private JsonObject UserInfo(string address)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new()
        {
            ["address"] = address, ["accessPointId"] = AccessPoint, ["zoneId"] = Zone,
            ["resourceURL"] = $"{Base}/queries/users?address={Uri.EscapeDataString(address)}",
            ["timestamp"] = new JsonObject
            {
                ["seconds"] = now.ToUnixTimeSeconds(), ["nanoSeconds"] = now.Nanosecond,
            },
        };
    }

    /// <summary>An IPv4 address as MEC 013's examples write an anonymous customer reference.</summary>
    private static string AddressOf(uint ue) => "acr:" + HostAddress.FromIpv4(ue);
}
