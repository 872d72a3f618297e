using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Testbed.Lab.Control;
using Testbed.Lab.Topology;
using Testbed.Lab.Web;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Exposure.Apis;

/// <summary>
/// MonitoringEvent (TS 29.122 §5.3) for a group of UEs: PDU sessions that come and go, and UEs that become reachable.
/// </summary>
internal sealed class MonitoringEventApi : INefApi, IDisposable
{
    public const string Connectivity = "PDN_CONNECTIVITY_STATUS";
    public const string Reachability = "UE_REACHABILITY";

    private readonly ExposureBehaviour _behaviour;
    private readonly IPolicyControl _network;
    private readonly Resources<Monitoring> _monitorings;
    private readonly Notifier _notifier;
    private readonly TimeProvider _time;

    public MonitoringEventApi(
        ExposureBehaviour behaviour, IPolicyControl network, Resources<Monitoring> monitorings, Notifier notifier,
        TimeProvider time)
    {
        (_behaviour, _network, _monitorings, _notifier, _time) = (behaviour, network, monitorings, notifier, time);
        _network.Changed += Tell;
    }

    public string Name => "3gpp-monitoring-event";

    /// <summary><c>externalGroupId</c> of all UEs of a slice.</summary>
    public static string GroupOf(SliceAccess slice) => $"{slice.Name}-ues@lab.example";

    public Task ListAsync(ApiCall call, string owner) => call.AnswerAsync(
        200, FlowFilters.ListOf(_monitorings.All.Where(each => each.Owner == owner).Select(each => each.Body)));

    public async Task CreateAsync(ApiCall call, string owner)
    {
        JsonElement body = await call.ReadJsonAsync();
        string id = Resources<Monitoring>.NewId(), self = NefPaths.Of(call, Name, owner, id);
        Monitoring monitoring = Read(body, owner, self);
        _monitorings.Add(id, monitoring);
        await call.AnswerAsync(201, monitoring.Body.DeepClone(), self);
    }

    public Task ReadAsync(ApiCall call, string owner, string id) =>
        call.AnswerAsync(200, Own(owner, id).Body.DeepClone());

    public async Task ReplaceAsync(ApiCall call, string owner, string id)
    {
        Monitoring old = Own(owner, id), changed = Read(await call.ReadJsonAsync(), owner, old.Self);
        _monitorings.Replace(id, changed);
        await call.AnswerAsync(200, changed.Body.DeepClone());
    }

    public Task ModifyAsync(ApiCall call, string owner, string id) =>
        throw new ApiProblem(405, "this NEF replaces as a whole");

    public async Task DeleteAsync(ApiCall call, string owner, string id)
    {
        Own(owner, id);
        _monitorings.Remove(id);
        await call.AnswerAsync(204);
    }

    private static Monitoring Read(JsonElement body, string owner, string self)
    {
        string type = body.RequiredText("monitoringType");
        if (type is not (Connectivity or Reachability)) throw BodyFields.Wrong("monitoringType", "it is not offered");
        string group = body.RequiredText("externalGroupId");
        SliceAccess slice = SliceAccess.All.FirstOrDefault(each => GroupOf(each) == group)
            ?? throw BodyFields.Wrong("externalGroupId", "no such group");
        Uri destination = body.RequiredUri("notificationDestination");
        int? reportsMax = body.Whole("maximumNumberOfReports", 1, int.MaxValue);
        DateTimeOffset? expires = body.Text("monitorExpireTime") is { } text
            ? DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out DateTimeOffset time) ? time : throw BodyFields.Wrong("monitorExpireTime", "a time is expected")
            : null;
        if (reportsMax is null && expires is null)
            throw BodyFields.Wrong("maximumNumberOfReports", "this or monitorExpireTime is needed");
        return new(owner, self, type, slice, destination, expires, FlowFilters.With(body, ("self", self)))
        {
            ReportsLeft = reportsMax ?? int.MaxValue,
        };
    }

    private void Tell(SessionEvent happened)
    {
        if (happened.Change is SessionChange.Modified) return;
        foreach (SessionEvent reported in _behaviour.Report(happened))
            foreach (Monitoring monitoring in _monitorings.All)
                Tell(monitoring, reported);
    }

    private void Tell(Monitoring monitoring, SessionEvent reported)
    {
        bool isOver = monitoring.ReportsLeft <= 0 || monitoring.Expires < _time.GetUtcNow();
        bool isWanted = monitoring.Type == Connectivity || reported.Change is SessionChange.Established;
        if (isOver || !isWanted || reported.Session.Slice != monitoring.Slice) return;
        monitoring.ReportsLeft--;
        JsonObject report = new()
        {
            ["monitoringType"] = monitoring.Type,
            ["eventTime"] = reported.TimeUtc.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
        };
        if (monitoring.Type == Reachability) report["reachabilityType"] = "DATA";
        else report["pdnConnInfoList"] = new JsonArray(new JsonObject
        {
            ["status"] = reported.Change is SessionChange.Established ? "CREATED" : "RELEASED",
            ["apn"] = reported.Session.Dnn, ["pdnType"] = "IPV4",
            ["ipv4Addr"] = HostAddress.FromIpv4(reported.Session.UeAddress).ToString(),
        });
        _notifier.Send(monitoring.Destination, new()
        {
            ["subscription"] = monitoring.Self, ["monitoringEventReports"] = new JsonArray(report),
        });
    }

    private Monitoring Own(string owner, string id) =>
        _monitorings.Find(id) is { } monitoring && monitoring.Owner == owner
            ? monitoring : throw new ApiProblem(404, "no such resource", "SUBSCRIPTION_NOT_FOUND");

    public void Dispose() => _network.Changed -= Tell;
}

/// <summary>One subscription. Events come on one thread.</summary>
internal sealed record Monitoring(
    string Owner, string Self, string Type, SliceAccess Slice, Uri Destination, DateTimeOffset? Expires,
    JsonObject Body)
{
    public int ReportsLeft { get; set; }
}
