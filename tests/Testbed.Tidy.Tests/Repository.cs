namespace Testbed.Tidy.Tests;

/// <summary>The source tree that these tests read, found upwards from the test's own folder.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The products' rooms: what ships, without tests and benchmarks.</summary>
    public static readonly string[] ProductFolders = ["agent", "analyzer", "probes", "server"];

    public static IEnumerable<string> Files(string pattern, params string[] folders)
        => (folders.Length == 0 ? [Root] : folders.Select(folder => Path.Combine(Root, folder)))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Where(path => !IsGenerated(Relative(path)))
            .Order(StringComparer.Ordinal);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsGenerated(string relative)
        => relative.StartsWith("artifacts/", StringComparison.Ordinal)
        || relative.StartsWith("out/", StringComparison.Ordinal)
        || relative.Contains("/obj/", StringComparison.Ordinal)
        || relative.Contains("/bin/", StringComparison.Ordinal);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Testbed.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("No Testbed.sln above " + AppContext.BaseDirectory);
    }
}
