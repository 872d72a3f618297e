using System.Threading.Channels;
using Grpc.Core;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Testbed.Agent.Tasks;
using Testbed.Agent.Tests.Uplink;
using Testbed.Agent.Uplink;
using Testbed.Agents.V1;
using Testbed.Probes;

namespace Testbed.Agent.Tests.Tasks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class TaskTableTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, Func<CancellationToken, ITaskVoice, Task<TaskEnd>>> _kinds = [];
    private readonly Sent _sent = new();
    private readonly TaskTable _table;

    public TaskTableTests()
    {
        Outbox outbox = new();
        _ = outbox.PumpAsync(_sent);
        EvidenceUploader uploader = new(
            new ScriptedHub(ScriptedHub.Broken), "kit-a", TimeProvider.System, NullLogger.Instance);
        _table = new(kind => _kinds.TryGetValue(kind, out var body) ? new Scripted(body) : null, outbox, uploader,
            TimeProvider.System, NullLogger.Instance);
    }

    private void Start(string id, string kind, int digestBytes = 32) => _table.Start(
        new() { TaskId = id, Kind = kind, PlanDigest = ByteString.CopyFrom(new byte[digestBytes]) }, default, default);

    private static IEnumerable<Exception> Deaths =>
    [
        new InvalidOperationException("boom\nat line 2"), new ProbeParameterException("port", "a port", "x"),
        new IOException("the disc is gone"), new OperationCanceledException(), new InvalidCastException(),
    ];

    [TestCaseSource(nameof(Deaths))]
    public async Task Whatever_a_task_throws_the_server_gets_one_end_with_a_problem(Exception death)
    {
        _kinds["bad"] = (_, _) => throw death;
        Start("t1", "bad");
        TaskDone done = await _sent.DoneAsync();
        Assert.That(done.TaskId, Is.EqualTo("t1"));
        Assert.That(done.ProblemEn, Is.Not.Empty.And.Not.Contain("\n"));
        Assert.That(done.ProblemZh, Is.Not.Empty);
        _kinds["good"] = (_, _) => Task.FromResult(new TaskEnd("{}", [], null));
        Start("t2", "good");
        Assert.That((await _sent.DoneAsync()).ProblemEn, Is.Empty);
    }

    [TestCase("t1", 32, "given out before")]
    [TestCase("../t", 32, "plain ASCII name")]
    [TestCase("t2", 0, "no frozen plan")]
    [TestCase("t2", 31, "no frozen plan")]
    public async Task An_order_that_cannot_be_meant_is_refused(string id, int digestBytes, string why)
    {
        _kinds["good"] = (_, _) => Task.FromResult(new TaskEnd("{}", [], null));
        Start("t1", "good");
        await _sent.DoneAsync();
        Start(id, "good", digestBytes);
        Assert.That((await _sent.DoneAsync()).ProblemEn, Does.Contain(why));
    }

    [Test]
    public async Task Evidence_that_cannot_be_sent_is_a_problem_and_no_file_of_the_run()
    {
        string path = Path.GetTempFileName();
        _kinds["good"] = (_, _) => Task.FromResult(new TaskEnd("{}", [new(path, "records/t1/a")], null));
        Start("t1", "good");
        TaskDone done = await _sent.DoneAsync();
        Assert.That(done.ProblemEn, Does.Contain("did not reach the server"));
        Assert.That(done.Files, Is.Empty);
        Assert.That(File.Exists(path));
        File.Delete(path);
    }

    [Test]
    public async Task Stopping_all_waits_for_those_that_end_and_counts_those_that_do_not()
    {
        TaskCompletionSource<TaskEnd> never = new();
        _kinds["deaf"] = (_, _) => never.Task;
        _kinds["polite"] = async (stop, _) =>
        {
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            return new("{}", [], null);
        };
        Start("t1", "deaf");
        Start("t2", "polite");
        Assert.That(await _table.StopAllAsync(TimeSpan.FromMilliseconds(500)), Is.EqualTo(1));
        Assert.That((await _sent.DoneAsync()).TaskId, Is.EqualTo("t2"));
        never.SetResult(new("", [], null));
    }

    [Test]
    public async Task Progress_is_told_at_most_five_times_a_second_and_stays_within_bounds()
    {
        _kinds["busy"] = (_, voice) =>
        {
            for (int i = 0; i < 1_000; i++) voice.Progress(double.NaN, "x");
            return Task.FromResult(new TaskEnd("{}", [], null));
        };
        Start("t1", "busy");
        await _sent.DoneAsync();
        // A thousand calls take no second, on any machine that this may run on.
        Assert.That(_sent.Progress, Has.Count.InRange(1, 50));
        Assert.That(_sent.Progress.Select(progress => progress.Share), Is.All.Zero);
    }

    private sealed class Scripted(Func<CancellationToken, ITaskVoice, Task<TaskEnd>> body) : IAgentTask
    {
        public Task<TaskEnd> RunAsync(TaskOrder order, ITaskVoice voice, CancellationToken stop) => body(stop, voice);
    }

    private sealed class Sent : IClientStreamWriter<AgentMessage>
    {
        private readonly Channel<TaskDone> _done = Channel.CreateUnbounded<TaskDone>();
        public List<TaskProgress> Progress { get; } = [];
        public WriteOptions? WriteOptions { get; set; }

        public async Task<TaskDone> DoneAsync() => await _done.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        public Task CompleteAsync() => Task.CompletedTask;

        public Task WriteAsync(AgentMessage message)
        {
            if (message.TaskDone is { } done) _done.Writer.TryWrite(done);
            if (message.TaskProgress is { } progress) Progress.Add(progress);
            return Task.CompletedTask;
        }
    }
}
