namespace Testbed.Conformance.Yaml;

internal delegate bool ScalarReader<T>(string text, out T value);

/// <summary>One kind of value that may stand behind a key: how it reads, what is expected, what is right.</summary>
/// <param name="Placeholder">Stands in for a wrong value while the rest of the file is checked.</param>
/// <param name="Secret">The text must not be repeated in an error.</param>
internal sealed record ScalarKind<T>(
    LocalText Expected, string Example, T Placeholder, ScalarReader<T> TryRead, bool Secret = false);

/// <summary>A value with the node that it was read from, for errors found later.</summary>
internal readonly record struct Located<T>(T Value, YamlNode Node, string Path);
