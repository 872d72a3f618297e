using System.Text.Json;

namespace Testbed.Wire.Tests.Captures;

/// <summary>The captures with known answers that lie beside the repository; not every machine has them.</summary>
internal static class SharedCaptures
{
    public static string? Folder { get; } = Find();

    public static string Require() =>
        Folder ?? throw new IgnoreException("No ../shared/captures beside the repository on this machine.");

    public static IEnumerable<string> All() => Folder is null
        ? []
        : Directory.EnumerateFiles(Folder, "*.*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".pcap" or ".pcapng" or ".cap")
            .Order(StringComparer.Ordinal);

    public static JsonElement ExpectedFiles()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Require(), "expected.json")));
        return document.RootElement.GetProperty("files").Clone();
    }

    private static string? Find()
    {
        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Testbed.sln"))) folder = folder.Parent;
        if (folder?.Parent is not { } parent) return null;
        string captures = Path.Combine(parent.FullName, "shared", "captures");
        return Directory.Exists(captures) ? captures : null;
    }
}
