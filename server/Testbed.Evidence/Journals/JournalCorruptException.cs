namespace Testbed.Evidence.Journals;

/// <summary>A journal whose lines do not follow from each other: edited, cut or mixed.</summary>
/// <param name="line">From 1, as editors count.</param>
public sealed class JournalCorruptException(string path, long line, string reason)
    : Exception($"{path}:{line}: {reason}")
{
    public string Path { get; } = path;
    public long Line { get; } = line;
}
