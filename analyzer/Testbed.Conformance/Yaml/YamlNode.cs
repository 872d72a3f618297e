namespace Testbed.Conformance.Yaml;

/// <summary>One node of a file that people write, with its place (both from 1).</summary>
internal abstract record YamlNode(int Line, int Column)
{
    public abstract LocalText Describe();

    /// <summary>What stands there, short and printable: the file may hold anything.</summary>
    public static LocalText Quote(string text)
    {
        string shown = string.Concat(text.Take(60).Select(c => char.IsControl(c) ? '·' : c));
        if (text.Length > 60) shown += "…";
        return new($"“{shown}”", $"'{shown}'");
    }
}

/// <param name="Text">As written: <c>000001</c> stays six characters.</param>
/// <param name="Plain">Not quoted.</param>
internal sealed record ScalarNode(int Line, int Column, string Text, bool Plain) : YamlNode(Line, Column)
{
    /// <summary>Nothing was written after the key.</summary>
    public bool IsNull => Plain && (Text is "" or "~" or "null");
    public override LocalText Describe() => IsNull ? Nothing : Quote(Text);
    public static readonly LocalText Nothing = new("空值", "nothing");
}

internal sealed record SequenceNode(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column)
{
    public override LocalText Describe() => new("列表", "a list");
}

internal sealed record MappingNode(int Line, int Column, IReadOnlyList<KeyValuePair<ScalarNode, YamlNode>> Entries)
    : YamlNode(Line, Column)
{
    public override LocalText Describe() => new("键值映射", "a mapping");
}
