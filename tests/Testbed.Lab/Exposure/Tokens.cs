using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Testbed.Lab.Web;

namespace Testbed.Lab.Exposure;

/// <summary>An application function that the operator let in.</summary>
internal sealed record ApiClientAccount(string Id, string Secret);

/// <summary>What a token allows.</summary>
internal sealed record Grant(string ClientId, string Scope, DateTimeOffset ExpiresUtc);

/// <summary>OAuth 2.0 client credentials (RFC 6749 §4.4): opaque tokens that live for some seconds.</summary>
internal sealed class Tokens(IReadOnlyList<ApiClientAccount> accounts, TimeProvider time)
{
    /// <summary>Short, so that an inspection sees one expire.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(6);
    public const string AllScopes = "3gpp-as-session-with-qos 3gpp-traffic-influence 3gpp-monitoring-event "
        + "service-apis quality-on-demand:sessions:create quality-on-demand:sessions:read "
        + "quality-on-demand:sessions:delete";
    private const int TokensMax = 10_000;

    private static readonly IReadOnlyList<string> Known = AllScopes.Split(' ');
    private readonly ConcurrentDictionary<string, Grant> _grants = new(StringComparer.Ordinal);

    public async Task IssueAsync(ApiCall call)
    {
        if (call.Method != "POST") throw new ApiProblem(405, "only POST");
        IFormCollection form = await call.ReadFormAsync();
        if (form["grant_type"] != "client_credentials")
        {
            await RefuseAsync(call, 400, "unsupported_grant_type");
            return;
        }
        if (accounts.FirstOrDefault(each => form["client_id"] == each.Id) is not { } account
            || !IsSecret(account, form["client_secret"].ToString()))
        {
            await RefuseAsync(call, 401, "invalid_client");
            return;
        }
        string scope = form["scope"].ToString() is { Length: > 0 } asked ? asked : AllScopes;
        if (scope.Split(' ').Any(each => !Known.Contains(each)))
        {
            await RefuseAsync(call, 400, "invalid_scope");
            return;
        }
        call.AddHeader("Cache-Control", "no-store");
        await call.AnswerAsync(200, new JsonObject
        {
            ["access_token"] = Make(account, scope), ["token_type"] = "Bearer",
            ["expires_in"] = (int)Lifetime.TotalSeconds, ["scope"] = scope,
        });
    }

    /// <summary>The grant of a token that still lives; null for any other.</summary>
    public Grant? Find(string? token) =>
        token is not null && _grants.TryGetValue(token, out Grant? grant) && grant.ExpiresUtc > time.GetUtcNow()
            ? grant : null;

    private string Make(ApiClientAccount account, string scope)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((string old, Grant grant) in _grants)
            if (grant.ExpiresUtc <= now) _grants.TryRemove(old, out _);
        if (_grants.Count >= TokensMax) throw new ApiProblem(503, "too many tokens");
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _grants[token] = new(account.Id, scope, now + Lifetime);
        return token;
    }

    private static bool IsSecret(ApiClientAccount account, string given) => CryptographicOperations.FixedTimeEquals(
        System.Text.Encoding.UTF8.GetBytes(given), System.Text.Encoding.UTF8.GetBytes(account.Secret));

    /// <summary>RFC 6749 §5.2.</summary>
    private static Task RefuseAsync(ApiCall call, int status, string error) =>
        call.AnswerAsync(status, new JsonObject { ["error"] = error });
}
