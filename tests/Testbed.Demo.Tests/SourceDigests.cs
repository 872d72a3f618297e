using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Testbed.Demo.Tests;

/// <summary>
/// On which sources a row of the matrix was seen: all that can turn a verdict, and apart from these the file of each
/// fault, which no run without that fault ever reaches.
/// </summary>
/// <param name="Common">Sixteen hex digits.</param>
/// <param name="Faults">Eight hex digits by fault.</param>
internal sealed partial record SourceDigests(string Common, IReadOnlyDictionary<string, string> Faults)
{
    private static readonly string[] Folders =
        ["agent", "analyzer", "server", "probes", "profiles", Path.Combine("tests", "Testbed.Lab")];
    private static readonly string[] Kinds = [".cs", ".csproj", ".proto", ".yaml", ".json"];
    /// <summary>How a page looks turns no verdict.</summary>
    private static readonly string Pages = Path.Combine("analyzer", "Testbed.Conformance", "Reports", "Html");
    private static readonly string FaultFolder = Path.Combine("tests", "Testbed.Lab", "Faults");

    /// <summary>The digests of the own files of a fault, of both faults of a pair, or of none.</summary>
    public string Of(string row) =>
        string.Join('+', row.Split(" + ").Select(name => Faults.GetValueOrDefault(name, "-")));

    public static SourceDigests Read(string root)
    {
        using IncrementalHash common = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Dictionary<string, string> faults = new(StringComparer.Ordinal);
        IEnumerable<string> files = Folders
            .SelectMany(source => Directory.EnumerateFiles(
                Path.Combine(root, source), "*", SearchOption.AllDirectories))
            .Where(file => Kinds.Contains(Path.GetExtension(file)))
            .Select(file => Path.GetRelativePath(root, file))
            .Where(file => !file.StartsWith(Pages, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        foreach (string file in files)
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(root, file)), digest = SHA256.HashData(bytes);
            if (Path.GetDirectoryName(file) == FaultFolder
                && FaultName().Match(Encoding.UTF8.GetString(bytes)) is { Success: true } fault)
            {
                faults[fault.Groups[1].Value] = Convert.ToHexStringLower(digest)[..8];
                continue;
            }
            common.AppendData(Encoding.UTF8.GetBytes(file));
            common.AppendData(digest);
        }
        return new(Convert.ToHexStringLower(common.GetHashAndReset())[..16], faults);
    }

    [GeneratedRegex("public string Name => \"([a-z0-9-]+)\";")]
    private static partial Regex FaultName();
}
