using Testbed.Server.Agents;

namespace Testbed.Agent.Tests;

/// <summary>The product's own agent listener on a socket in a temporary folder, and one agent.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    public static readonly byte[] Nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    public static readonly byte[] PlanDigest = [.. Enumerable.Repeat((byte)7, 32)];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tb");
    private AgentListener? _listener;

    public AgentRegistry Registry { get; } = new(["kit-a"]);
    public EvidenceIntake Intake { get; private set; } = null!;
    public Task Agent { get; private set; } = Task.CompletedTask;
    public StringWriter Errors { get; } = new();
    public string RunFolder => Path.Combine(_folder.FullName, "run");
    public string SpoolFolder => Path.Combine(_folder.FullName, "spool");
    public AgentLink Link => Registry.Find("kit-a")!;

    public AgentOptions Options => new()
    {
        Kit = "kit-a", Connect = $"unix:{Path.Combine(_folder.FullName, "s")}", SpoolFolder = SpoolFolder,
        ConnectWithin = TimeSpan.FromSeconds(10), StopWithin = TimeSpan.FromSeconds(5),
    };

    public static async Task<RealServer> StartAsync()
    {
        RealServer server = new();
        await server.ListenAsync();
        server.StartAgent(server.Options);
        await server.Registry.GatherAsync(Patience, TimeProvider.System, CancellationToken.None);
        Assert.That(server.Registry.Missing, Is.Empty, server.Errors.ToString());
        return server;
    }

    public static RealServer Silent() => new();

    public async Task ListenAsync()
    {
        Directory.CreateDirectory(RunFolder);
        Intake = new(RunFolder, Registry, new());
        _listener = await AgentListener.StartAsync(
            Path.Combine(_folder.FullName, "s"), "run-1", Nonce, Registry, Intake, TimeProvider.System, default);
    }

    public void StartAgent(AgentOptions options) =>
        Agent = Task.Run(() => AgentHost.RunAsync(options, _stop.Token, TextWriter.Synchronized(Errors)));

    /// <summary>Orders a task and waits for its end.</summary>
    public async Task<TaskOutcome> DoAsync(string kind, params (string, string)[] parameters) =>
        await Start("t1", kind, parameters).Done.WaitAsync(Patience);

    public AgentTask Start(string id, string kind, params (string Key, string Value)[] parameters) =>
        Link.Start(id, kind, parameters.Select(p => KeyValuePair.Create(p.Key, p.Value)), PlanDigest);

    public static async Task<TaskOutcome> EndOf(AgentTask task) => await task.Done.WaitAsync(Patience);
    public static async Task<bool> ReadyOf(AgentTask task) => await task.Ready.WaitAsync(Patience);
    public Task InterruptAsync() => _stop.CancelAsync();

    public async Task GoAwayAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync();
        _listener = null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(Agent, Task.Delay(Patience));
        await GoAwayAsync();
        _folder.Delete(recursive: true);
        _stop.Dispose();
    }
}
