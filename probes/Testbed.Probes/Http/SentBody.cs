using System.Net.Http.Headers;

namespace Testbed.Probes.Http;

/// <summary>A request's body under whatever media type, or none: bad requests are part of the tests.</summary>
internal static class SentBody
{
    public static ByteArrayContent Of(ReadOnlyMemory<byte> bytes, string? mediaType)
    {
        ByteArrayContent content = new(bytes.ToArray());
        HttpContentHeaders headers = content.Headers;
        if (mediaType is not null) headers.TryAddWithoutValidation("Content-Type", mediaType);
        return content;
    }
}
