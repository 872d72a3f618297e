using System.Text.Json;

namespace Testbed.Probes.Http;

/// <summary>JSON from a peer: bounded depth, and every text in it can be read without a surprise.</summary>
internal static class PeerJson
{
    /// <summary>JSON of the APIs here nests four or five deep.</summary>
    private const int DepthMax = 32;

    /// <summary>Null when the bytes are no JSON. The caller disposes.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return HasReadableTexts(bytes.Span) ? JsonDocument.Parse(bytes, new() { MaxDepth = DepthMax }) : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A lone surrogate passes the parser and throws where its text is asked for.</summary>
    private static bool HasReadableTexts(ReadOnlySpan<byte> bytes)
    {
        Utf8JsonReader reader = new(bytes, new() { MaxDepth = DepthMax });
        bool any = false;
        while (reader.Read())
        {
            any = true;
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
        }
        return any;
    }
}
