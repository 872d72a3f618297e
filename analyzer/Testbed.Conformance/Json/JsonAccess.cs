namespace Testbed.Conformance.Json;

/// <summary>Typed reading of members. Each throws <see cref="CanonicalJsonException"/> that names the key.</summary>
public static class JsonAccess
{
    public static JsonValue Get(this JsonObject from, string key) =>
        from.TryGet(key, out JsonValue value) ? value : throw new CanonicalJsonException($"\"{key}\" is missing");

    public static string GetString(this JsonObject from, string key) => from.Get(key) is JsonString text
        ? text.Value : throw Wrong(key, "a string");

    public static string? GetStringOrNull(this JsonObject from, string key) =>
        from.TryGet(key, out _) ? from.GetString(key) : null;

    public static long GetInteger(this JsonObject from, string key) => from.Get(key) is JsonInteger integer
        ? integer.Value : throw Wrong(key, "an integer");

    public static bool GetBool(this JsonObject from, string key) => from.Get(key) is JsonBool flag
        ? flag.Value : throw Wrong(key, "true or false");

    public static decimal GetDecimal(this JsonObject from, string key) =>
        from.Get(key) is JsonString text && DecimalText.TryParse(text.Value, out decimal value)
            ? value : throw Wrong(key, "a decimal string such as \"0.25\"");

    public static decimal? GetDecimalOrNull(this JsonObject from, string key) =>
        from.TryGet(key, out _) ? from.GetDecimal(key) : null;

    /// <summary>A 64-bit integer that travels as a decimal string, e.g. nanoseconds since 1970.</summary>
    public static long GetLongText(this JsonObject from, string key)
    {
        decimal value = from.GetDecimal(key);
        return value == decimal.Truncate(value) && value is >= long.MinValue and <= long.MaxValue
            ? (long)value : throw Wrong(key, "a 64-bit integer as a string");
    }

    public static JsonObject GetObject(this JsonObject from, string key) =>
        from.Get(key) as JsonObject ?? throw Wrong(key, "an object");

    public static JsonObject? GetObjectOrNull(this JsonObject from, string key) =>
        from.TryGet(key, out _) ? from.GetObject(key) : null;

    public static JsonArray GetArray(this JsonObject from, string key) =>
        from.Get(key) as JsonArray ?? throw Wrong(key, "an array");

    public static IReadOnlyList<string> GetStrings(this JsonObject from, string key) =>
        [.. from.GetArray(key).Select(item => item is JsonString text ? text.Value : throw Wrong(key, "strings only"))];

    public static IReadOnlyList<JsonObject> GetObjects(this JsonObject from, string key) =>
        [.. from.GetArray(key).Select(item => item as JsonObject ?? throw Wrong(key, "objects only"))];

    /// <summary>An enum member by its exact name.</summary>
    public static T GetName<T>(this JsonObject from, string key) where T : struct, Enum
    {
        string name = from.GetString(key);
        return Enum.TryParse(name, out T value) && Enum.GetName(value) == name
            ? value : throw Wrong(key, "one of " + string.Join(", ", Enum.GetNames<T>()));
    }

    private static CanonicalJsonException Wrong(string key, string wanted) => new($"\"{key}\" is not {wanted}");
}
