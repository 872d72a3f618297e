using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Testbed.Demo.Tests;

/// <summary>
/// What faults were seen to turn, kept under artifacts by the digest of all sources that can matter, and in
/// docs/faults.md with that digest: a matrix that was broken off goes on with `--resume`, on another machine too, and
/// a row never outlives the product that it was seen on.
/// </summary>
internal sealed class KeptRows
{
    private static readonly string[] Folders =
        ["agent", "analyzer", "server", "probes", "profiles", Path.Combine("tests", "Testbed.Lab")];
    private static readonly string[] Kinds = [".cs", ".csproj", ".proto", ".yaml", ".json"];
    /// <summary>How a page looks turns no verdict.</summary>
    private static readonly string Pages = Path.Combine("analyzer", "Testbed.Conformance", "Reports", "Html");

    private readonly string _folder;

    /// <param name="resume">Whether rows of an earlier start count; otherwise they are forgotten.</param>
    public KeptRows(string root, bool resume)
    {
        Sources = Digest(root)[..16];
        Document = Path.Combine(root, "docs", "faults.md");
        _folder = Path.Combine(root, "artifacts", "fault-rows", Sources);
        if (!resume && Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        Directory.CreateDirectory(_folder);
        if (!resume || !File.Exists(Document)) return;
        foreach ((string row, IReadOnlyDictionary<string, string> turned) in
            FaultDocument.Read(File.ReadAllText(Document), Sources))
            if (Find(row) is null) Keep(row, turned);
    }

    /// <summary>Sixteen hex digits of the digest of the sources.</summary>
    public string Sources { get; }
    public string Document { get; }

    /// <summary>All rows, by fault or pair of faults.</summary>
    public IEnumerable<string> Names => Directory.EnumerateFiles(_folder, "*.json")
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string>? Find(string row)
    {
        string file = FileOf(row);
        return File.Exists(file)
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(file))
            : null;
    }

    public void Keep(string row, IReadOnlyDictionary<string, string> turned) =>
        File.WriteAllBytes(FileOf(row), JsonSerializer.SerializeToUtf8Bytes(turned));

    private string FileOf(string row) => Path.Combine(_folder, row + ".json");

    private static string Digest(string root)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<string> files = Folders
            .SelectMany(source => Directory.EnumerateFiles(
                Path.Combine(root, source), "*", SearchOption.AllDirectories))
            .Where(file => Kinds.Contains(Path.GetExtension(file))
                && !file.StartsWith(Path.Combine(root, Pages), StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        foreach (string file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file)));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
