using System.CommandLine;
using System.Runtime.InteropServices;

namespace Testbed.Benchmarks.Commands;

/// <summary>Which build of the product is measured, and where generated captures are kept.</summary>
internal static class OursOption
{
    public static readonly Option<string?> Path = new("--ours")
    {
        Description = "executable to measure (the one that was built here)", HelpName = "testbed",
    };
    public static readonly Option<string> Cache = new("--cache")
    {
        Description = "where generated captures are kept (artifacts/bench)", HelpName = "DIR",
        DefaultValueFactory = _ => System.IO.Path.GetFullPath(
            System.IO.Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "bench")),
    };

    /// <summary>What <c>./testbed</c> runs for any command.</summary>
    public static string Resolve(ParseResult parsed) => Require(
        parsed.GetValue(Path) ?? Artifact("bin", "Testbed.Cli", "release", "testbed"));

    /// <summary>What <c>./testbed analyze</c> runs: the native build unless it is older than the other.</summary>
    public static string ResolveAnalyzer(ParseResult parsed)
    {
        string portable = Resolve(parsed);
        if (parsed.GetValue(Path) is not null) return portable;
        string native = Artifact("native", "publish", "Testbed.Analyzer.Cli",
            $"release_{RuntimeInformation.RuntimeIdentifier}", "testbed-analyze");
        return File.GetLastWriteTimeUtc(native) > File.GetLastWriteTimeUtc(portable) ? native : portable;
    }

    private static string Artifact(params ReadOnlySpan<string> parts) => System.IO.Path.GetFullPath(
        System.IO.Path.Combine([AppContext.BaseDirectory, "..", "..", "..", .. parts]));

    private static string Require(string path) => File.Exists(path) ? path : throw new BenchException(
        $"{path}: not built; run ./testbed bench, which builds it, or name one with --ours");
}
