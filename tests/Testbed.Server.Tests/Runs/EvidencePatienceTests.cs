using System.Threading.Channels;
using Testbed.Conformance;
using Testbed.Evidence.Journals;
using Testbed.Server.Agents;
using Testbed.Server.Planning;
using Testbed.Server.Runs;
using Testbed.Server.Runs.Traffic;
using Testbed.Server.Tests.Agents;

namespace Testbed.Server.Tests.Runs;

/// <summary>A stopped capture is waited for as long as its evidence comes in, and no longer.</summary>
public sealed class EvidencePatienceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly PlanTask Capture =
        new("capture-1", "capture", "kit-a", 0, new Dictionary<string, string>());
    private readonly TestClock _clock = new();
    private string _folder = null!;
    private Journal _journal = null!;
    private AgentListener _listener = null!;
    private TestPeer _peer = null!;
    private TaskRunner _runner = null!;

    [SetUp]
    public async Task Listen()
    {
        _folder = Directory.CreateTempSubdirectory("tb").FullName;
        string socket = Path.Combine(_folder, "s");
        AgentRegistry registry = new(["kit-a"]);
        EvidenceIntake intake = new(_folder, registry, new());
        _journal = Journal.Create(Path.Combine(_folder, "journal.ndjson"), TimeProvider.System);
        _listener = await AgentListener.StartAsync(
            socket, "run-1", new byte[32], registry, intake, TimeProvider.System, CancellationToken.None);
        _peer = await TestPeer.AttachAsync(socket, "kit-a");
        _peer.OnStop = (_, _) => Task.CompletedTask;
        await _peer.Welcomed;
        _runner = new(registry, intake, _journal, new byte[32], new Silent(), _clock);
    }

    [TearDown]
    public async Task Close()
    {
        await _peer.DisposeAsync();
        await _listener.DisposeAsync();
        _journal.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Evidence_that_still_comes_in_is_waited_for()
    {
        Task stopping = _runner.StopAsync(_runner.Start(Capture), null, CancellationToken.None);
        for (int i = 0; i < 3; i++)
        {
            await _peer.UploadAsync(Capture.Id, $"captures/kit-a/{i}.pcapng", new byte[2 << 20]);
            await _clock.PassAsync();
            Assert.That(stopping.IsCompleted, Is.False, $"after {i + 1} files");
        }
        await _peer.DoneAsync(Capture.Id, "{}");
        await stopping.WaitAsync(Patience);
        Assert.That(_runner.Outcomes[Capture.Id].Problem, Is.Null);
    }

    [Test]
    public async Task A_task_that_sends_nothing_more_is_given_up()
    {
        Task stopping = _runner.StopAsync(_runner.Start(Capture), null, CancellationToken.None);
        await _peer.UploadAsync(Capture.Id, "captures/kit-a/0.pcapng", new byte[2 << 20]);
        await _clock.PassAsync();
        Assert.That(stopping.IsCompleted, Is.False);
        await _clock.PassAsync();
        await stopping.WaitAsync(Patience);
        Assert.That(_runner.Outcomes[Capture.Id].Problem?.En, Does.Contain("gave no outcome after it was stopped"));
    }

    private sealed class Silent : IRunProgress
    {
        public void At(LocalText phase, double share, string figure) { }
        public void Note(LocalText text) { }
    }

    /// <summary>A clock whose timers go off when the test says so.</summary>
    private sealed class TestClock : TimeProvider
    {
        private readonly Channel<Action> _set = Channel.CreateUnbounded<Action>();

        /// <summary>Lets the timer that is set, or that will be set next, go off.</summary>
        public async Task PassAsync()
        {
            using CancellationTokenSource limit = new(Patience);
            (await _set.Reader.ReadAsync(limit.Token))();
            // What waited goes on in a thread of its own, and waits again unless it ends.
            for (int i = 0; i < 50 && _set.Reader.Count == 0; i++) await Task.Delay(10);
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan due, TimeSpan period)
        {
            _set.Writer.TryWrite(() => callback(state));
            return new Set();
        }

        private sealed class Set : ITimer
        {
            public bool Change(TimeSpan due, TimeSpan period) => true;
            public void Dispose() { }
            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
