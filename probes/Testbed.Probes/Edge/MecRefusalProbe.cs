using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Probes.Exposure;
using Testbed.Probes.Http;

namespace Testbed.Probes.Edge;

/// <summary>
/// EDG-007: calls to the MEC platform without a token and with wrong ones. Parameters as in <see cref="MecAccess"/>.
/// What refuses the right token as well shows nothing.
/// </summary>
internal sealed class MecRefusalProbe : IProbe
{
    public const string RecordName = "mec-refusals.csv";
    private const string KpiId = "mec-unauthorised-accepted";

    /// <summary>Two calls without a token and two with one that is made up.</summary>
    private const int StepsPlanned = 4;

    public string Kind => "mec-refusals";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        string madeUp = Convert.ToHexStringLower(
            ProbeKeys.Derive(parameters.RunNonce.Span, "testbed made-up token v1"));
        return ProbeThread.GuardAsync(async () =>
        {
            using MecAccess access = MecAccess.Open(parameters, host);
            using StepList steps = new(host, RecordName);
            ApiRequest list = new(HttpMethod.Get, access.Below("services"));
            ApiAnswer control = await access.CallAsync(list, cancellation);
            foreach ((string what, string zh, string? token) in WrongTokens(access.Token, madeUp))
            {
                await RefusedAsync(access, list, what, zh, token, steps, cancellation);
                ApiRequest register = new ApiRequest(HttpMethod.Post, access.OfApp("services"))
                    .With(ServiceDocuments.Service(ServiceDocuments.NameMark + madeUp[..8], list.Address));
                await RefusedAsync(access, register, what, zh, token, steps, cancellation);
            }
            KpiResult kpi = steps.Build(KpiId, $"{Kind}@{host.Kit}", StepsPlanned);
            return new([Controlled(kpi, access.Token, control)], [RecordName]);
        });
    }

    private static IEnumerable<(string What, string Zh, string? Token)> WrongTokens(string? right, string madeUp)
    {
        yield return ("no token", "无令牌", null);
        yield return ("made-up token", "伪造令牌", madeUp);
        if (right is not { Length: > 1 }) yield break;
        yield return ("cut token", "截短的令牌", right[..^1]);
        yield return ("altered token", "改动的令牌", right[..^1] + (right[^1] == 'A' ? 'B' : 'A'));
    }

    private static async Task RefusedAsync(
        MecAccess access, ApiRequest request, string what, string zh, string? token, StepList steps,
        CancellationToken cancellation)
    {
        ApiAnswer answer = await access.CallAsync(request, token, cancellation);
        // What is let in made a service: it goes, wherever the platform says that it is.
        if (answer.IsSuccess && request.Method == HttpMethod.Post)
            await RegistryLeftovers.RemoveAsync(access, cancellation);
        // RFC 6750 §3.1: who one is, or what one may.
        bool isRefused = answer.Status is { } status && (int)status is 401 or 403;
        steps.Take(what, isRefused, new(
            $"{zh}：{request.Method} {request.Address.AbsolutePath} 未被拒绝（{answer.Summary.Zh}）",
            $"{what}: {request.Method} {request.Address.AbsolutePath} is not refused ({answer.Summary.En})"), answer);
    }

    private static KpiResult Controlled(KpiResult kpi, string? token, ApiAnswer control)
    {
        if (kpi.Value > 0 || control.IsSuccess) return kpi;
        LocalText why = token is null
            ? new("申报未给出令牌（edge.token），无法证明接口会接受授权的调用",
                "the claim names no token (edge.token), so it cannot be shown that authorised calls are let in")
            : new($"申报的令牌未被接受（{control.Summary.Zh}），拒绝不能说明问题",
                $"the claimed token is not accepted ({control.Summary.En}), so refusals show nothing");
        return kpi with { NotUsable = why, NotUsableVerdict = Verdict.Inconclusive };
    }
}
