using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Testbed.Lab.Web;

/// <summary>A request that cannot be served, as problem details say it (RFC 9457).</summary>
/// <param name="cause">Machine-readable; null for none.</param>
/// <param name="param">The member of the body that is wrong, as a JSON Pointer; null for none.</param>
internal sealed class ApiProblem(int status, string detail, string? cause = null, string? param = null)
    : Exception(detail)
{
    public int Status { get; } = status;
    public string? Cause { get; } = cause;
    public string? Param { get; } = param;
}

/// <summary>One request to one of the lab's APIs, and its answer.</summary>
internal sealed class ApiCall(HttpContext context)
{
    public const int BodyBytesMax = 64 * 1024;
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";
    private const string ProblemJson = "application/problem+json";
    private const string Bearer = "Bearer ";
    private const int TooLarge = 413, WrongMediaType = 415, BadRequest = 400;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    public string Method => context.Request.Method;
    public int Port => context.Connection.LocalPort;
    public bool IsTls => context.Request.IsHttps;
    public IReadOnlyList<string> Path { get; } =
        (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The request's own scheme, host and port.</summary>
    public string Root => $"{context.Request.Scheme}://{context.Request.Host}";

    public string? Query(string name) => context.Request.Query[name];

    /// <summary>The bearer token (RFC 6750 §2.1); null when there is none.</summary>
    public string? Token => context.Request.Headers.Authorization.ToString() is { } text
        && text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? text[Bearer.Length..].Trim() : null;

    /// <summary>How a refusal is written; an API with error bodies of its own replaces it.</summary>
    public Func<ApiProblem, (JsonObject Body, string MediaType)> Refusal { get; set; } = AsProblemDetails;

    public async Task<IFormCollection> ReadFormAsync()
    {
        if (!context.Request.HasFormContentType) throw new ApiProblem(WrongMediaType, "a form is expected");
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or BadHttpRequestException)
        {
            throw new ApiProblem(BadRequest, "the form cannot be read");
        }
    }

    /// <exception cref="ApiProblem">Another media type, too long, or no JSON object.</exception>
    public async Task<JsonElement> ReadJsonAsync(string mediaType = Json)
    {
        string given = (context.Request.ContentType ?? "").Split(';')[0].Trim();
        if (!given.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
            throw new ApiProblem(WrongMediaType, $"{mediaType} is expected");
        byte[] bytes = await ReadBytesAsync();
        try
        {
            RequireReadableTexts(bytes);
            using JsonDocument document = JsonDocument.Parse(bytes, Strict);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new ApiProblem(BadRequest, "a JSON object is expected", "INVALID_MSG_FORMAT");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new ApiProblem(BadRequest, "the body is no JSON", "INVALID_MSG_FORMAT");
        }
    }

    /// <summary>A lone surrogate passes the parser and throws where its text is asked for.</summary>
    private static void RequireReadableTexts(byte[] bytes)
    {
        Utf8JsonReader reader = new(bytes, new() { MaxDepth = Strict.MaxDepth });
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
    }

    private async Task<byte[]> ReadBytesAsync()
    {
        using MemoryStream bytes = new();
        try
        {
            if (context.Request.ContentLength > BodyBytesMax) throw new ApiProblem(TooLarge, "the body is too long");
            await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        }
        catch (BadHttpRequestException wrong)
        {
            throw new ApiProblem(wrong.StatusCode, "the body cannot be read");
        }
        return bytes.Length <= BodyBytesMax ? bytes.ToArray() : throw new ApiProblem(TooLarge, "the body is too long");
    }

    public Task AnswerAsync(int status, JsonNode? body = null, string? location = null)
    {
        if (location is not null) context.Response.Headers.Location = location;
        return WriteAsync(status, body, Json);
    }

    public void AddHeader(string name, string value) => context.Response.Headers[name] = value;

    private Task WriteAsync(int status, JsonNode? body, string mediaType)
    {
        context.Response.StatusCode = status;
        if (body is null) return Task.CompletedTask;
        context.Response.ContentType = mediaType;
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    /// <summary>Answers a request; what a handler cannot serve becomes a refusal.</summary>
    public static async Task HandleAsync(HttpContext context, Func<ApiCall, Task> answer)
    {
        ApiCall call = new(context);
        try
        {
            await answer(call);
        }
        catch (ApiProblem problem)
        {
            if (problem.Status == StatusCodes.Status401Unauthorized)
                context.Response.Headers.WWWAuthenticate = "Bearer";
            (JsonObject body, string mediaType) = call.Refusal(problem);
            await call.WriteAsync(problem.Status, body, mediaType);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The client left: nobody is there to be answered.
        }
    }

    private static (JsonObject Body, string MediaType) AsProblemDetails(ApiProblem problem)
    {
        JsonObject body = new() { ["status"] = problem.Status, ["detail"] = problem.Message };
        if (problem.Cause is { } cause) body["cause"] = cause;
        if (problem.Param is { } param) body["invalidParams"] = new JsonArray(new JsonObject { ["param"] = param });
        return (body, ProblemJson);
    }

    /// <summary>CAMARA's ErrorInfo.</summary>
    public static (JsonObject Body, string MediaType) AsErrorInfo(ApiProblem problem) => (new()
    {
        ["status"] = problem.Status,
        ["code"] = problem.Cause ?? problem.Status.ToString(CultureInfo.InvariantCulture),
        ["message"] = problem.Message,
    }, Json);
}
