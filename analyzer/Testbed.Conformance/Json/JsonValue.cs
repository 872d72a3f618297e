using System.Collections;

namespace Testbed.Conformance.Json;

/// <summary>
/// A value of the restricted JSON of <see cref="CanonicalJson"/>. What exists can be written: texts are in form C
/// and well-formed, integers are below 2⁵³, keys are unique.
/// </summary>
public abstract class JsonValue
{
    private protected JsonValue() { }

    public static JsonValue Null { get; } = new JsonNull();
    public static implicit operator JsonValue(string text) => new JsonString(text);
    public static implicit operator JsonValue(long value) => new JsonInteger(value);
    public static implicit operator JsonValue(bool value) => new JsonBool(value);
    /// <summary>A decimal travels as a string: canonical JSON has no fractions.</summary>
    public static implicit operator JsonValue(decimal value) => new JsonString(DecimalText.Format(value));

    public override string ToString() => System.Text.Encoding.UTF8.GetString(CanonicalJson.Write(this));
}

public sealed class JsonNull : JsonValue { internal JsonNull() { } }

public sealed class JsonBool(bool value) : JsonValue { public bool Value { get; } = value; }

public sealed class JsonInteger : JsonValue
{
    /// <summary>2⁵³ − 1: every integer up to here survives a reader that only has doubles.</summary>
    public const long Max = 9_007_199_254_740_991;

    public JsonInteger(long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Max);
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -Max);
        Value = value;
    }

    public long Value { get; }
}

public sealed class JsonString(string text) : JsonValue { public string Value { get; } = UnicodeNfc.Normalize(text); }

public sealed class JsonArray : JsonValue, IEnumerable<JsonValue>
{
    private readonly List<JsonValue> _items = [];

    public JsonArray() { }
    public JsonArray(IEnumerable<JsonValue> items) => _items.AddRange(items);

    public int Count => _items.Count;
    public JsonValue this[int index] => _items[index];
    public void Add(JsonValue value) => _items.Add(value);
    public static JsonArray Of(IEnumerable<string> texts) => new(texts.Select(text => (JsonValue)text));
    public IEnumerator<JsonValue> GetEnumerator() => _items.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Members in the order of their keys' UTF-16 code units (RFC 8785 §3.2.3).</summary>
public sealed class JsonObject : JsonValue, IEnumerable<KeyValuePair<string, JsonValue>>
{
    private readonly SortedDictionary<string, JsonValue> _members = new(StringComparer.Ordinal);

    public int Count => _members.Count;
    public IEnumerable<string> Keys => _members.Keys;
    public void Add(string key, JsonValue value) => _members.Add(UnicodeNfc.Normalize(key), value);

    /// <summary>Adds a member unless there is nothing to say.</summary>
    public void AddIfAny(string key, JsonValue? value)
    {
        if (value is not null) Add(key, value);
    }

    public bool TryGet(string key, out JsonValue value)
    {
        bool found = _members.TryGetValue(key, out JsonValue? member);
        value = member ?? Null;
        return found;
    }

    public IEnumerator<KeyValuePair<string, JsonValue>> GetEnumerator() => _members.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
