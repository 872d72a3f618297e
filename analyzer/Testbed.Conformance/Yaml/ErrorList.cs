using Testbed.Conformance.Claims;

namespace Testbed.Conformance.Yaml;

/// <summary>The faults of one file, all of them up to a bound, so that one look mends them all.</summary>
internal sealed class ErrorList(string file)
{
    /// <summary>More than this is another file, not a file with faults.</summary>
    public const int CountMax = 50;

    private readonly List<ClaimError> _errors = [];

    public bool Any => _errors.Count > 0;

    /// <summary>In the file's order.</summary>
    public IReadOnlyList<ClaimError> Sorted => [.. _errors.OrderBy(e => e.Line).ThenBy(e => e.Column)];

    public void Add(YamlNode node, string key, LocalText expected, LocalText got, string example) =>
        Add(node.Line, node.Column, key, expected, got, example);

    public void Add(int line, int column, string key, LocalText expected, LocalText got, string example)
    {
        if (_errors.Count < CountMax) _errors.Add(new(file, line, column, key, expected, got, example));
    }
}
