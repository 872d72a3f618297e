using System.CommandLine;

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

    /// <summary>
    /// What <c>./testbed analyze</c> runs: the launcher names the native build while that is up to date.
    /// </summary>
    public static string ResolveAnalyzer(ParseResult parsed) => parsed.GetValue(Path) is null
        && Environment.GetEnvironmentVariable("TESTBED_NATIVE") is { Length: > 0 } native
            ? Require(native) : Resolve(parsed);

    private static string Artifact(params ReadOnlySpan<string> parts) => System.IO.Path.GetFullPath(
        System.IO.Path.Combine([AppContext.BaseDirectory, "..", "..", "..", .. parts]));

    private static string Require(string path) => File.Exists(path) ? path : throw new BenchException(
        $"{path}: not built; run ./testbed bench, which builds it, or name one with --ours");
}
