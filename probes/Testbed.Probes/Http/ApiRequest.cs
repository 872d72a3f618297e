using System.Text;

namespace Testbed.Probes.Http;

/// <summary>One call, as it goes to the peer.</summary>
/// <param name="Address">Absolute.</param>
internal sealed record ApiRequest(HttpMethod Method, Uri Address)
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";

    /// <summary>Bearer token (RFC 6750 §2.1); null sends none.</summary>
    public string? Token { get; init; }
    public ReadOnlyMemory<byte>? Body { get; init; }
    /// <summary>Of the body; null sends no Content-Type.</summary>
    public string? MediaType { get; init; } = Json;
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Sending it twice does what sending it once does, and nobody counts (RFC 9110 §9.2.2).</summary>
    public bool IsRepeatable => Method == HttpMethod.Get || Method == HttpMethod.Head;

    public ApiRequest With(string json, string mediaType = Json) =>
        this with { Body = Encoding.UTF8.GetBytes(json), MediaType = mediaType };
}
