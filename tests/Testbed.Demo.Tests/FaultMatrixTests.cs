namespace Testbed.Demo.Tests;

/// <summary>
/// Each fault of the rehearsal lab turns exactly the requirements that its own file lists, and no other; two at a time
/// turn what each of them does. Run by <c>./testbed test --faults</c>; the matrix is printed, left in
/// artifacts/fault-matrix.txt, and written to docs/faults.md when none turned anything else. What a busy host left
/// undecided is measured again by itself. It takes hours, so <c>--resume</c> counts what was seen on the same sources
/// before.
/// </summary>
[Category("Faults")]
public sealed class FaultMatrixTests
{
    private const int PairCount = 5;
    private static readonly Dictionary<string, string> Nothing = [];
    /// <summary>The launcher gives another one each time, or the one that it was given.</summary>
    private static readonly int PairSeed =
        int.TryParse(Environment.GetEnvironmentVariable("TESTBED_FAULT_SEED"), out int given) ? given : 1;

    private static readonly SortedDictionary<string, IReadOnlyDictionary<string, string>> Rows =
        new(StringComparer.Ordinal);
    private readonly KeptRows _kept =
        new(Launcher.Root, Environment.GetEnvironmentVariable("TESTBED_FAULT_RESUME") == "1");

    public static IEnumerable<TestCaseData> Faults() =>
        FaultList.All.Select(fault => new TestCaseData(fault.Name).SetArgDisplayNames(fault.Name));

    public static IEnumerable<TestCaseData> Pairs() => FaultList.Pairs(PairCount, PairSeed)
        .Select((pair, i) => new TestCaseData(i).SetArgDisplayNames($"{pair.One} + {pair.Other}"));

    /// <summary>A lab in which something turns by itself has nothing to say of faults.</summary>
    [Test]
    public async Task Without_a_fault_nothing_turns()
    {
        if (WasSeen(FaultDocument.NoFault, Nothing)) return;
        Compare(FaultDocument.NoFault, await Demo.RunCalmAsync("clean", Nothing), Nothing);
    }

    [TestCaseSource(nameof(Faults))]
    public async Task A_fault_turns_exactly_what_it_breaks(string name)
    {
        Fault fault = FaultList.All.First(each => each.Name == name);
        if (WasSeen(name, fault.Breaks)) return;
        Demo demo = await Demo.RunSettledAsync("fault-" + name, fault.Breaks, "--fault", name);
        Compare(name, demo, fault.Breaks);
    }

    [TestCaseSource(nameof(Pairs))]
    [Category("FaultPairs")]
    public async Task Two_faults_turn_what_each_of_them_breaks(int number)
    {
        (Fault one, Fault other) = FaultList.Pairs(PairCount, PairSeed)[number];
        Dictionary<string, string> breaks =
            one.Breaks.Concat(other.Breaks).ToDictionary(entry => entry.Key, entry => entry.Value);
        if (WasSeen($"{one} + {other}", breaks)) return;
        Demo demo = await Demo.RunSettledAsync(
            $"faults-{one}-{other}", breaks, "--fault", one.Name, "--fault", other.Name);
        Compare($"{one} + {other}", demo, breaks);
    }

    /// <summary>Whether an earlier start saw the row, on the same sources, as it must be.</summary>
    private bool WasSeen(string row, IReadOnlyDictionary<string, string> breaks)
    {
        if (_kept.Find(row) is not { } turned) return false;
        Rows[row] = turned;
        Assert.That(turned, Is.EquivalentTo(breaks));
        return true;
    }

    private void Compare(string row, Demo demo, IReadOnlyDictionary<string, string> breaks)
    {
        Dictionary<string, string> turned = demo.Verdicts.Where(entry => entry.Value != "Pass")
            .ToDictionary(entry => entry.Key, entry => entry.Value);
        string[] differing = [.. turned.Keys.Union(breaks.Keys)
            .Where(id => turned.GetValueOrDefault(id) != breaks.GetValueOrDefault(id))];
        if (differing.Length > 0 && differing.All(demo.IsExcused))
            Assert.Inconclusive($"This host is too busy for {string.Join(", ", differing)}");
        Rows[row] = turned;
        Assert.That(turned, Is.EquivalentTo(breaks), () => string.Join('\n',
            turned.Keys.Select(id => $"{id}: {demo.CauseOf(id)}")));
        _kept.Keep(row, turned);
        // A run as it must be is hundreds of megabytes that nobody looks at.
        Directory.Delete(demo.Folder, recursive: true);
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
        // Those that a filter left out of this start and an earlier one saw.
        foreach (string row in _kept.Names) Rows.TryAdd(row, _kept.Find(row)!);
        string[] pairs = [.. Rows.Keys.Where(row => row.Contains('+'))];
        string text = FaultDocument.Matrix(FaultList.All, Rows, CleanDemoTests.Judged)
            + string.Concat(pairs.Select(pair => $"{pair}: {string.Join("  ", Rows[pair].Select(
                entry => $"{entry.Key}={entry.Value}"))}\n"))
            + (pairs.Length > 0 ? $"pairs drawn with --seed {PairSeed}\n" : "");
        File.WriteAllText(Path.Combine(Launcher.Root, "artifacts", "fault-matrix.txt"), text);
        if (TestContext.CurrentContext.Result.FailCount == 0 && Rows.Count > 0)
            File.WriteAllText(
                _kept.Document, FaultDocument.Render(FaultList.All, Rows, CleanDemoTests.Judged, _kept.Sources));
    }
}
