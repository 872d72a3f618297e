using System.Text.Json;

namespace Testbed.Lab.Behaviour;

/// <summary>The nonce of a run, as somebody with access to the kit's disc could read it.</summary>
/// <param name="folder">The run's folder; null when nobody has access.</param>
internal sealed class PlanFile(string? folder)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _time = TimeProvider.System;
    private byte[]? _nonce;
    private long _triedAt;

    /// <summary>
    /// The nonce's bytes; null while there is no plan. Looks at the disc a few times a second at most.
    /// </summary>
    public byte[]? Nonce()
    {
        if (_nonce is not null || folder is null) return _nonce;
        long now = _time.GetTimestamp();
        if (_triedAt != 0 && _time.GetElapsedTime(_triedAt, now) < RetryAfter) return null;
        _triedAt = now;
        return _nonce = Read(Path.Combine(folder, "plan.json"));
    }

    private static byte[]? Read(string path)
    {
        try
        {
            using JsonDocument plan = JsonDocument.Parse(File.ReadAllBytes(path));
            return plan.RootElement.TryGetProperty("nonce", out JsonElement nonce)
                && nonce.ValueKind is JsonValueKind.String
                ? Convert.FromHexString(nonce.GetString() ?? "")
                : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException or FormatException)
        {
            // Not there yet, or half written.
            return null;
        }
    }
}
