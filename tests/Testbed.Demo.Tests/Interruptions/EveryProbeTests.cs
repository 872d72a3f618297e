using System.Globalization;
using System.Text;

namespace Testbed.Demo.Tests.Interruptions;

/// <summary>
/// Ctrl-C, kill -9 of the inspection and kill -9 of a kit's agent in the middle of each kind of test, all at one site:
/// its network tells afterwards what is left. What only a living process could have removed, the next run does.
/// </summary>
public sealed class EveryProbeTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(0.4), Long = TimeSpan.FromSeconds(2.8);
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(15);
    /// <summary>A minute for sessions that nobody uses, and for those that were asked for so long.</summary>
    private static readonly TimeSpan ExpiryWithin = TimeSpan.FromSeconds(80);

    private static readonly Stop[] Stops = [Stop.Interrupted, Stop.Killed, Stop.AgentKilled];

    private enum Stop { Interrupted, Killed, AgentKilled }

    /// <param name="Only">Requirements that make the plan short.</param>
    /// <param name="Phase">The one that is cut short.</param>
    private sealed record Moment(string Only, string Phase, TimeSpan Into);

    private static readonly Moment Loops =
        new("EXP-002 EXP-004 EXP-005 EXP-006 EXP-008", "exposure-loops", Long);

    private static readonly Moment[] Moments =
    [
        new("KIT-004", "kit-ceiling-kit-ue", Short), new("E2E-005", "n3-path-management", TimeSpan.Zero),
        new("EXP-001", "exposure-access", TimeSpan.Zero), new("EXP-003 EXP-007", "exposure-interfaces", Short),
        new("EXP-009", "exposure-bad-bodies", Short), new("SLC-007", "slice-admission", Short),
        new("SCN-DEN-001", "density-iot", Long), new("SCN-LAT-001", "stamp-embb-dn", Short),
        new("EDG-003", "edge-name-mec1", TimeSpan.Zero), new("EDG-001", "edge-paths", Short),
        new("EDG-004 EDG-005", "mec-mec1", TimeSpan.FromSeconds(0.15)),
        new("EDG-007", "mec-refusals-mec1", TimeSpan.Zero), new("SEC-002", "core-scan", Short),
        new("SEC-003", "security-trials", TimeSpan.Zero), new("SEC-004", "nested-tunnel", Short),
        new("SCN-BW-001", "capacity-downlink-embb", Short), new("SCN-BW-002", "capacity-uplink-embb", Short),
        Loops, new("SLC-003", "slice-reach", Short), new("SLC-004", "slice-load-uplink-embb", Long),
        new("SEC-008", "gtpu-mutants", Short),
    ];

    private readonly StringBuilder _table = new();
    private readonly HashSet<string> _kinds = new(StringComparer.Ordinal);

    [Test]
    public Task Nothing_is_left_when_the_closed_loops_are_cut_short() => RunAsync([Loops], Made);

    [Test]
    [Category("Interruptions")]
    public async Task Nothing_is_left_whichever_probe_is_cut_short()
    {
        await RunAsync(Moments, static held => held);
        string[] catalogue = [.. (await File.ReadAllLinesAsync(
            Path.Combine(Launcher.Root, "tests", "Testbed.Probes.Tests", "probes.approved.txt")))
            .Where(line => line.Length > 0).Select(line => line.Split(' ')[0])];
        Assert.That(catalogue.Except(_kinds), Is.Empty, "a probe that was never running when it was cut short");
    }

    /// <param name="expires">What must be gone in the end, of all that clients held.</param>
    private async Task RunAsync(
        Moment[] moments, Func<IReadOnlyDictionary<string, long>, IReadOnlyDictionary<string, long>> expires)
    {
        await using LabSite site = await LabSite.StartAsync();
        _table.AppendLine("phase                   cut short by     exit  held then  processes  after the next run");
        List<string> wrong = [];
        foreach (Moment moment in moments)
            foreach (Stop stop in Stops)
                if (await CutAsync(site, moment, stop) is { } what) wrong.Add($"{moment.Phase}, {stop}: {what}");
        IReadOnlyDictionary<string, long> held = await ExpireAsync(site, expires);
        _table.AppendLine(CultureInfo.InvariantCulture, $"when sessions had expired: {Sum(held)} ({Text(held)})");
        string file = Path.Combine(Launcher.Root, "artifacts", "interruptions.txt");
        await File.WriteAllTextAsync(file, _table.ToString());
        TestContext.Out.WriteLine(_table);
        Assert.That(wrong, Is.Empty);
        Assert.That(Sum(held), Is.Zero, $"{Text(held)}\n{_table}\n{site.Said}");
    }

    /// <summary>Null when all is well.</summary>
    private async Task<string?> CutAsync(LabSite site, Moment moment, Stop stop)
    {
        IReadOnlyDictionary<string, int> before = await AllAgentsAsync(site);
        using Inspection run = new(site, Folder(moment), moment.Only);
        await run.ReachAsync(moment.Phase, moment.Into);
        IReadOnlyList<(string Kind, string Kit)> running = run.Running();
        _kinds.UnionWith(running.Select(task => task.Kind));
        string kit = running.Select(task => task.Kit).LastOrDefault("kit-a");
        // An exposure kit has most to lose.
        if (running.Any(task => task.Kind.StartsWith("exposure-", StringComparison.Ordinal))) kit = "kit-a";
        int saidBefore = site.Said.Length;
        int victim = stop is Stop.AgentKilled ? before[kit] : run.Id;
        ProcessTable.Signal(victim, stop is Stop.Interrupted ? ProcessTable.Interrupt : ProcessTable.Kill);
        int exit = await run.EndAsync();
        int[] old = [.. before.Values, run.Id];
        int left = await LeftAsync(old);
        IReadOnlyDictionary<string, long> held = Made(await site.HeldAsync());
        (IReadOnlyDictionary<string, long> after, bool isSaid) =
            stop is Stop.AgentKilled && Sum(held) > 0 ? await NextRunAsync(site, moment) : (held, true);
        string next = stop is Stop.AgentKilled && Sum(held) > 0 ? $"{Sum(after)}" : "";
        _table.AppendLine(CultureInfo.InvariantCulture,
            $"{moment.Phase,-23} {stop,-15} {exit,5}  {Sum(held),9}  {left,9}  {next,18}{What(held)}");
        return left > 0 ? $"{left} processes are left\n{site.Said}"
            : Sum(after) > 0 ? $"left: {Text(after)}\n{run.Said}"
            // A kit that had given all that it was asked for is lost to nobody.
            : running.Any(task => task.Kit == kit) && !IsToldOf(stop, run.Said, site.Said[saidBefore..])
                ? $"nobody says what happened\n{run.Said}\n{site.Said}"
            : !isSaid ? "the next run does not say what it removed"
            : exit != ExitOf(stop) && stop is not Stop.AgentKilled ? $"exit code {exit}\n{run.Said}"
            : stop is Stop.AgentKilled && exit == 0 ? "a run that lost a kit passes" : null;
    }

    /// <summary>A run tells of a kit that it lost, and kits of a run, and that they stopped.</summary>
    private static bool IsToldOf(Stop stop, string run, string kits) => stop switch
    {
        Stop.Killed => kits.Contains("tasks were stopped", StringComparison.Ordinal)
            || kits.Contains("任务已停止", StringComparison.Ordinal),
        Stop.AgentKilled => run.Contains("is lost", StringComparison.Ordinal),
        _ => true,
    };

    private static int ExitOf(Stop stop) => stop is Stop.Interrupted ? 130 : 128 + ProcessTable.Kill;

    /// <summary>A whole run of the same; it removes what it finds, and says so.</summary>
    private static async Task<(IReadOnlyDictionary<string, long> Held, bool IsSaid)> NextRunAsync(
        LabSite site, Moment moment)
    {
        long before = Sum(Removable(await site.HeldAsync()));
        await AllAgentsAsync(site);
        using Inspection run = new(site, Folder(moment), moment.Only);
        await run.ReachAsync(moment.Phase, Long);
        ProcessTable.Signal(run.Id, ProcessTable.Interrupt);
        await run.EndAsync();
        return (Removable(await site.HeldAsync()),
            before == 0 || run.Said.Contains("that an earlier, interrupted run had left", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyDictionary<string, int>> AllAgentsAsync(LabSite site)
    {
        const int KitCount = 5;
        await Waiting.UntilAsync(
            () => site.Agents().Count == KitCount, GoneWithin, () => $"not all agents are back\n{site.Said}");
        return site.Agents();
    }

    /// <summary>Processes of the run that did not end.</summary>
    private static async Task<int> LeftAsync(int[] processes)
    {
        DateTimeOffset end = DateTimeOffset.UtcNow + GoneWithin;
        while (processes.Any(ProcessTable.Exists) && DateTimeOffset.UtcNow < end) await Task.Delay(100);
        return processes.Count(ProcessTable.Exists);
    }

    private static async Task<IReadOnlyDictionary<string, long>> ExpireAsync(
        LabSite site, Func<IReadOnlyDictionary<string, long>, IReadOnlyDictionary<string, long>> expires)
    {
        DateTimeOffset end = DateTimeOffset.UtcNow + ExpiryWithin;
        IReadOnlyDictionary<string, long> held = expires(await site.HeldAsync());
        while (Sum(held) > 0 && DateTimeOffset.UtcNow < end)
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            held = expires(await site.HeldAsync());
        }
        return held;
    }

    /// <summary>What a client must ask to be rid of; a UE's session goes when the UE is silent.</summary>
    private static IReadOnlyDictionary<string, long> Made(IReadOnlyDictionary<string, long> held) =>
        held.Where(each => each.Key != "pdu sessions").ToDictionary(each => each.Key, each => each.Value);

    /// <summary>Of that, what another client can remove: sessions that are asked for by the minute expire.</summary>
    private static Dictionary<string, long> Removable(IReadOnlyDictionary<string, long> held) => Made(held)
        .Where(each => each.Key is not ("camara sessions" or "sessions that were asked for"))
        .ToDictionary(each => each.Key, each => each.Value);

    private static long Sum(IReadOnlyDictionary<string, long> held) => held.Values.Sum();

    private static string Text(IReadOnlyDictionary<string, long> held) =>
        string.Join(", ", held.Where(each => each.Value > 0).Select(each => $"{each.Key} {each.Value}"));

    private static string What(IReadOnlyDictionary<string, long> held) => Sum(held) == 0 ? "" : $"  ({Text(held)})";

    private static string Folder(Moment moment) =>
        Path.Combine(Launcher.Root, "artifacts", "demos", "cut-" + moment.Phase);
}
