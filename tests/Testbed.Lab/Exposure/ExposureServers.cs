using System.Security.Cryptography.X509Certificates;
using Testbed.Lab.Control;
using Testbed.Lab.Exposure.Apis;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Lab.Web;

namespace Testbed.Lab.Exposure;

/// <summary>NEF with its token endpoint, CAPIF core function and CAMARA gateway, all at one address.</summary>
internal sealed class ExposureServers : IAsyncDisposable
{
    public const int NefPort = 8444, CapifPort = 8445, CamaraPort = 8446;

    private readonly ExposureBehaviour _behaviour;
    private readonly X509Certificate2 _certificate;
    private readonly Tokens _tokens;
    private readonly Notifier _notifier;
    private readonly Resources<QosSession> _qosSessions;
    private readonly Resources<Influence> _influences;
    private readonly Resources<Monitoring> _monitorings;
    private readonly Resources<CamaraSession> _camaraSessions;
    private readonly MonitoringEventApi _monitoring;
    private readonly CamaraApi _camara;
    private readonly CapifApi _capif;
    private readonly IReadOnlyList<INefApi> _apis;
    private WebServer? _server;

    private ExposureServers(
        ExposureBehaviour behaviour, IPolicyControl policy, LabAccess access, EventCounts events, TimeProvider time,
        IReadOnlyDictionary<string, string> instanceOfDnai)
    {
        _behaviour = behaviour;
        _certificate = access.Authority.Issue(Plan.NefAddress);
        _tokens = new([access.Account, access.OtherAccount], time);
        _notifier = new(events);
        _qosSessions = new("qos sessions", events);
        _influences = new("traffic influences", events);
        _monitorings = new("event subscriptions", events);
        _camaraSessions = new("camara sessions", events);
        _monitoring = new(behaviour, policy, _monitorings, _notifier, time);
        _camara = new(behaviour.CamaraPolicy(policy), _camaraSessions, time);
        _apis =
        [
            new QosSessionApi(behaviour, behaviour.QosPolicy(policy), _qosSessions, _notifier),
            new TrafficInfluenceApi(behaviour.InfluencePolicy(policy), _influences, instanceOfDnai),
            _monitoring,
        ];
        _capif = new(behaviour, _apis);
    }

    /// <param name="instanceOfDnai">Network instances by the DNAI under which applications know them.</param>
    public static async Task<ExposureServers> StartAsync(
        ExposureBehaviour behaviour, IPolicyControl policy, LabAccess access, EventCounts events, TimeProvider time,
        IReadOnlyDictionary<string, string> instanceOfDnai)
    {
        ExposureServers servers = new(behaviour, policy, access, events, time, instanceOfDnai);
        servers._server = await WebServer.StartAsync(
            (Plan.Nef, Plan.NefAddress),
            [
                new(NefPort, servers._certificate), new(CapifPort, servers._certificate),
                new(CamaraPort, servers._certificate), .. behaviour.PlainPorts.Select(port => new WebPort(port, null)),
            ],
            servers.AnswerAsync);
        return servers;
    }

    private async Task AnswerAsync(ApiCall call)
    {
        try
        {
            await RouteAsync(call);
        }
        catch (ApiProblem problem)
        {
            int status = _behaviour.RefusalStatus(problem.Status);
            if (status == problem.Status) throw;
            throw new ApiProblem(status, problem.Message, problem.Cause, problem.Param);
        }
    }

    private async Task RouteAsync(ApiCall call)
    {
        switch (call.Port)
        {
            case CamaraPort:
                call.Refusal = ApiCall.AsErrorInfo;
                _behaviour.Gate.Require(_tokens, call, CamaraApi.ScopeOf(call), null);
                await _camara.RouteAsync(call);
                break;
            case CapifPort:
                _behaviour.Gate.Require(_tokens, call, "service-apis", null);
                await _capif.RouteAsync(call);
                break;
            default: await RouteNefAsync(call); break;
        }
    }

    private async Task RouteNefAsync(ApiCall call)
    {
        if (call.Path is ["oauth2", "token"])
        {
            await _tokens.IssueAsync(call);
            return;
        }
        INefApi api = call.Path.Count > 0 && _apis.FirstOrDefault(each => each.Name == call.Path[0]) is { } found
            ? found : throw new ApiProblem(404, "no such API");
        _behaviour.Gate.Require(_tokens, call, api.Name, call.Path.Count > 2 ? call.Path[2] : null);
        await NefPaths.RouteAsync(api, call);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _monitoring.Dispose();
        _camara.Dispose();
        await _notifier.DisposeAsync();
        _qosSessions.CountLeft();
        _influences.CountLeft();
        _monitorings.CountLeft();
        _camaraSessions.CountLeft();
        _certificate.Dispose();
    }
}
