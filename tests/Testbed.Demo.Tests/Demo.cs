using System.Text.Json;

namespace Testbed.Demo.Tests;

/// <summary>One run of the demo and what its report says.</summary>
internal sealed class Demo
{
    /// <summary>A quick plan takes 100 s; a busy machine may take three times as long.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(6);

    private Demo(string folder, CommandResult command, IReadOnlyDictionary<string, string> verdicts, JsonElement report)
    {
        Folder = folder;
        Command = command;
        Verdicts = verdicts;
        Report = report;
    }

    public string Folder { get; }
    public CommandResult Command { get; }
    /// <summary>Verdict by requirement id.</summary>
    public IReadOnlyDictionary<string, string> Verdicts { get; }
    public JsonElement Report { get; }

    public static async Task<Demo> RunAsync(string name, params string[] arguments)
    {
        string folder = Path.Combine(Launcher.Root, "artifacts", "demos", name);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        CommandResult command = await Launcher.TestbedAsync(Deadline, ["demo", "--out", folder, .. arguments]);
        string report = Path.Combine(folder, "report.json");
        if (!File.Exists(report)) throw new InvalidOperationException($"The demo wrote no report: {command}");
        using JsonDocument document = JsonDocument.Parse(await File.ReadAllBytesAsync(report));
        JsonElement root = document.RootElement.Clone();
        Dictionary<string, string> verdicts = root.GetProperty("requirements").EnumerateArray()
            .ToDictionary(
                entry => entry.GetProperty("id").GetString()!,
                entry => entry.GetProperty("verdict").GetString()!);
        return new(folder, command, verdicts, root);
    }

    /// <summary>The run's capture segments, by the start of their names.</summary>
    public string[] Segments(string prefix)
        => [.. Directory.GetFiles(Path.Combine(Folder, "captures"), prefix + ".pcapng", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)];

    /// <summary>Cause of one requirement, in English, for a failing test's message.</summary>
    public string CauseOf(string id)
        => Report.GetProperty("requirements").EnumerateArray()
            .First(entry => entry.GetProperty("id").GetString() == id).GetProperty("cause").ToString();
}
