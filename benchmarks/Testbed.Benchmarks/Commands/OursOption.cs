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

    public static string Resolve(ParseResult parsed)
    {
        string path = parsed.GetValue(Path) ?? System.IO.Path.GetFullPath(
            System.IO.Path.Combine(AppContext.BaseDirectory, "..", "..", "Testbed.Cli", "release", "testbed"));
        return File.Exists(path) ? path : throw new BenchException(
            $"{path}: not built; run ./testbed bench, which builds it, or name one with --ours");
    }
}
