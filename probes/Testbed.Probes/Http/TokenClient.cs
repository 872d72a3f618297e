using System.Net;
using System.Text;
using System.Text.Json;
using Testbed.Conformance;

namespace Testbed.Probes.Http;

/// <summary>A token, or why there is none.</summary>
/// <param name="ExpiresInSeconds">As the server says (RFC 6749 §5.1); null when it does not.</param>
/// <param name="Flaw">What the answer lacks of RFC 6749 §5.1; null when nothing.</param>
internal sealed record TokenResult(string? Token, long? ExpiresInSeconds, ApiAnswer Answer, LocalText? Flaw);

/// <summary>
/// OAuth 2.0 client credentials (RFC 6749 §4.4): the client's secret in the body, as TS 29.222 has it, and where the
/// server will have none of that in the Authorization header, which every server must take (§2.3.1).
/// </summary>
internal sealed class TokenClient(ApiClient client, Uri endpoint, string clientId, string secret)
{
    private const string FormMediaType = "application/x-www-form-urlencoded";
    private const int TokenLengthMax = 16 * 1024;
    private bool _isBasic;

    /// <param name="scope">Null asks for none.</param>
    /// <param name="wrongSecret">Sends something else as the secret: the server must refuse.</param>
    public async Task<TokenResult> AskAsync(
        string? scope, CancellationToken cancellation, bool wrongSecret = false)
    {
        TokenResult result = await AskAsync(scope, wrongSecret, _isBasic, cancellation).ConfigureAwait(false);
        if (_isBasic || wrongSecret || result.Answer.Status is not (HttpStatusCode.BadRequest
            or HttpStatusCode.Unauthorized)) return result;
        TokenResult other = await AskAsync(scope, wrongSecret, isBasic: true, cancellation).ConfigureAwait(false);
        _isBasic = other.Token is not null;
        return _isBasic ? other : result;
    }

    private async Task<TokenResult> AskAsync(
        string? scope, bool wrongSecret, bool isBasic, CancellationToken cancellation)
    {
        string id = Uri.EscapeDataString(clientId), key = Uri.EscapeDataString(wrongSecret ? secret + "x" : secret);
        StringBuilder form = new("grant_type=client_credentials");
        if (!isBasic) form.Append("&client_id=").Append(id).Append("&client_secret=").Append(key);
        if (scope is not null) form.Append("&scope=").Append(Uri.EscapeDataString(scope));
        ApiRequest request = new ApiRequest(HttpMethod.Post, endpoint).With(form.ToString(), FormMediaType);
        if (isBasic)
            request = request with
            {
                Headers = [("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{key}")))],
            };
        ApiAnswer answer = await client.CallAsync(request, cancellation).ConfigureAwait(false);
        // The request holds the secret: nobody downstream is to see it.
        return Read(answer with { Request = new(HttpMethod.Post, endpoint) });
    }

    private static TokenResult Read(ApiAnswer answer)
    {
        if (!answer.IsSuccess)
            return new(null, null, answer, new(
                $"令牌端点：{answer.Summary.Zh}", $"token endpoint: {answer.Summary.En}"));
        using JsonDocument? json = answer.Json();
        if (json?.RootElement is not { ValueKind: JsonValueKind.Object } root)
            return new(null, null, answer, new("令牌端点的应答不是 JSON 对象", "the token endpoint's answer is no JSON object"));
        if (!root.TryGetProperty("access_token", out JsonElement token)
            || token.ValueKind is not JsonValueKind.String
            || token.GetString() is not { Length: > 0 and <= TokenLengthMax } text || text.Any(char.IsControl))
            return new(null, null, answer, new("令牌应答缺少 access_token", "the token answer lacks access_token"));
        long? expires = root.TryGetProperty("expires_in", out JsonElement seconds)
            && seconds.ValueKind is JsonValueKind.Number && seconds.TryGetInt64(out long number) ? number : null;
        bool isBearer = root.TryGetProperty("token_type", out JsonElement type)
            && type.ValueKind is JsonValueKind.String
            && string.Equals(type.GetString(), "Bearer", StringComparison.OrdinalIgnoreCase);
        return new(text, expires, answer, isBearer ? null
            : new("令牌应答的 token_type 不是 Bearer", "the token answer's token_type is not Bearer"));
    }
}
