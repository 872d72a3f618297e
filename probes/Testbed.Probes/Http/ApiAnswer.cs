using System.Globalization;
using System.Net;
using System.Text.Json;
using Testbed.Conformance;

namespace Testbed.Probes.Http;

/// <summary>What came of one call: an answer, or the reason why there is none. Never an exception.</summary>
internal sealed record ApiAnswer
{
    public required ApiRequest Request { get; init; }
    public CallFault Fault { get; init; }
    /// <summary>Null where there is no answer.</summary>
    public HttpStatusCode? Status { get; init; }
    /// <summary>Version of the protocol that was spoken.</summary>
    public Version? HttpVersion { get; init; }
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
    public ReadOnlyMemory<byte> Body { get; init; }
    /// <summary>Wall clock of this kit, ns since the Unix epoch, just before the first try was sent.</summary>
    public long CalledNs { get; init; }
    /// <summary>When the answer's last byte was there, or the call was given up.</summary>
    public long EndedNs { get; init; }
    public int Tries { get; init; } = 1;
    public required CallLimits Limits { get; init; }

    public bool IsAnswered => Fault is CallFault.None;
    public bool IsSuccess => Status is { } status && (int)status is >= 200 and < 300;
    public bool IsRedirect => Status is { } status && (int)status is >= 300 and < 400;
    public string? MediaType =>
        Header("Content-Type")?.Split(';')[0].Trim().ToLowerInvariant() is { Length: > 0 } type ? type : null;

    /// <summary>The first header of this name; null when there is none.</summary>
    public string? Header(string name) => Headers
        .Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(header => header.Value).FirstOrDefault();

    /// <summary>The resource that the answer says it made (RFC 9110 §10.2.2), made absolute.</summary>
    public Uri? Location => Header("Location") is { } text && Uri.TryCreate(Request.Address, text, out Uri? location)
        && location.Scheme is "https" or "http" ? location : null;

    /// <summary>The body as JSON; null when it is none. The caller disposes.</summary>
    public JsonDocument? Json() => PeerJson.Parse(Body);

    /// <summary>What came, in a few words: the status with its media type, or the fault.</summary>
    public LocalText Summary
    {
        get
        {
            if (Status is not { } status) return Fault.Describe(Limits);
            string code = ((int)status).ToString(CultureInfo.InvariantCulture);
            string type = MediaType is { } media ? $" ({media})" : "";
            return IsRedirect
                ? new($"重定向 {code}（不跟随）", $"redirect {code} (not followed)")
                : new($"应答 {code}{type}", $"answer {code}{type}");
        }
    }
}
