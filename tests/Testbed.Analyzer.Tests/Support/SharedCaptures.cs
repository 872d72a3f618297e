using System.Text.Json;

namespace Testbed.Analyzer.Tests.Support;

/// <summary>The captures with known answers that lie beside the repository; not every machine has them.</summary>
internal static class SharedCaptures
{
    public static string? Folder { get; } = Find();

    public static string Require() =>
        Folder ?? throw new IgnoreException("No ../shared/captures beside the repository on this machine.");

    public static string Path(string name) => System.IO.Path.Combine(Require(), name);

    public static TapInput Tap(string name, params string[] slices) => TapInput.FromFile(Path(name), slices);

    public static JsonElement Expected(string section)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path("expected.json")));
        return document.RootElement.GetProperty(section).Clone();
    }

    public static JsonElement Pair(string name) =>
        Expected("pairs").EnumerateArray().First(pair => pair.GetProperty("name").GetString() == name);

    private static string? Find()
    {
        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Testbed.sln")))
            folder = folder.Parent;
        if (folder?.Parent is not { } parent) return null;
        string captures = System.IO.Path.Combine(parent.FullName, "shared", "captures");
        return Directory.Exists(captures) ? captures : null;
    }
}
