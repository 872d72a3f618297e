using Testbed.Conformance;
using Testbed.Probes.Http;

namespace Testbed.Probes.Exposure.Access;

/// <summary>
/// EXP-001: TLS 1.2 or later with a valid certificate at every claimed address, nothing older, nothing in clear text,
/// and OAuth 2.0 client credentials. Parameters as in <see cref="ExposureAccess"/>; apis (comma list).
/// </summary>
internal sealed class AccessProbe : IProbe
{
    private const string RecordName = "exposure-access.csv";
    private const int HttpPort = 80;
    /// <summary>One server with two older versions, two ports in clear, three steps with tokens.</summary>
    private const int StepsMin = 8;

    public string Kind => "exposure-access";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        string[] apis = NefApis.Read(parameters);
        return ProbeThread.GuardAsync(async () =>
        {
            using ExposureAccess access = ExposureAccess.Open(parameters, host);
            using StepList steps = new(host, RecordName);
            TlsHandshake tls = new(access.Roots, host.Time);
            foreach (Uri server in Servers(access)) await CheckServerAsync(tls, server, steps, cancellation);
            foreach (int port in (int[])[access.Root.Port, HttpPort])
                await CheckClearAsync(tls, access.Subscriptions(apis[0]), port, steps, cancellation);
            await CheckTokenAsync(access, access.Subscriptions(apis[0]), steps, cancellation);
            int left = await Leftovers.RemoveAsync(access, apis, task.RunNonce, cancellation);
            return new([steps.Build("exposure-access-failures", $"{Kind}@{host.Kit}", StepsMin,
                [.. Leftovers.Say(left)])], [RecordName]) { Facts = Leftovers.Facts(left) };
        });
    }

    /// <summary>Each claimed address once.</summary>
    private static IEnumerable<Uri> Servers(ExposureAccess access) =>
        ((Uri?[])[access.Root, access.TokenEndpoint, access.Capif, access.Camara]).OfType<Uri>()
            .DistinctBy(each => (each.Scheme, each.Host, each.Port));

    private static async Task CheckServerAsync(
        TlsHandshake tls, Uri server, StepList steps, CancellationToken cancellation)
    {
        string at = $"{server.Host}:{server.Port}";
        if (server.Scheme != Uri.UriSchemeHttps)
        {
            steps.Fail($"tls {at}", new($"{at} 申报为明文 HTTP", $"{at} is claimed with plain HTTP"));
            return;
        }
        HandshakeResult result = await tls.ShakeAsync(server, cancellation);
        LocalText fault = result.Fault.Describe(CallLimits.Default);
        if (result.Fault.MayBeTheKits()) steps.Undecided($"tls {at}", new($"{at}：{fault.Zh}", $"{at}: {fault.En}"));
        else
            steps.Take($"tls {at}", result.Fault is CallFault.None && result.IsModern, result.Fault is CallFault.None
                ? new($"{at} 协商出 {result.Protocol}", $"{at} agreed on {result.Protocol}")
                : new($"{at}：{fault.Zh}", $"{at}: {fault.En}"));
        foreach ((byte minor, string name) in ((byte, string)[])[(2, "TLS 1.1"), (1, "TLS 1.0")])
            steps.Take($"{name} {at}", !await TlsHandshake.AcceptsAsync(server, minor, cancellation),
                new($"{at} 接受 {name}", $"{at} accepts {name}"));
    }

    private static async Task CheckClearAsync(
        TlsHandshake tls, Uri resource, int port, StepList steps, CancellationToken cancellation)
    {
        ApiAnswer answer = await tls.AskInClearAsync(resource, port, cancellation);
        steps.Take($"clear text port {port}", !TlsHandshake.IsServed(answer), new(
            $"端口 {port} 以明文 HTTP 提供接口（{answer.Summary.Zh}）",
            $"port {port} serves the API in clear text ({answer.Summary.En})"));
    }

    private static async Task CheckTokenAsync(
        ExposureAccess access, Uri resource, StepList steps, CancellationToken cancellation)
    {
        TokenResult token = await access.Tokens.AskAsync(null, cancellation);
        steps.Take("token", token is { Token: not null, Flaw: null },
            token.Flaw ?? new("未得到令牌", "no token"), token.Answer);
        TokenResult wrong = await access.Tokens.AskAsync(null, cancellation, wrongSecret: true);
        bool isRefused = wrong is { Token: null, Answer.Status: { } status } && (int)status is >= 400 and < 500;
        steps.Take("token with a wrong secret", isRefused, new(
            $"错误的口令未被拒绝（{wrong.Answer.Summary.Zh}）",
            $"a wrong secret is not refused ({wrong.Answer.Summary.En})"), wrong.Answer);
        if (token.Token is null) return;
        ApiAnswer answer = await access.CallAsync(new(HttpMethod.Get, resource), cancellation);
        steps.Take("call with the token", answer.IsSuccess, new(
            $"持有效令牌的调用未成功（{answer.Summary.Zh}）",
            $"a call with a valid token does not succeed ({answer.Summary.En})"), answer);
    }
}
