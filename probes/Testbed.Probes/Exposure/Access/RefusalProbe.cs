using System.Net;
using System.Text.Json;
using Testbed.Conformance.Results;
using Testbed.Probes.Http;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Exposure.Access;

/// <summary>
/// EXP-002: calls without a token, with one that is made up, expired or for something else, and on behalf of another
/// application function. Parameters as in <see cref="ExposureAccess"/> and <see cref="OtherFunction"/>; apis,
/// expiryWaitSeconds.
/// </summary>
internal sealed class RefusalProbe : IProbe
{
    private const string RecordName = "exposure-refusals.csv";
    private const string ExpiryId = "exposure-expired-token-accepted";
    private const string Step = "expired token";
    private const long NsPerSecond = 1_000_000_000;
    /// <summary>Clocks of a server may round a token's life up.</summary>
    private const int ExpiryMarginSeconds = 1;

    public string Kind => "exposure-refusals";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        string[] apis = NefApis.Read(parameters);
        int waitMax = parameters.Whole("expiryWaitSeconds", 0, 7_200);
        return ProbeThread.GuardAsync(async () =>
        {
            using ExposureAccess access = ExposureAccess.Open(parameters, host);
            OtherFunction other = OtherFunction.Read(parameters, access);
            using StepList steps = new(host, RecordName);
            long askedNs = Clocks.MonotonicNs();
            TokenResult first = await access.Tokens.AskAsync(null, cancellation);
            bool firstWorks = first.Token is { } fresh && (await access.Client.CallAsync(
                new(HttpMethod.Get, access.Subscriptions(apis[0])) { Token = fresh }, cancellation)).IsSuccess;
            foreach (Uri resource in Resources(access, apis))
                await CheckTokensAsync(access, resource, steps, cancellation);
            foreach (string api in apis) await CheckOtherAsync(access, api, other, steps, cancellation);
            await CheckScopeAsync(access, apis, steps, cancellation);
            string source = $"{Kind}@{host.Kit}";
            KpiResult accepted = steps.Build("exposure-unauthorised-accepted", source, steps.Done);
            KpiResult expired = await CheckExpiryAsync(
                access, apis[0], first, firstWorks, askedNs, waitMax, steps, source, host, cancellation);
            return new([accepted, expired], [RecordName]);
        });
    }

    private static IEnumerable<Uri> Resources(ExposureAccess access, IEnumerable<string> apis)
    {
        foreach (string api in apis) yield return access.Subscriptions(api);
        if (access.Capif is { } capif)
            yield return ExposureAccess.Below(capif, $"service-apis/v1/allServiceAPIs?api-invoker-id={access.AfId}");
    }

    private static async Task CheckTokensAsync(
        ExposureAccess access, Uri resource, StepList steps, CancellationToken cancellation)
    {
        ApiAnswer control = await access.CallAsync(new(HttpMethod.Get, resource), cancellation);
        // Who lets nobody in refuses everybody: that shows nothing of tokens.
        if (!control.IsSuccess)
            steps.Undecided("good token", new(
                $"持有效令牌的 GET {resource.AbsolutePath} 也未成功（{control.Summary.Zh}），拒绝不能说明校验了令牌",
                $"GET {resource.AbsolutePath} with a good token does not succeed either ({control.Summary.En}), so a "
                    + "refusal says nothing of tokens"), control);
        foreach ((string name, string zh, string? token) in
            ((string, string, string?)[])[("no token", "无令牌", null), ("made-up token", "伪造令牌", "bm90LWEtdG9rZW4")])
        {
            await RefusedAsync(access, new(HttpMethod.Get, resource) { Token = token }, name, zh, steps, cancellation);
            if (resource.Query.Length > 0) continue;
            ApiRequest create = new ApiRequest(HttpMethod.Post, resource) { Token = token };
            await RefusedAsync(access, create.With("{}"), name, zh, steps, cancellation);
        }
    }

    /// <summary>A reading and a creation in another's name, with a token of our own that is good.</summary>
    private static async Task CheckOtherAsync(
        ExposureAccess access, string api, OtherFunction other, StepList steps, CancellationToken cancellation)
    {
        TokenResult token = await access.Token.GetAsync(cancellation);
        if (token.Token is null)
        {
            steps.Undecided("another AF", token.Flaw ?? new("未得到令牌", "no token"));
            return;
        }
        Uri resource = access.Subscriptions(api, other.AfId);
        bool isThere = await other.IsLetInAsync(resource, steps, cancellation);
        ApiRequest read = new(HttpMethod.Get, resource) { Token = token.Token };
        ApiRequest create = new ApiRequest(HttpMethod.Post, resource) { Token = token.Token };
        foreach (ApiRequest request in (ApiRequest[])[read, create.With("{}")])
            await RefusedAsync(
                access, request, "another AF's subscriptions", "他人的订阅", steps, cancellation, isThere);
    }

    /// <summary>A token for another API; where there is only one, none can be had.</summary>
    private static async Task CheckScopeAsync(
        ExposureAccess access, string[] apis, StepList steps, CancellationToken cancellation)
    {
        if (apis.Length < 2) return;
        TokenResult narrow = await access.Tokens.AskAsync(apis[1], cancellation);
        if (narrow.Token is not { } token || !IsGranted(narrow.Answer, apis[1]))
        {
            // Scopes are the operator's to name; a server that knows no such one refuses it or grants what it likes.
            bool isRefused = narrow.Answer.Status is { } status && (int)status is 400 or 401 or 403;
            if (isRefused) steps.Pass("token of a scope that is not offered", narrow.Answer);
            else if (narrow.Token is { } wide) await CheckWideAsync(access, apis, wide, steps, cancellation);
            else
                steps.Undecided($"token for {apis[1]}", new(
                    $"请求仅限 {apis[1]} 的令牌，令牌端点既未授予也未拒绝（{narrow.Answer.Summary.Zh}），无法检验权限不符的令牌；"
                        + "请使其按 RFC 6749 §5.2 应答后重测",
                    $"asked for a token for {apis[1]} alone, the token endpoint neither grants nor refuses "
                        + $"({narrow.Answer.Summary.En}), so a wrong scope cannot be tried; let it answer as RFC 6749 "
                        + "§5.2 has it and measure again"), narrow.Answer);
            return;
        }
        await RefusedAsync(access, new(HttpMethod.Get, access.Subscriptions(apis[0])) { Token = token },
            $"token for {apis[1]}", $"仅限 {apis[1]} 的令牌", steps, cancellation);
    }

    /// <summary>A server that gives other rights than were asked for leaves no token to try a wrong one with.</summary>
    private static async Task CheckWideAsync(
        ExposureAccess access, string[] apis, string token, StepList steps, CancellationToken cancellation)
    {
        ApiAnswer answer = await access.Client.CallAsync(
            new(HttpMethod.Get, access.Subscriptions(apis[0])) { Token = token }, cancellation);
        if (IsRefusal(answer)) steps.Pass($"token for {apis[1]}", answer);
        else
            steps.Undecided($"token for {apis[1]}", new(
                $"请求仅限 {apis[1]} 的令牌，授权服务器却授予了更大的权限，无法检验权限不符的令牌",
                $"asked for a token for {apis[1]} alone, the server granted more, so a wrong scope cannot be tried"),
                answer);
    }

    /// <summary>Without a word on the scope the token has what was asked for (RFC 6749 §5.1).</summary>
    private static bool IsGranted(ApiAnswer answer, string scope)
    {
        using JsonDocument? json = answer.Json();
        return json?.RootElement is { ValueKind: JsonValueKind.Object } root
            && (!root.TryGetProperty("scope", out JsonElement granted)
                || (granted.ValueKind is JsonValueKind.String && granted.GetString() == scope));
    }

    private static async Task RefusedAsync(
        ExposureAccess access, ApiRequest request, string name, string zhName, StepList steps,
        CancellationToken cancellation, bool isThere = true)
    {
        // To its end, also when stopped: what is let in may have created something.
        cancellation.ThrowIfCancellationRequested();
        ApiAnswer answer = await access.Client.CallAsync(request, CancellationToken.None);
        if (answer is { IsSuccess: true, Location: { } made }) await access.CleanUpAsync(made);
        // An empty object creates nothing: whoever looks at the body first says so, and not who may send one.
        bool isOfBody = request.Body is not null && answer.Status is { } status && (int)status is >= 400 and < 500;
        if (isOfBody && !IsRefusal(answer))
            steps.Undecided(name, new(
                $"{zhName}：{request.Method} {request.Address.AbsolutePath} 因请求体被拒绝（{answer.Summary.Zh}），不能说明校验了权限",
                $"{name}: {request.Method} {request.Address.AbsolutePath} is refused for its body "
                    + $"({answer.Summary.En}), which says nothing of rights"), answer);
        else if (!isThere && answer.Status is HttpStatusCode.NotFound)
            steps.Undecided(name, new(
                $"{zhName}：{request.Method} {request.Address.AbsolutePath} 返回 404，可能是隐藏他人的资源，"
                    + "也可能是并无此 AF；请在申报中给出另一个 AF（exposure.nef.otherAf）",
                $"{name}: {request.Method} {request.Address.AbsolutePath} is answered 404, which may hide what is "
                    + "another's or say that there is no such AF; name a second AF in the claim "
                    + "(exposure.nef.otherAf)"), answer);
        else steps.Take(name, IsRefusal(answer), new(
            $"{zhName}：{request.Method} {request.Address.AbsolutePath} 未被拒绝（{answer.Summary.Zh}）",
            $"{name}: {request.Method} {request.Address.AbsolutePath} is not refused ({answer.Summary.En})"), answer);
    }

    /// <summary>RFC 6750 §3.1 and TS 29.122 §5.2: who one is, what one may, or that there is nothing here.</summary>
    private static bool IsRefusal(ApiAnswer answer) => answer.Status is { } status && (int)status is 401 or 403 or 404;

    private static async Task<KpiResult> CheckExpiryAsync(
        ExposureAccess access, string api, TokenResult first, bool firstWorks, long askedNs, int waitMax,
        StepList steps, string source, IProbeHost host, CancellationToken cancellation)
    {
        KpiResult none = new()
        {
            Id = ExpiryId, Value = 0, Low = 0, High = 0, Unit = "1", Samples = 0, Source = source,
            NotUsableVerdict = Verdict.Inconclusive,
        };
        if (first.Token is not { } token || first.ExpiresInSeconds is not { } life)
            return none with { NotUsable = first.Flaw ?? new("令牌未声明有效期", "the token states no lifetime") };
        long leftNs = askedNs + (life + ExpiryMarginSeconds) * NsPerSecond - Clocks.MonotonicNs();
        if (life > waitMax)
            return none with
            {
                NotUsable = new(
                    $"令牌有效期 {life} s，长于本计划等待的 {waitMax} s；请为测评配置短有效期后重测",
                    $"tokens live {life} s, longer than the {waitMax} s that this plan waits; give the inspection "
                        + "short-lived ones and measure again"),
            };
        if (!firstWorks)
            return none with
            {
                NotUsable = new("令牌在有效期内也未被接受，过期后被拒绝不能说明问题",
                    "the token was not accepted even while it lived, so its refusal later shows nothing"),
            };
        if (leftNs > 0) await Task.Delay(TimeSpan.FromTicks(leftNs / 100), host.Time, cancellation);
        ApiAnswer answer = await access.Client.CallAsync(
            new(HttpMethod.Get, access.Subscriptions(api)) { Token = token }, cancellation);
        bool isRefused = IsRefusal(answer);
        steps.Take(Step, isRefused, new("过期令牌未被拒绝", "an expired token is not refused"), answer);
        if (answer.Fault.MayBeTheKits()) return none with { NotUsable = answer.Summary };
        return none with
        {
            Value = isRefused ? 0 : 1, Low = isRefused ? 0 : 1, High = isRefused ? 0 : 1, Samples = 1,
            Evidence = [RecordName], NotUsableVerdict = null,
            Findings = isRefused ? [] :
            [
                new($"过期令牌未被拒绝（{answer.Summary.Zh}）", $"an expired token is not refused ({answer.Summary.En})"),
            ],
        };
    }
}
