using System.Text.RegularExpressions;

namespace Testbed.Tidy.Tests;

/// <summary>What a compiler cannot check of the source.</summary>
public sealed partial class SourceTests
{
    private const int LinesMax = 300;
    private const int ColumnsMax = 120;

    [Test]
    public void No_source_file_passes_300_lines()
    {
        IEnumerable<string> long_ = Repository.Files("*.cs")
            .Select(file => (file, lines: File.ReadLines(file).Count()))
            .Where(entry => entry.lines > LinesMax)
            .Select(entry => $"{Repository.Relative(entry.file)}: {entry.lines} lines");
        Assert.That(long_, Is.Empty, "A file this long hides a room that is missing.");
    }

    [Test]
    public void No_line_passes_120_columns()
    {
        IEnumerable<string> wide = Repository.Files("*.cs")
            .SelectMany(file => File.ReadLines(file).Select((line, index) => (file, line, index)))
            .Where(entry => entry.line.Length > ColumnsMax)
            .Select(entry => $"{Repository.Relative(entry.file)}:{entry.index + 1}");
        Assert.That(wide, Is.Empty);
    }

    [Test]
    public void Every_namespace_is_its_folders_path()
    {
        List<string> wrong = [];
        foreach (string file in Repository.Files("*.cs", [.. Repository.ProductFolders, "tests", "benchmarks"]))
        {
            Match declared = NamespaceLine().Match(File.ReadAllText(file));
            if (!declared.Success) continue;
            // agent/Testbed.Capture/Live/X.cs lies in Testbed.Capture.Live.
            string[] parts = Repository.Relative(file).Split('/')[1..^1];
            string expected = string.Join('.', parts);
            if (declared.Groups[1].Value != expected)
                wrong.Add($"{Repository.Relative(file)}: {declared.Groups[1].Value}, expected {expected}");
        }
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void The_product_holds_no_unfinished_work()
    {
        IEnumerable<string> left = Repository.Files("*.cs", Repository.ProductFolders)
            .SelectMany(file => File.ReadLines(file).Select((line, index) => (file, line, index)))
            .Where(entry => Unfinished().IsMatch(entry.line))
            .Select(entry => $"{Repository.Relative(entry.file)}:{entry.index + 1}: {entry.line.Trim()}");
        Assert.That(left, Is.Empty);
    }

    [Test]
    public void Only_tests_that_read_captures_point_outside_the_repository()
    {
        // The name is split so that this file does not find itself.
        string outside = "sha" + "red/";
        IEnumerable<string> wrong = Repository.Files("*")
            .Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".yaml" or ".csproj" or ".props" or "")
            .Where(file => !Repository.Relative(file).StartsWith(".git", StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(file).Select((line, index) => (file, line, index)))
            .Where(entry => entry.line.Contains(outside, StringComparison.Ordinal)
                && !(Repository.Relative(entry.file).StartsWith("tests/", StringComparison.Ordinal)
                    && entry.line.Contains("captures", StringComparison.Ordinal)))
            .Select(entry => $"{Repository.Relative(entry.file)}:{entry.index + 1}: {entry.line.Trim()}");
        Assert.That(wrong, Is.Empty);
    }

    [GeneratedRegex(@"^namespace ([\w.]+)[;\s]", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"NotImplementedException|\b(TODO|FIXME|HACK|XXX)\b|catch\s*(\(Exception[^)]*\))?\s*\{\s*\}")]
    private static partial Regex Unfinished();
}
