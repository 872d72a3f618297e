using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Testbed.Lab.Web;

/// <summary>Reads members of a request's body; the first that is wrong is refused by name (400).</summary>
internal static class BodyFields
{
    private const int BadRequest = 400;
    private const int TextLengthMax = 2048;

    /// <summary>The text of a member; null when it is not there.</summary>
    public static string? Text(this JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out JsonElement value)) return null;
        if (value.ValueKind is not JsonValueKind.String
            || value.GetString() is not { Length: > 0 and <= TextLengthMax })
            throw Wrong(name, "a text is expected");
        return value.GetString();
    }

    public static string RequiredText(this JsonElement body, string name) =>
        body.Text(name) ?? throw Wrong(name, "it is missing");

    public static Uri RequiredUri(this JsonElement body, string name) =>
        Uri.TryCreate(body.RequiredText(name), UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? uri : throw Wrong(name, "an absolute address is expected");

    /// <summary>An IPv4 address as a big-endian number.</summary>
    public static uint RequiredIpv4(this JsonElement body, string name) =>
        IPAddress.TryParse(body.RequiredText(name), out IPAddress? address)
        && address.AddressFamily is AddressFamily.InterNetwork && address.ToString() == body.Text(name)
            ? Wire.Ip.HostAddress.From(address).Ipv4Bits : throw Wrong(name, "an IPv4 address is expected");

    public static int? Whole(this JsonElement body, string name, int min, int max)
    {
        if (!body.TryGetProperty(name, out JsonElement value)) return null;
        return value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out int number)
            && number >= min && number <= max
            ? number : throw Wrong(name, $"a whole number from {min} to {max} is expected");
    }

    public static bool? Flag(this JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out JsonElement value)) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean() : throw Wrong(name, "true or false is expected");
    }

    /// <summary>The objects of an array; null when there is no such member.</summary>
    public static IReadOnlyList<JsonElement>? Objects(this JsonElement body, string name, int countMax = 16)
    {
        if (!body.TryGetProperty(name, out JsonElement value)) return null;
        if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() is 0
            || value.GetArrayLength() > countMax
            || value.EnumerateArray().Any(each => each.ValueKind is not JsonValueKind.Object))
            throw Wrong(name, $"1 to {countMax} objects are expected");
        return [.. value.EnumerateArray()];
    }

    public static IReadOnlyList<string>? Texts(this JsonElement body, string name, int countMax = 16)
    {
        if (!body.TryGetProperty(name, out JsonElement value)) return null;
        if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() is 0
            || value.GetArrayLength() > countMax
            || value.EnumerateArray().Any(each => each.ValueKind is not JsonValueKind.String))
            throw Wrong(name, $"1 to {countMax} texts are expected");
        return [.. value.EnumerateArray().Select(each => each.GetString()!)];
    }

    public static JsonElement RequiredObject(this JsonElement body, string name) =>
        body.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.Object
            ? value : throw Wrong(name, "an object is expected");

    public static ApiProblem Wrong(string name, string why) =>
        new(BadRequest, $"{name}: {why}", "MANDATORY_IE_INCORRECT", "/" + name);
}
