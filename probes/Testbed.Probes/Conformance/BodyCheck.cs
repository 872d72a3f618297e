using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Testbed.Probes.Conformance;

/// <summary>Holds a JSON value against its shape, field by field.</summary>
/// <param name="findings">At most <see cref="FindingsMax"/> are added.</param>
internal sealed class BodyCheck(
    ApiDescription api, string operation, string clause, List<ConformanceFinding> findings)
{
    private const int FindingsMax = 50;
    /// <summary>Items of an array that are looked at; more of the same say nothing new.</summary>
    private const int ItemsMax = 1_000;

    public void Check(JsonElement value, ValueShape shape, string place)
    {
        if (findings.Count >= FindingsMax) return;
        if (!HasForm(value, shape.Form))
        {
            Add(place, Name(shape.Form), Name(value));
            return;
        }
        switch (shape.Form)
        {
            case ValueForm.Object when shape.Type is { } type: CheckObject(value, api.Type(type), place); break;
            case ValueForm.Array: CheckArray(value, shape, place); break;
            case ValueForm.String: CheckText(value.GetString()!, shape, place); break;
            case ValueForm.Integer or ValueForm.Number
                when shape.Min is { } min && value.TryGetDecimal(out decimal number) && number < min:
                Add(place, $">= {min}", value.GetRawText());
                break;
        }
    }

    private void CheckObject(JsonElement value, ObjectShape shape, string place)
    {
        foreach (MemberShape member in shape.Members)
        {
            string at = $"{place}/{member.Name}";
            if (value.TryGetProperty(member.Name, out JsonElement found)) Check(found, member.Value, at);
            else if (member.IsRequired) Add(at, "a member", "nothing");
        }
        foreach (IReadOnlyList<string> group in shape.OneOf)
            if (!group.Any(name => value.TryGetProperty(name, out _)))
                Add(place, "one of " + string.Join(", ", group), "none of them");
    }

    private void CheckArray(JsonElement value, ValueShape shape, string place)
    {
        int count = value.GetArrayLength();
        if (count < shape.ItemsMin) Add(place, $"{shape.ItemsMin} items or more", $"{count}");
        if (shape.Items is not { } items) return;
        int index = 0;
        foreach (JsonElement item in value.EnumerateArray().Take(ItemsMax)) Check(item, items, $"{place}/{index++}");
    }

    private void CheckText(string text, ValueShape shape, string place)
    {
        if (shape.Words.Count > 0 && !shape.Words.Contains(text, StringComparer.Ordinal))
            Add(place, string.Join(" or ", shape.Words), text);
        if (shape.Pattern is { } pattern && !Matches(pattern, text)) Add(place, pattern.ToString(), text);
        if (shape.Format is { } format && !HasFormat(text, format)) Add(place, format, text);
    }

    private static bool Matches(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            // A text that takes a simple pattern so long is none of those that it describes.
            return false;
        }
    }

    private static bool HasFormat(string text, string format) => format switch
    {
        "date-time" => text.Contains('T') && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "uri" => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _) && text.Length > 0,
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "ipv4" => IPAddress.TryParse(text, out IPAddress? address) && address.ToString() == text
            && address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork,
        _ => throw new InvalidOperationException($"no format {format}"),
    };

    private static bool HasForm(JsonElement value, ValueForm form) => form switch
    {
        ValueForm.Any => true,
        ValueForm.Object => value.ValueKind is JsonValueKind.Object,
        ValueForm.Array => value.ValueKind is JsonValueKind.Array,
        ValueForm.String => value.ValueKind is JsonValueKind.String,
        ValueForm.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        // 1.0 is an integer in JSON Schema.
        ValueForm.Integer => value.ValueKind is JsonValueKind.Number && value.TryGetDecimal(out decimal number)
            && decimal.IsInteger(number),
        _ => value.ValueKind is JsonValueKind.Number,
    };

    private void Add(string place, string expected, string found) => findings.Add(new(
        operation, place.Length == 0 ? "/" : place, expected, ConformanceFinding.Show(found), clause));

    private static string Name(ValueForm form) => form.ToString().ToLowerInvariant();

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Null => "null",
        _ => value.ValueKind.ToString().ToLowerInvariant(),
    };
}
