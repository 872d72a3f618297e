using System.Text.Json;

namespace Testbed.Demo.Tests;

/// <summary>One fault of the lab as <c>./testbed faults</c> tells it.</summary>
/// <param name="Breaks">Verdict by requirement id: exactly what differs from a lab without faults.</param>
internal sealed record Fault(string Name, string Zh, string En, IReadOnlyDictionary<string, string> Breaks)
{
    public override string ToString() => Name;
}

internal static class FaultList
{
    private static readonly string[] ScenarioTypes = ["SCN-BW", "SCN-DEN", "SCN-LAT", "SCN-REL"];
    private const int ScenariosNeeded = 2;

    private static readonly Lazy<IReadOnlyList<Fault>> Read = new(() =>
    {
        using JsonDocument json = JsonDocument.Parse(
            Launcher.TestbedAsync(TimeSpan.FromMinutes(5), "faults", "--json").GetAwaiter().GetResult().Output);
        return [.. json.RootElement.EnumerateArray().Select(Of)];
    });

    public static IReadOnlyList<Fault> All => Read.Value;

    private static Fault Of(JsonElement fault)
    {
        JsonElement description = fault.GetProperty("description");
        return new(
            fault.GetProperty("name").GetString()!, description.GetProperty("zh").GetString()!,
            description.GetProperty("en").GetString()!,
            fault.GetProperty("breaks").EnumerateObject()
                .ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!, StringComparer.Ordinal));
    }

    /// <summary>
    /// Pairs of faults of which both must show side by side, drawn at random and repeatably. Left out are pairs that
    /// say something of each other: that turn the same requirement; of which one spoils the instruments, for those
    /// void what the other would fail; and that leave too few scenarios, which turns SCN-000 besides.
    /// </summary>
    public static IReadOnlyList<(Fault One, Fault Other)> Pairs(int count, int seed)
    {
        List<(Fault, Fault)> possible = [];
        for (int i = 0; i < All.Count; i++)
            for (int j = i + 1; j < All.Count; j++)
                if (AreApart(All[i], All[j])) possible.Add((All[i], All[j]));
        (Fault, Fault)[] drawn = [.. possible];
        new Random(seed).Shuffle(drawn);
        return drawn[..Math.Min(count, drawn.Length)];
    }

    private static bool AreApart(Fault one, Fault other)
    {
        string[] ids = [.. one.Breaks.Keys.Concat(other.Breaks.Keys)];
        return ids.Distinct().Count() == ids.Length
            && !ids.Any(id => id.StartsWith("KIT-", StringComparison.Ordinal))
            && ScenarioTypes.Count(type => !ids.Any(id => id.StartsWith(type, StringComparison.Ordinal)))
                >= ScenariosNeeded;
    }
}
