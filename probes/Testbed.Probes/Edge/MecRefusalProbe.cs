using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Probes.Exposure;
using Testbed.Probes.Http;

namespace Testbed.Probes.Edge;

/// <summary>
/// EDG-007: calls to the MEC platform without a token and with wrong ones. Parameters as in <see cref="MecAccess"/>;
/// services, true where the root is the service API's; location, the root of the location API, where one is claimed.
/// What refuses the right token as well shows nothing.
/// </summary>
internal sealed class MecRefusalProbe : IProbe
{
    public const string RecordName = "mec-refusals.csv";
    private const string KpiId = "mec-unauthorised-accepted";

    /// <summary>None, a made-up one, and two that only a claimed one can be made into.</summary>
    private const int WrongTokensMax = 4;

    public string Kind => "mec-refusals";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        string madeUp = Convert.ToHexStringLower(
            ProbeKeys.Derive(parameters.RunNonce.Span, "testbed made-up token v1"));
        bool hasServices = parameters.OneOf("services", "true", "false") == "true";
        Uri? location = hasServices ? parameters.WebOrNull("location") : parameters.Web("location");
        return ProbeThread.GuardAsync(async () =>
        {
            using MecAccess access = MecAccess.Open(parameters, host);
            using StepList steps = new(host, RecordName);
            ApiRequest[] requests = Requests(access, hasServices, location, madeUp);
            Refusals refusals = new(access, steps, requests);
            ApiAnswer? denied = await refusals.ControlAsync(cancellation);
            foreach ((string what, string zh, string? token) in WrongTokens(access.Token, madeUp))
                await refusals.TryAsync(what, zh, token, cancellation);
            KpiResult kpi = steps.Build(KpiId, $"{Kind}@{host.Kit}", requests.Length * WrongTokensMax);
            return new(
                [refusals.LetIn ? kpi : Controlled(kpi, access.Token, denied)], [RecordName]);
        });
    }

    /// <summary>A platform may guard one resource and forget another: one of each kind that the claim names.</summary>
    private static ApiRequest[] Requests(MecAccess access, bool hasServices, Uri? location, string madeUp)
    {
        List<ApiRequest> requests = [];
        if (hasServices)
        {
            ApiRequest list = new(HttpMethod.Get, access.Below("services"));
            requests.Add(list);
            requests.Add(new ApiRequest(HttpMethod.Post, access.OfApp("services"))
                .With(ServiceDocuments.Service(ServiceDocuments.NameMark + madeUp[..8], list.Address)));
            requests.Add(new(HttpMethod.Get, access.OfApp("subscriptions")));
        }
        if (location is not null)
            requests.Add(new(HttpMethod.Get, new($"{location.AbsoluteUri.TrimEnd('/')}/queries/users")));
        return [.. requests];
    }

    private static IEnumerable<(string What, string Zh, string? Token)> WrongTokens(string? right, string madeUp)
    {
        yield return ("no token", "无令牌", null);
        yield return ("made-up token", "伪造令牌", madeUp);
        if (right is not { Length: > 1 }) yield break;
        yield return ("cut token", "截短的令牌", right[..^1]);
        // A last letter of base64url may hold bits that nobody reads: only its first ones tell another signature.
        yield return ("altered token", "改动的令牌", right[..^1] + (right[^1] == 'A' ? 'g' : 'A'));
    }

    /// <param name="denied">The answer by which the right token was not let in; null when it was.</param>
    private static KpiResult Controlled(KpiResult kpi, string? token, ApiAnswer? denied)
    {
        if (denied is null) return kpi;
        LocalText why = token is null
            ? new("申报未给出令牌（edge.token），无法证明接口会接受授权的调用",
                "the claim names no token (edge.token), so it cannot be shown that authorised calls are let in")
            : new($"申报的令牌未被接受（{denied.Summary.Zh}），拒绝不能说明问题",
                $"the claimed token is not accepted ({denied.Summary.En}), so refusals show nothing");
        return kpi with { NotUsable = why, NotUsableVerdict = Verdict.Inconclusive };
    }

    private sealed class Refusals(MecAccess access, StepList steps, IReadOnlyList<ApiRequest> requests)
    {
        /// <summary>Somebody without the right token was served.</summary>
        public bool LetIn { get; private set; }

        /// <summary>The first answer by which the right token is not let in; null when there is none.</summary>
        public async Task<ApiAnswer?> ControlAsync(CancellationToken cancellation)
        {
            foreach (ApiRequest request in requests.Where(each => each.Method == HttpMethod.Get))
                if (await access.CallAsync(request, cancellation) is { IsSuccess: false } denied) return denied;
            return null;
        }

        public async Task TryAsync(string what, string zh, string? token, CancellationToken cancellation)
        {
            foreach (ApiRequest request in requests)
            {
                // To its end, also when stopped: what is let in makes a service, and nobody else would remove it.
                cancellation.ThrowIfCancellationRequested();
                ApiAnswer answer = await access.CallAsync(request, token, CancellationToken.None);
                LetIn |= answer.IsSuccess;
                // What is let in made a service: it goes, wherever the platform says that it is.
                if (answer.IsSuccess && request.Method == HttpMethod.Post)
                    await RegistryLeftovers.RemoveServicesAsync(access, CancellationToken.None);
                // RFC 6750 §3.1: who one is, or what one may.
                bool isRefused = answer.Status is { } status && (int)status is 401 or 403;
                steps.Take(what, isRefused, new(
                    $"{zh}：{request.Method} {request.Address.AbsolutePath} 未被拒绝（{answer.Summary.Zh}）",
                    $"{what}: {request.Method} {request.Address.AbsolutePath} is not refused ({answer.Summary.En})"),
                    answer);
            }
        }
    }
}
