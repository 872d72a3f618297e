using System.Collections.Concurrent;
using System.Security.Cryptography;
using Grpc.Core;
using Testbed.Agents.V1;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Json;
using Testbed.Conformance.Reports;
using Testbed.Conformance.Results;
using Testbed.Evidence.Files;
using Testbed.Evidence.Journals;
using Testbed.Server.Runs;
using Testbed.Server.Tests.Agents;

namespace Testbed.Server.Tests.Runs;

/// <summary>Whole runs over a real socket; the peers answer at once, so a run takes as long as its parting.</summary>
public sealed class RunCoordinatorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    /// <summary>A lab without taps: nothing is captured, so that only the tests' own figures are judged.</summary>
    private static readonly Claim Untapped = ClaimSamples.Lab with { Taps = [], Consent = ["load"] };
    private static readonly string[] Capacity = ["SCN-BW-001", "SCN-BW-002"];

    private RunHarness _harness = null!;

    [SetUp]
    public void Begin() => _harness = new();

    [TearDown]
    public async Task End() => await _harness.DisposeAsync();

    [Test]
    public async Task Figures_of_the_kits_reach_the_report_and_everything_else_is_said()
    {
        Task<RunReport> run = _harness.RunAsync(_harness.Request(Untapped, Capacity));
        await _harness.AttachAsync("kit-dna", (peer, start) => peer.ReadyAsync(start.TaskId));
        await _harness.AttachAsync("kit-ue", MeasureAsync);
        RunReport report = await run.WaitAsync(Patience);

        Assert.That(VerdictOf(report, "SCN-BW-001"), Is.EqualTo(Verdict.Pass), () => CauseOf(report, "SCN-BW-001"));
        Assert.That(VerdictOf(report, "SCN-BW-002"), Is.EqualTo(Verdict.Pass), () => CauseOf(report, "SCN-BW-002"));
        Assert.That(VerdictOf(report, "SCN-DEN-001"), Is.EqualTo(Verdict.NotRun));
        Assert.That(report.Judgement.Totals.Values.Sum(), Is.EqualTo(RunHarness.Profile.Requirements.Count));
        Assert.That(report.Clocks.Select(clock => clock.Kit), Is.EquivalentTo(new[] { "kit-dna", "kit-ue" }));
        foreach (string file in new[]
            { "lab.yaml", "plan.json", "report.json", "report.html", "junit.xml", "series.json" })
            Assert.That(new FileInfo(_harness.Folder.At(file)), Has.Length.GreaterThan(0), file);
        Assert.That(ReportEncoding.Decode(File.ReadAllBytes(_harness.Folder.Report)).Judgement.ExitCode,
            Is.EqualTo(report.Judgement.ExitCode));
    }

    [Test]
    public async Task The_plan_is_in_the_journal_with_its_digest_before_any_kit_is_told_to_start()
    {
        ConcurrentQueue<(bool Frozen, byte[] Digest)> seen = new();
        Task Spy(TestPeer peer, StartTask start)
        {
            bool isFrozen = File.ReadAllText(_harness.Folder.Journal).Contains("\"kind\":\"PlanFrozen\"");
            seen.Enqueue((isFrozen, start.PlanDigest.ToByteArray()));
            return peer.Kit == "kit-ue" ? MeasureAsync(peer, start) : peer.ReadyAsync(start.TaskId);
        }
        Task<RunReport> run = _harness.RunAsync(_harness.Request(Untapped, Capacity));
        await _harness.AttachAsync("kit-dna", Spy);
        await _harness.AttachAsync("kit-ue", Spy);
        await run.WaitAsync(Patience);

        byte[] digest = SHA256.HashData(File.ReadAllBytes(_harness.Folder.Plan));
        Assert.That(seen, Is.Not.Empty);
        Assert.That(seen.Select(each => each.Frozen), Is.All.True);
        Assert.That(seen.Select(each => each.Digest), Is.All.EqualTo(digest));
        JournalEntry frozen = _harness.Journal().Single(entry => entry.Kind == "PlanFrozen");
        Assert.That(frozen.Data.GetString("digest"), Is.EqualTo(Convert.ToHexStringLower(digest)));
    }

    [Test]
    public async Task The_journal_ends_with_the_reports_digest()
    {
        Task<RunReport> run = _harness.RunAsync(_harness.Request(Untapped, Capacity));
        await _harness.AttachAsync("kit-dna", (peer, start) => peer.ReadyAsync(start.TaskId));
        await _harness.AttachAsync("kit-ue", MeasureAsync);
        await run.WaitAsync(Patience);
        JournalEntry last = _harness.Journal()[^1];
        Assert.That(last.Kind, Is.EqualTo("RunEnded"));
        Assert.That(last.Data.GetString("reportDigest"),
            Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_harness.Folder.Report)))));
    }

    [Test]
    public async Task A_kit_that_dies_in_the_middle_is_named_and_what_stood_on_it_is_inconclusive()
    {
        Task<RunReport> run = _harness.RunAsync(_harness.Request(Untapped, Capacity));
        await _harness.AttachAsync("kit-dna", (peer, start) => peer.ReadyAsync(start.TaskId));
        await _harness.AttachAsync("kit-ue", (peer, start) =>
        {
            peer.Kill();
            return Task.CompletedTask;
        });
        RunReport report = await run.WaitAsync(Patience);

        Assert.That(VerdictOf(report, "SCN-BW-001"), Is.EqualTo(Verdict.Inconclusive));
        Assert.That(VerdictOf(report, "SCN-BW-002"), Is.EqualTo(Verdict.Inconclusive));
        Assert.That(CauseOf(report, "SCN-BW-001"), Does.Contain("kit-ue"));
        Assert.That(report.Agents.Single(agent => agent.Kit == "kit-ue").Problem, Is.Not.Null);
        Assert.That(report.Agents.Single(agent => agent.Kit == "kit-dna").Problem, Is.Null);
        Assert.That(_harness.Journal().Select(entry => entry.Kind), Does.Contain("AgentLost").And.Contain("RunEnded"));
    }

    [Test]
    public async Task An_outcome_that_cannot_be_read_decides_nothing()
    {
        Task<RunReport> run = _harness.RunAsync(_harness.Request(Untapped, Capacity));
        await _harness.AttachAsync("kit-dna", (peer, start) => peer.ReadyAsync(start.TaskId));
        await _harness.AttachAsync("kit-ue", (peer, start) => peer.DoneAsync(start.TaskId, "{\"kpis\":12}"));
        RunReport report = await run.WaitAsync(Patience);
        Assert.That(VerdictOf(report, "SCN-BW-001"), Is.EqualTo(Verdict.Inconclusive));
        Assert.That(CauseOf(report, "SCN-BW-001"), Does.Contain("cannot be read"));
    }

    [Test]
    public async Task A_kit_that_does_not_come_is_named_with_the_command_that_brings_it()
    {
        RunRequest request = _harness.Request(Untapped, Capacity) with { GatherWithin = TimeSpan.FromSeconds(1) };
        Task<RunReport> run = _harness.RunAsync(request);
        await _harness.AttachAsync("kit-dna", (peer, start) => peer.ReadyAsync(start.TaskId));
        PreflightException missing = (await Assert.ThrowsAsync<PreflightException>(() => run.WaitAsync(Patience)))!;
        Assert.That(missing.Text.En, Does.Contain("kit-ue").And.Not.Contain("kit-dna"));
        Assert.That(missing.Remedy.En, Does.Contain("agent run --kit kit-ue"));
        Assert.That(_harness.Journal()[^1].Kind, Is.EqualTo("RunAborted"));
    }

    [Test]
    public async Task A_disc_that_takes_no_evidence_ends_the_run_at_once_and_names_what_it_refused()
    {
        RunRequest request = _harness.Request(ClaimSamples.Lab with { Consent = ["load"] }, Capacity);
        Task<RunReport> run = _harness.RunAsync(request);
        Directory.Delete(_harness.Folder.Captures);
        await File.WriteAllTextAsync(_harness.Folder.Captures, "no folder");
        ConcurrentQueue<string> refusals = new();
        await _harness.AttachAsync("kit-dna", (peer, start) => peer.ReadyAsync(start.TaskId));
        await _harness.AttachAsync("kit-ue", (_, _) => Task.CompletedTask);
        await _harness.AttachAsync("kit-a", async (peer, start) =>
        {
            await peer.ReadyAsync(start.TaskId);
            try
            {
                await peer.UploadAsync(start.TaskId, $"captures/kit-a/{start.TaskId}.pcapng", [1]);
            }
            catch (RpcException refused)
            {
                refusals.Enqueue(refused.Status.Detail);
            }
        });
        EvidenceWriteException ended =
            (await Assert.ThrowsAsync<EvidenceWriteException>(() => run.WaitAsync(Patience)))!;
        Assert.That(ended.Path, Does.StartWith(_harness.Folder.Captures));
        Assert.That(refusals, Is.Not.Empty.And.All.StartsWith("the server's disc does not take it: mkdir of "));
    }

    [Test]
    public async Task A_capture_that_breaks_off_in_the_middle_is_told_while_the_tests_still_run()
    {
        TaskCompletionSource told = new();
        _harness.Noted = note =>
        {
            if (note.Contains("broke off")) told.TrySetResult();
        };
        RunRequest request = _harness.Request(ClaimSamples.Lab with { Consent = ["load"] }, Capacity);
        Task<RunReport> run = _harness.RunAsync(request);
        List<StartTask> captures = [];
        await _harness.AttachAsync("kit-dna", (peer, start) => peer.ReadyAsync(start.TaskId));
        TestPeer taps = await _harness.AttachAsync("kit-a", (peer, start) =>
        {
            captures.Add(start);
            return peer.ReadyAsync(start.TaskId);
        });
        await _harness.AttachAsync("kit-ue", async (peer, start) =>
        {
            await taps.DoneAsync(captures[0].TaskId, problem: "The disk is full.");
            await told.Task.WaitAsync(Patience);
            await MeasureAsync(peer, start);
        });
        await run.WaitAsync(Patience);
        Assert.That(_harness.Notes.Single(note => note.Contains("broke off")), Does.StartWith(
            $"capture kit-a {captures[0].Parameters["point"]}/{captures[0].Parameters["interface"]} broke off: "
                + "The disk is full."));
    }

    [Test]
    public async Task An_interrupted_run_stops_its_tasks_and_closes_its_journal()
    {
        using CancellationTokenSource interruption = new();
        ConcurrentQueue<string> stopped = new();
        Task<RunReport> run = _harness.RunAsync(_harness.Request(Untapped, Capacity), interruption.Token);
        TestPeer responder = await _harness.AttachAsync("kit-dna", (peer, start) => peer.ReadyAsync(start.TaskId));
        responder.OnStop = (peer, task) =>
        {
            stopped.Enqueue(task);
            return peer.DoneAsync(task);
        };
        await _harness.AttachAsync("kit-ue", (_, _) =>
        {
            interruption.Cancel();
            return Task.CompletedTask;
        });
        await Assert.CatchAsync<OperationCanceledException>(() => run.WaitAsync(Patience));
        Assert.That(stopped, Is.Not.Empty);
        Assert.That(_harness.Journal()[^1].Kind, Is.EqualTo("RunAborted"));
    }

    [Test]
    public void A_folder_that_holds_a_run_is_not_written_over()
    {
        File.WriteAllText(_harness.Folder.Journal, "");
        Assert.Throws<RunFolderException>(() => RunFolder.Create(_harness.Folder.Path));
    }

    private static Task MeasureAsync(TestPeer peer, StartTask start)
    {
        string direction = start.Parameters["direction"];
        decimal rate = direction == "downlink" ? 170 : 95;
        KpiResult kpi = RunHarness.Kpi($"{direction}-capacity", rate, "Mbit/s", 30) with
        {
            Scope = start.Parameters["slice"],
            Direction = direction == "downlink" ? Direction.Downlink : Direction.Uplink,
        };
        return peer.DoneAsync(start.TaskId, RunHarness.Outcome(kpi));
    }

    private static Verdict VerdictOf(RunReport report, string id) =>
        report.Judgement.Requirements.Single(each => each.Id == id).Verdict;

    private static string CauseOf(RunReport report, string id) =>
        report.Judgement.Requirements.Single(each => each.Id == id).Cause.En;
}
