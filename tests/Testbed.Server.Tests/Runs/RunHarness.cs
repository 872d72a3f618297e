using System.Collections.Concurrent;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Json;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Reports;
using Testbed.Conformance.Results;
using Testbed.Evidence.Journals;
using Testbed.Server.Planning;
using Testbed.Server.Runs;
using Testbed.Server.Tests.Agents;

namespace Testbed.Server.Tests.Runs;

/// <summary>A whole run in a temporary folder, with peers that speak the agents' protocol.</summary>
internal sealed class RunHarness : IAsyncDisposable, IRunProgress
{
    public static readonly Profile Profile = ProfileCatalogue.Find("miit-2022-220@1")!;
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("tb");
    private readonly List<TestPeer> _peers = [];

    public RunHarness()
    {
        Folder = RunFolder.Create(Path.Combine(_place.FullName, "run"));
        Socket = Path.Combine(_place.FullName, "s");
        ClaimPath = Path.Combine(_place.FullName, "claim.yaml");
        File.WriteAllText(ClaimPath, "schema: testbed.claim/1\n");
    }

    public RunFolder Folder { get; }
    public string Socket { get; }
    public string ClaimPath { get; }
    public ConcurrentQueue<string> Notes { get; } = new();
    public Action<string> Noted { get; set; } = _ => { };

    public RunRequest Request(Claim claim, params string[] only) => new()
    {
        RunId = "run-1", Nonce = new byte[32], Claim = claim, ClaimPath = ClaimPath, Size = PlanSize.Quick,
        Filter = new(only, []), SocketPath = Socket, ToolVersion = "0", ToolCommit = "test",
        GatherWithin = TimeSpan.FromSeconds(5),
    };

    public Task<RunReport> RunAsync(RunRequest request, CancellationToken cancellation = default) =>
        RunCoordinator.RunAsync(request, Profile, Folder, this, TimeProvider.System, cancellation);

    /// <summary>Attaches a peer once the server listens.</summary>
    public async Task<TestPeer> AttachAsync(string kit, Func<TestPeer, Testbed.Agents.V1.StartTask, Task> onStart)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(10));
        while (!File.Exists(Socket)) await Task.Delay(20, limit.Token);
        TestPeer peer = await TestPeer.AttachAsync(Socket, kit, addresses: "10.100.3.200");
        peer.OnStart = onStart;
        _peers.Add(peer);
        await peer.Welcomed;
        return peer;
    }

    public IReadOnlyList<JournalEntry> Journal() => [.. new JournalReader(Folder.Journal).Read()];

    public static string Outcome(params KpiResult[] kpis) =>
        new JsonObject { { "kpis", KpiResultJson.Write(kpis) }, { "records", new JsonArray() } }.ToString();

    public static KpiResult Kpi(string id, decimal value, string unit, long samples) => new()
    {
        Id = id, Value = value, Low = value, High = value, Unit = unit, Samples = samples, Source = "test",
        Confidence = 0.95m,
    };

    public void At(LocalText phase, double share, string figure) { }

    public void Note(LocalText text)
    {
        Notes.Enqueue(text.En);
        Noted(text.En);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestPeer peer in _peers) await peer.DisposeAsync();
        _place.Delete(recursive: true);
    }
}
