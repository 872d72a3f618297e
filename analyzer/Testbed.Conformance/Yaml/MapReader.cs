namespace Testbed.Conformance.Yaml;

/// <summary>
/// Reads one mapping key by key and collects what is wrong. A key that nobody asked for is unknown:
/// <see cref="Done"/> reports it with the nearest one that was asked for.
/// </summary>
internal sealed class MapReader(MappingNode node, string path, ErrorList errors)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public MappingNode Node => node;
    public string Path => path;
    public ErrorList Errors => errors;

    /// <summary>The value of a key, or null when it is absent or empty.</summary>
    public YamlNode? Find(string key)
    {
        _known.Add(key);
        foreach ((ScalarNode name, YamlNode value) in node.Entries)
            if (name.Text == key)
                return value is ScalarNode { IsNull: true } ? null : value;
        return null;
    }

    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>A value that must be there.</summary>
    public T Required<T>(string key, ScalarKind<T> kind)
    {
        if (Find(key) is { } value) return Read(value, PathOf(key), key, kind).Value;
        Missing(key, kind.Expected, $"{key}: {kind.Example}");
        return kind.Placeholder;
    }

    /// <summary>False when the key is absent; a wrong value is an error and reads as absent.</summary>
    public bool Optional<T>(string key, ScalarKind<T> kind, out T value)
    {
        value = kind.Placeholder;
        if (Find(key) is not { } found) return false;
        (bool ok, value) = Read(found, PathOf(key), key, kind);
        return ok;
    }

    public T OptionalOr<T>(string key, ScalarKind<T> kind, T absent) =>
        Optional(key, kind, out T value) ? value : absent;

    /// <summary>A list of scalars; empty when absent. Wrong items are errors and left out.</summary>
    public IReadOnlyList<Located<T>> Values<T>(string key, ScalarKind<T> kind, bool required = false)
    {
        var values = new List<Located<T>>();
        foreach ((YamlNode item, string itemPath) in Items(key, $"[{kind.Example}]", required))
            if (Read(item, itemPath, key, kind, $"[{kind.Example}]") is (true, var value))
                values.Add(new(value, item, itemPath));
        return values;
    }

    /// <summary>A nested mapping; null when absent or no mapping, which is an error.</summary>
    public MapReader? Map(string key, string example, bool required = false)
    {
        var expected = new LocalText("键值映射", "a mapping");
        YamlNode? value = Find(key);
        if (value is MappingNode mapping) return new(mapping, PathOf(key), errors);
        if (value is not null) errors.Add(value, PathOf(key), expected, value.Describe(), $"{key}: {example}");
        else if (required) Missing(key, expected, $"{key}: {example}");
        return null;
    }

    /// <summary>A list of mappings; empty when absent.</summary>
    public IEnumerable<MapReader> Maps(string key, string example, bool required = false)
    {
        foreach ((YamlNode item, string itemPath) in Items(key, $"[{example}]", required))
        {
            if (item is MappingNode mapping) yield return new(mapping, itemPath, errors);
            else
                errors.Add(item, itemPath, new("键值映射", "a mapping"), item.Describe(), $"{key}: [{example}]");
        }
    }

    public void Error(YamlNode at, string keyPath, LocalText expected, LocalText got, string example) =>
        errors.Add(at, keyPath, expected, got, example);

    public void Missing(string key, LocalText expected, string example)
    {
        (ScalarNode name, _) = node.Entries.FirstOrDefault(e => e.Key.Text == key);
        errors.Add(name ?? (YamlNode)node, PathOf(key), expected, new("缺少该键或其值", "no such key or no value"), example);
    }

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void Done()
    {
        foreach ((ScalarNode name, _) in node.Entries)
        {
            if (_known.Contains(name.Text)) continue;
            string? near = NearestWord.Of(name.Text, _known);
            string all = string.Join(", ", _known.Order(StringComparer.Ordinal));
            LocalText expected = near is null
                ? new($"以下键之一：{all}", $"one of the keys {all}")
                : new($"已知的键（是否为 {near}？）", $"a known key (did you mean {near}?)");
            errors.Add(name, PathOf(name.Text), expected, new("未知的键", "an unknown key"), "");
        }
    }

    private IEnumerable<(YamlNode Item, string Path)> Items(string key, string example, bool required)
    {
        var expected = new LocalText(required ? "非空列表" : "列表", required ? "a list that is not empty" : "a list");
        YamlNode? value = Find(key);
        if (value is null && required) Missing(key, expected, $"{key}: {example}");
        if (value is not null and not SequenceNode || (required && value is SequenceNode { Items.Count: 0 }))
        {
            LocalText got = value is SequenceNode ? new("空列表", "an empty list") : value!.Describe();
            errors.Add(value!, PathOf(key), expected, got, $"{key}: {example}");
        }
        if (value is not SequenceNode sequence) yield break;
        for (int i = 0; i < sequence.Items.Count; i++)
            yield return (sequence.Items[i], $"{PathOf(key)}[{i}]");
    }

    private (bool Ok, T Value) Read<T>(
        YamlNode value, string keyPath, string key, ScalarKind<T> kind, string? example = null)
    {
        if (value is ScalarNode scalar && kind.TryRead(scalar.Text, out T read)) return (true, read);
        LocalText got = kind.Secret && value is ScalarNode
            ? new("直接写出的内容（此处不重复显示）", "something written out (not repeated here)")
            : value.Describe();
        errors.Add(value, keyPath, kind.Expected, got, $"{key}: {example ?? kind.Example}");
        return (false, kind.Placeholder);
    }
}
