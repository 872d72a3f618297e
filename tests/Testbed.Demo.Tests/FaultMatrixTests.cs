using System.Text;
using System.Text.Json;

namespace Testbed.Demo.Tests;

/// <summary>
/// Each fault of the rehearsal lab turns exactly the requirements that its own file lists, and no other.
/// Run by <c>./testbed test --faults</c>; the matrix is printed and left in artifacts/fault-matrix.txt.
/// </summary>
[Category("Faults")]
public sealed class FaultMatrixTests
{
    private static readonly SortedDictionary<string, string> Rows = new(StringComparer.Ordinal);
    private Demo _clean = null!;

    public static IEnumerable<TestCaseData> Faults()
    {
        using JsonDocument json = JsonDocument.Parse(
            Launcher.TestbedAsync(TimeSpan.FromMinutes(5), "faults", "--json").GetAwaiter().GetResult().Output);
        foreach (JsonElement fault in json.RootElement.EnumerateArray())
        {
            Dictionary<string, string> breaks = fault.GetProperty("breaks").EnumerateObject()
                .ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);
            string name = fault.GetProperty("name").GetString()!;
            yield return new TestCaseData(name, breaks).SetArgDisplayNames(name);
        }
    }

    [OneTimeSetUp]
    public async Task RunTheDemoWithoutFault() => _clean = await Demo.RunCalmAsync("clean");

    [TestCaseSource(nameof(Faults))]
    public async Task A_fault_turns_exactly_what_it_breaks(string fault, Dictionary<string, string> breaks)
    {
        Demo demo = await Demo.RunCalmAsync("fault-" + fault, "--fault", fault);
        Dictionary<string, string> turned = demo.Verdicts.Where(entry => _clean.Verdicts[entry.Key] != entry.Value)
            .ToDictionary(entry => entry.Key, entry => entry.Value);
        Rows[fault] = string.Join("  ", turned.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => $"{entry.Key}={entry.Value}"));
        string[] differing = [.. turned.Keys.Union(breaks.Keys)
            .Where(id => turned.GetValueOrDefault(id) != breaks.GetValueOrDefault(id))];
        if (differing.Length > 0 && differing.All(demo.IsExcused))
            Assert.Inconclusive($"This host is too busy for {string.Join(", ", differing)}");
        Assert.That(turned, Is.EquivalentTo(breaks), () => string.Join('\n',
            turned.Keys.Select(id => $"{id}: {demo.CauseOf(id)}")));
    }

    [TestCase("uplink")]
    [TestCase("downlink")]
    public async Task What_a_lossy_UPF_lost_is_what_its_ledger_says(string direction)
    {
        Demo demo = await Demo.RunAsync("ledger-loss-" + direction, "--fault", "loss-1e-2", "--only", "E2E-003");
        LedgerComparison comparison = await LedgerComparison.OfAsync(demo, direction);
        Assert.That(comparison.LedgerLost, Is.Positive);
        // One of the lab's own packets in a hundred may be lost before or after the captures.
        Assert.That(
            comparison.Lost, Is.EqualTo(comparison.LedgerLost).Within(LedgerComparison.OutsideCapturesMax / 10));
    }

    [OneTimeTearDown]
    public void PrintTheMatrix()
    {
        StringBuilder text = new();
        int width = Rows.Keys.Select(name => name.Length).DefaultIfEmpty(0).Max() + 2;
        foreach ((string fault, string turned) in Rows) text.AppendLine(fault.PadRight(width) + turned);
        File.WriteAllText(Path.Combine(Launcher.Root, "artifacts", "fault-matrix.txt"), text.ToString());
    }
}
