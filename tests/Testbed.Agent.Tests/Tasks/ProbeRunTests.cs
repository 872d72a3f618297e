using System.Text;
using Testbed.Agent.Spool;
using Testbed.Agent.Tasks;
using Testbed.Conformance.Json;
using Testbed.Conformance.Results;
using Testbed.Probes;

namespace Testbed.Agent.Tests.Tasks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class ProbeRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tb");
    private readonly Voice _voice = new();

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private Task<TaskEnd> RunAsync(
        Func<IProbeHost, CancellationToken, Task<ProbeOutcome>> body, CancellationToken stop = default)
    {
        SpoolFolder spool = SpoolFolder.Create(new()
        {
            Kit = "kit-a", Connect = "unix:/x", SpoolFolder = _folder.FullName,
        });
        ProbeRun run = new(new Probe(body), "kit-a", spool, TimeProvider.System);
        return run.RunAsync(new("t1", "test", default, new Dictionary<string, string>()), _voice, stop);
    }

    [Test]
    public async Task Records_are_closed_and_named_as_in_the_run_folder()
    {
        KpiResult kpi = new()
        {
            Id = "x", Value = 1, Low = 1, High = 1, Unit = "1", Samples = 1, Source = "test",
            Evidence = ["a.csv", "a.csv#17", "a.csvx", "captures/kit-a/n3.pcapng"],
        };
        TaskEnd end = await RunAsync((host, _) =>
        {
            // Left open on purpose: whoever opened it is gone by the time it is sent.
            host.CreateRecord("a.csv").Write("one"u8);
            using (Stream b = host.CreateRecord("b.csv")) b.Write("two"u8);
            return Task.FromResult(new ProbeOutcome([kpi], ["a.csv", "b.csv"]));
        });
        Assert.That(end.Files.Select(file => file.RunName),
            Is.EqualTo((string[])["records/t1/a.csv", "records/t1/b.csv"]));
        Assert.That(end.Files.Select(file => File.ReadAllText(file.LocalPath)), Is.EqualTo((string[])["one", "two"]));
        KpiResult read = KpiResultJson.Read(
            CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(end.OutcomeJson)).GetObjects("kpis").Single());
        Assert.That(read.Evidence, Is.EqualTo((string[])
            ["records/t1/a.csv", "records/t1/a.csv#17", "a.csvx", "captures/kit-a/n3.pcapng"]));
    }

    [TestCase("../a")]
    [TestCase("a/b")]
    [TestCase(".hidden")]
    [TestCase("")]
    public async Task A_record_cannot_be_put_elsewhere(string name) => await Assert.ThrowsAsync<ArgumentException>(
        () => RunAsync((host, _) => Task.FromResult(new ProbeOutcome([], [host.CreateRecord(name).ToString()!]))));

    [Test]
    public async Task A_responder_that_is_stopped_has_done_its_work()
    {
        using CancellationTokenSource stop = new();
        TaskEnd end = await RunAsync(async (host, cancellation) =>
        {
            host.Ready();
            await stop.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
            return new([], []);
        }, stop.Token);
        Assert.That(end.Problem, Is.Null);
        Assert.That(_voice.Readies, Is.EqualTo(1));
    }

    [Test]
    public async Task A_probe_that_is_stopped_before_its_end_has_not()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => RunAsync((_, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            return Task.FromResult(new ProbeOutcome([], []));
        }, stop.Token));
    }

    private sealed class Probe(Func<IProbeHost, CancellationToken, Task<ProbeOutcome>> body) : IProbe
    {
        public string Kind => "test";
        public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation) =>
            body(host, cancellation);
    }

    private sealed class Voice : ITaskVoice
    {
        public int Readies { get; private set; }

        public ValueTask ReadyAsync()
        {
            Readies++;
            return ValueTask.CompletedTask;
        }

        public void Progress(double share, string? figure) { }
    }
}
