using System.Diagnostics;
using System.Text.Json;

namespace Testbed.Demo.Tests.Interruptions;

/// <summary>
/// A rehearsal lab that outlives its inspections, as a site does: an agent that ends is started again, and the lab's
/// ledger tells at any time what clients hold.
/// </summary>
internal sealed class LabSite : IAsyncDisposable
{
    private const int KitCount = 5;
    private static readonly TimeSpan UpWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LedgerWithin = TimeSpan.FromSeconds(10);

    private static readonly string Binaries = Path.Combine(Launcher.Root, "artifacts", "bin");
    public static readonly string Product = Path.Combine(Binaries, "Testbed.Cli", "release", "testbed.dll");

    // A Unix socket's path has at most 107 bytes.
    private readonly string _folder = Directory.CreateTempSubdirectory("testbed.").FullName;
    private readonly StringBuilderWriter _said = new();
    private Process? _host;

    public string Claim => Path.Combine(_folder, "lab.yaml");
    public string Socket => Path.Combine(_folder, "site.sock");
    private string Ledger => Path.Combine(_folder, "ledger.json");
    private string Spool => Path.Combine(_folder, "spool");

    /// <summary>What kits and lab have said so far.</summary>
    public string Said => _said.ToString();

    public static async Task<LabSite> StartAsync()
    {
        LabSite site = new();
        ProcessStartInfo start = new("dotnet") { RedirectStandardError = true, WorkingDirectory = Launcher.Root };
        string agent = $"dotnet {Product} agent run --kit {{kit}} --connect unix:{site.Socket} --spool {site.Spool}";
        foreach (string argument in (string[])
            [
                Path.Combine(Binaries, "Testbed.Lab", "release", "Testbed.Lab.dll"), "host", "--claim-out", site.Claim,
                "--ledger", site.Ledger, "--kit-command", $"while :; do {agent}; done", "--", "sleep", "3600",
            ]) start.ArgumentList.Add(argument);
        site._host = Process.Start(start) ?? throw new InvalidOperationException("could not start the lab");
        site._host.ErrorDataReceived += (_, line) => site._said.Add(line.Data);
        site._host.BeginErrorReadLine();
        await Waiting.UntilAsync(() => site.Agents().Count == KitCount, UpWithin, () => $"no lab\n{site.Said}");
        return site;
    }

    /// <summary>The process of each kit's agent, by kit.</summary>
    public IReadOnlyDictionary<string, int> Agents() =>
        (from process in ProcessTable.All()
         where process.Arguments.Contains(Product) && process.Arguments.Contains($"unix:{Socket}")
             && process.Arguments.Contains("agent")
         let kit = process.Arguments[Array.IndexOf(process.Arguments, "--kit") + 1]
         group process.Id by kit).ToDictionary(each => each.Key, each => each.Max());

    /// <summary>Spool folders of agents that are gone.</summary>
    public int SpoolsLeft()
    {
        int all = Directory.Exists(Spool) ? Directory.GetDirectories(Spool).Length : 0;
        return Math.Max(0, all - Agents().Count);
    }

    /// <summary>What clients hold in the lab now, by kind.</summary>
    public async Task<IReadOnlyDictionary<string, long>> HeldAsync()
    {
        DateTimeOffset askedUtc = DateTimeOffset.UtcNow;
        ProcessTable.Signal(_host!.Id, ProcessTable.User1);
        Dictionary<string, long> held = [];
        await Waiting.UntilAsync(() => TryRead(askedUtc, held), LedgerWithin, () => $"no ledger\n{Said}");
        return held;
    }

    private bool TryRead(DateTimeOffset sinceUtc, Dictionary<string, long> held)
    {
        if (!File.Exists(Ledger)) return false;
        using JsonDocument ledger = JsonDocument.Parse(File.ReadAllBytes(Ledger));
        if (ledger.RootElement.GetProperty("writtenUtc").GetDateTimeOffset() < sinceUtc) return false;
        foreach (JsonProperty each in ledger.RootElement.GetProperty("held").EnumerateObject())
            held[each.Name] = each.Value.GetInt64();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is { HasExited: false } host)
        {
            ProcessTable.Signal(host.Id, ProcessTable.Terminate);
            await host.WaitForExitAsync();
        }
        _host?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
