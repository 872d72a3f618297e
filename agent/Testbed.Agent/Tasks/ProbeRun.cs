using Testbed.Agent.Spool;
using Testbed.Conformance.Results;
using Testbed.Probes;

namespace Testbed.Agent.Tasks;

/// <summary>Runs one probe of the catalogue and brings its figures and records home.</summary>
internal sealed class ProbeRun(IProbe probe, string kit, SpoolFolder spool, TimeProvider time) : IAgentTask
{
    public async Task<TaskEnd> RunAsync(TaskOrder order, ITaskVoice voice, CancellationToken stop)
    {
        ProbeRecords records = new(spool.FolderOf(order.Id), order.Id);
        Host host = new(kit, time, records, voice);
        ProbeOutcome outcome;
        try
        {
            outcome = await probe.RunAsync(new(order.Id, order.Kind, order.RunNonce, order.Parameters), host, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && host.IsResponder)
        {
            // To be stopped is how a responder ends.
            outcome = new([], []);
        }
        IReadOnlyList<SpooledFile> files = records.Close();
        await host.ReadyTold;
        return new(
            OutcomeJson.OfProbe([.. outcome.Kpis.Select(kpi => Locate(kpi, records))], files, outcome.Facts),
            files, outcome.Problem);
    }

    private static KpiResult Locate(KpiResult kpi, ProbeRecords records) =>
        kpi with { Evidence = [.. kpi.Evidence.Select(records.Locate)] };

    private sealed class Host(string kit, TimeProvider time, ProbeRecords records, ITaskVoice voice) : IProbeHost
    {
        private int _ready;

        public string Kit => kit;
        public TimeProvider Time => time;
        public bool IsResponder => Volatile.Read(ref _ready) != 0;
        public Task ReadyTold { get; private set; } = Task.CompletedTask;

        public Stream CreateRecord(string name) => records.Create(name);
        public void Progress(double share, string? figure) => voice.Progress(share, figure);

        public void Ready()
        {
            if (Interlocked.Exchange(ref _ready, 1) == 0) ReadyTold = voice.ReadyAsync().AsTask();
        }
    }
}
