using System.Text.Json;

namespace Testbed.Demo.Tests;

/// <summary>Whatever a run asked the exposed network for is given back, also when somebody presses Ctrl-C.</summary>
public sealed class LeftBehindTests
{
    private static readonly string[] Resources =
        ["qos sessions", "traffic influences", "event subscriptions", "camara sessions"];

    [Test]
    public async Task A_run_leaves_nothing_behind()
    {
        Demo demo = await Demo.RunAsync("exposure-left", "--only", "EXP-*");
        IReadOnlyDictionary<string, long> events = await EventsAsync(demo.Folder);
        foreach (string resource in Resources)
        {
            Assert.That(events.GetValueOrDefault($"{resource}: created"), Is.Positive, resource);
            Assert.That(events[$"{resource}: left behind"], Is.Zero, resource);
        }
    }

    [Test]
    public async Task An_interrupted_run_leaves_nothing_behind()
    {
        string folder = Path.Combine(Launcher.Root, "artifacts", "demos", "exposure-interrupted");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        string script = $"""
            trap - INT; set -m
            setsid --wait ./testbed demo --only 'EXP-*' --out {folder} & demo=$!
            for i in $(seq 90); do sleep 1; grep -qs '"exposure-loops"' {folder}/journal.ndjson && break; done
            sleep 6
            kill -INT -- -$(pgrep -P $demo)
            wait $demo; echo "ended with $?"
            """;
        CommandResult result = await Launcher.RunAsync("bash", TimeSpan.FromMinutes(4), "-c", script);
        Assert.That(result.Output, Does.Contain("ended with 130"), result.ToString);
        IReadOnlyDictionary<string, long> events = await EventsAsync(folder);
        Assert.That(events.GetValueOrDefault("qos sessions: created"), Is.Positive, "it was interrupted too early");
        foreach (string resource in Resources) Assert.That(events[$"{resource}: left behind"], Is.Zero, resource);
    }

    private static async Task<IReadOnlyDictionary<string, long>> EventsAsync(string folder)
    {
        using JsonDocument ledger =
            JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "lab-ledger.json")));
        return ledger.RootElement.GetProperty("events").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetInt64());
    }
}
