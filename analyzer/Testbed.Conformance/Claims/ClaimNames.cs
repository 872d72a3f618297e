using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Claims;

/// <summary>Names given in the file and where: each once, and what refers to one must find it.</summary>
/// <param name="what">What is named, for the errors.</param>
internal sealed class ClaimNames(LocalText what)
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    public void Add(MapReader owner, string key, string name)
    {
        if (name.Length == 0 || owner.Find(key) is not { } node) return;
        if (_lines.TryAdd(name, node.Line)) return;
        owner.Error(node, owner.PathOf(key),
            new($"未用过的{what.Zh}（第 {_lines[name]} 行已用）", $"{what.En} not yet used (it is on line {_lines[name]})"),
            YamlNode.Quote(name), "");
    }

    public void Require(Located<string> reference, ErrorList errors)
    {
        if (reference.Value.Length == 0 || _lines.ContainsKey(reference.Value)) return;
        string? near = NearestWord.Of(reference.Value, _lines.Keys);
        string all = string.Join(", ", _lines.Keys.Order(StringComparer.Ordinal).Take(20));
        errors.Add(reference.Node, reference.Path,
            new($"文件中已有的{what.Zh}（{all}）", $"{what.En} that the file names ({all})"),
            YamlNode.Quote(reference.Value), near ?? _lines.Keys.FirstOrDefault() ?? "");
    }
}
