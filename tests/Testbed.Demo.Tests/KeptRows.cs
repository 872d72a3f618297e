using System.Text.Json;

namespace Testbed.Demo.Tests;

/// <summary>
/// What faults were seen to turn, kept under artifacts by the digest of all sources that can matter, and in
/// docs/faults.md with that digest: a matrix that was broken off goes on with `--resume`, on another machine too, and
/// a row never outlives the product that it was seen on.
/// </summary>
internal sealed class KeptRows
{
    private readonly string _folder;

    /// <param name="resume">Whether rows of an earlier start count; otherwise they are forgotten.</param>
    public KeptRows(string root, bool resume)
    {
        Sources = SourceDigests.Read(root);
        Document = Path.Combine(root, "docs", "faults.md");
        _folder = Path.Combine(root, "artifacts", "fault-rows", Sources.Common);
        if (!resume && Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        Directory.CreateDirectory(_folder);
        if (!resume || !File.Exists(Document)) return;
        foreach ((string row, IReadOnlyDictionary<string, string> turned) in
            FaultDocument.Read(File.ReadAllText(Document), Sources))
            if (Find(row) is null) Keep(row, turned);
    }

    public SourceDigests Sources { get; }
    public string Document { get; }

    /// <summary>All rows, by fault or pair of faults.</summary>
    public IEnumerable<string> Names => Directory.EnumerateFiles(_folder, "*.json")
        .Select(file => Path.GetFileName(file).Split('@')[0]).Distinct()
        .Where(row => File.Exists(FileOf(row))).Order(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string>? Find(string row)
    {
        string file = FileOf(row);
        return File.Exists(file)
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(file))
            : null;
    }

    public void Keep(string row, IReadOnlyDictionary<string, string> turned) =>
        File.WriteAllBytes(FileOf(row), JsonSerializer.SerializeToUtf8Bytes(turned));

    private string FileOf(string row) => Path.Combine(_folder, $"{row}@{Sources.Of(row)}.json");
}
