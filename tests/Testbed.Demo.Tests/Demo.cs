using System.Globalization;
using System.Text.Json;

namespace Testbed.Demo.Tests;

/// <summary>One run of the demo and what its report says.</summary>
internal sealed class Demo
{
    /// <summary>A quick plan takes 100 s; a busy machine may take three times as long.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(6);
    /// <summary>As the plan: above these shares the kits were too busy to time anything.</summary>
    private static readonly Dictionary<string, double> DisturbedShareMax = new(StringComparer.Ordinal)
    {
        ["disturbed-packet-share"] = 0.03,
        ["load-disturbed-share"] = 0.05,
        ["edge-disturbed-share"] = 0.03,
        ["downlink-disturbed-trial-share"] = 0.1,
        ["uplink-disturbed-trial-share"] = 0.1,
    };
    private const int TriesMax = 2;
    /// <summary>What was undecided is a short run of its own.</summary>
    private const int SettlingMax = 8;
    /// <summary>What a host that takes its processors away from the lab leaves undecided.</summary>
    private static readonly string[] Timed =
        ["EDG-002", "SCN-BW-001", "SCN-BW-002", "SCN-LAT-001", "SCN-LAT-002", "SCN-LAT-003", "SCN-REL-001",
         "SCN-REL-002", "SCN-000", "SLC-004", "SLC-005", "SLC-006", "SLC-008"];

    private Demo(
        string folder, CommandResult command, IReadOnlyDictionary<string, string> verdicts, JsonElement report,
        bool isDisturbed)
    {
        IsDisturbed = isDisturbed;
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

    /// <summary>Whether the host was too busy with other things to say anything of time.</summary>
    public bool IsDisturbed { get; }

    /// <summary>Undecided, and on this host nothing else could be expected. A Fail is never excused.</summary>
    public bool IsExcused(string id) => IsDisturbed && Verdicts[id] == "Inconclusive" && Timed.Contains(id);

    /// <summary>
    /// Runs the demo again where a figure of time was left undecided, twice in all, as each plan measures again
    /// itself. A <c>Fail</c> is never tried again.
    /// </summary>
    /// <param name="expected">Verdicts that are to be, by requirement id; what is to be undecided is no reason.</param>
    public static async Task<Demo> RunCalmAsync(
        string name, IReadOnlyDictionary<string, string> expected, params string[] arguments)
    {
        Demo demo = await RunAsync(name, arguments);
        for (int tries = 1; Undecided(demo, expected).Length > 0 && tries < TriesMax; tries++)
            demo = await RunAsync(name, arguments);
        return demo;
    }

    private static string[] Undecided(Demo demo, IReadOnlyDictionary<string, string> expected) =>
        [.. Timed.Where(id => demo.Verdicts[id] == "Inconclusive" && expected.GetValueOrDefault(id) != "Inconclusive")];

    /// <summary>
    /// Runs the demo, and what the host left undecided again by itself: <c>--only</c> these, a few times, until each is
    /// decided. What was decided once stays, so a <c>Fail</c> is never tried again.
    /// </summary>
    /// <inheritdoc cref="RunCalmAsync" path="/param"/>
    public static async Task<Demo> RunSettledAsync(
        string name, IReadOnlyDictionary<string, string> expected, params string[] arguments)
    {
        Demo demo = await RunAsync(name, arguments);
        for (int tries = 0; tries < SettlingMax; tries++)
        {
            string[] undecided = Undecided(demo, expected);
            if (undecided.Length == 0) break;
            // It counts the scenarios that pass, so it takes all of them.
            string[] only = undecided.Contains("SCN-000")
                ? [.. undecided.Union(demo.Verdicts.Keys.Where(id => id.StartsWith("SCN-")))] : undecided;
            Demo again = await RunAsync(
                name + "-again", [.. arguments, .. only.SelectMany(id => new[] { "--only", id })]);
            Dictionary<string, string> verdicts = new(demo.Verdicts, StringComparer.Ordinal);
            foreach (string id in undecided.Where(id => again.Verdicts[id] != "Inconclusive"))
                verdicts[id] = again.Verdicts[id];
            demo = new(demo.Folder, demo.Command, verdicts, demo.Report, demo.IsDisturbed);
            Directory.Delete(again.Folder, recursive: true);
        }
        return demo;
    }

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
        bool isDisturbed = root.GetProperty("requirements").EnumerateArray()
            .SelectMany(requirement => requirement.GetProperty("kpis").EnumerateArray())
            .Any(kpi => DisturbedShareMax.TryGetValue(kpi.GetProperty("id").GetString()!, out double max)
                && double.Parse(kpi.GetProperty("value").GetString()!, CultureInfo.InvariantCulture) > max);
        return new(folder, command, verdicts, root, isDisturbed);
    }

    /// <summary>The run's capture segments, by the start of their names.</summary>
    public string[] Segments(string prefix)
        => [.. Directory.GetFiles(Path.Combine(Folder, "captures"), prefix + ".pcapng", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)];

    /// <summary>Those of them whose last packet came before a phase began, by the journal.</summary>
    public string[] SegmentsBefore(string phase, string prefix)
    {
        JsonElement[] journal = [.. File.ReadLines(Path.Combine(Folder, "journal.ndjson"))
            .Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement[] Data(string kind) => [.. journal.Where(entry => entry.GetProperty("kind").GetString() == kind)];
        long beganNs = Data("PhaseStarted")
            .Where(entry => entry.GetProperty("data").GetProperty("phase").GetString() == phase)
            .Select(entry => Ns(entry.GetProperty("timeUtcNs"))).First();
        return [.. Data("SegmentStored").Select(entry => entry.GetProperty("data"))
            .Where(stored => Ns(stored.GetProperty("segment").GetProperty("lastNs")) < beganNs)
            .Select(stored => Path.Combine(Folder, stored.GetProperty("file").GetString()!))
            .Where(file => Path.GetFileName(file).StartsWith(prefix, StringComparison.Ordinal))];
    }

    private static long Ns(JsonElement text) => long.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    /// <summary>Cause of one requirement, in English, for a failing test's message.</summary>
    public string CauseOf(string id)
        => Report.GetProperty("requirements").EnumerateArray()
            .First(entry => entry.GetProperty("id").GetString() == id).GetProperty("cause").ToString();
}
