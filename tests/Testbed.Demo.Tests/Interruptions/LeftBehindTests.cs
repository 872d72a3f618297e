using System.Text.Json;

namespace Testbed.Demo.Tests.Interruptions;

/// <summary>Whatever a run asked the exposed network for is given back.</summary>
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

    private static async Task<IReadOnlyDictionary<string, long>> EventsAsync(string folder)
    {
        using JsonDocument ledger =
            JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "lab-ledger.json")));
        return ledger.RootElement.GetProperty("events").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetInt64());
    }
}
