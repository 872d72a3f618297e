using System.Security.Cryptography;
using Testbed.Conformance;
using Testbed.Evidence.Files;
using Testbed.Evidence.Journals;
using Testbed.Server.Agents;
using Testbed.Server.Planning;

namespace Testbed.Server.Runs.Traffic;

/// <summary>From the first agent to the last capture: gathers the kits, freezes the plan, sends the traffic.</summary>
internal sealed class TrafficRunner(
    RunRequest request, RunFolder folder, Journal journal, string profile, string profileDigest,
    IRunProgress progress, TimeProvider time)
{
    /// <summary>How long agents may take to say goodbye before the socket closes under them.</summary>
    private static readonly TimeSpan PartingWithin = TimeSpan.FromSeconds(1);

    /// <summary>The socket of a run that named none is gone with it, so a remedy names one that stays.</summary>
    private const string SocketExample = "/run/testbed.sock";

    private static readonly string[] AskingKinds =
        ["exposure-", "mec-", "session-cycle", "slice-admission", "density-ramp"];

    /// <summary>Kits whose tasks make something in the network that outlives a call.</summary>
    private volatile HashSet<string> _askingKits = [];

    public async Task<RunTraffic> RunAsync(CancellationToken cancellation)
    {
        DateTimeOffset startedUtc = time.GetUtcNow();
        AgentRegistry registry = new(KitsOf(request.Claim));
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        EvidenceWriteException? refusal = null;
        EvidenceIntake intake = new(folder.Path, registry, request.Quota)
        {
            Received = file => journal.Store(new EvidenceReceived(file)),
            // A run whose evidence is not kept is over; the kits keep theirs.
            DiscRefused = refused =>
            {
                Interlocked.CompareExchange(ref refusal, refused, null);
                stop.Cancel();
            },
        };
        await using AgentListener listener = await AgentListener.StartAsync(
            request.SocketPath, request.RunId, request.Nonce.ToArray(), registry, intake, time, cancellation)
            .ConfigureAwait(false);
        try
        {
            await GatherAsync(registry, cancellation).ConfigureAwait(false);
            RunPlan plan = Build(new RegisteredAddresses(registry));
            byte[] digest = Freeze(plan);
            _askingKits =
            [
                .. plan.Tasks.Where(task =>
                    AskingKinds.Any(kind => task.Kind.StartsWith(kind, StringComparison.Ordinal)))
                    .Select(task => task.Kit),
            ];
            TaskRunner tasks = new(registry, intake, journal, digest, progress, time);
            PhaseRunner phases = new(tasks, journal, progress, time);
            await SendAsync(plan, tasks, phases, stop.Token).ConfigureAwait(false);
            return new(plan, digest, startedUtc, registry.Links, tasks.Outcomes, phases.Overloads, intake.Files);
        }
        catch (OperationCanceledException) when (refusal is not null)
        {
            throw refusal;
        }
        finally
        {
            await PartAsync(registry).ConfigureAwait(false);
        }
    }

    /// <summary>Every kit that the claim names.</summary>
    public static IEnumerable<string> KitsOf(Conformance.Claims.Claim claim) =>
        claim.Taps.Select(tap => tap.Kit).Concat(claim.Endpoints.Select(endpoint => endpoint.Kit)).Distinct();

    private RunPlan Build(IKitAddresses kits) => PlanBuilder.Build(new(
        request.RunId, request.Claim, profile, profileDigest, request.Nonce, request.Size, request.Filter, kits)
    {
        ExposureCa = request.ExposureCa, EdgeCas = request.EdgeCas,
    });

    private async Task GatherAsync(AgentRegistry registry, CancellationToken cancellation)
    {
        progress.At(new("等待套件", "waiting for the kits"), 0,
            $"{string.Join(", ", registry.Missing)} → unix:{request.SocketPath}");
        await registry.GatherAsync(request.GatherWithin, time, cancellation).ConfigureAwait(false);
        foreach (AgentLink link in registry.Links)
        {
            journal.Store(new AgentAttached(link.Kit, link.Facts.Version, link.Facts.BootId, link.Facts.Pid));
            _ = WatchAsync(link);
        }
        // A kit that the plan has no task for may stay away.
        HashSet<string> needed = [.. Build(new RegisteredAddresses(registry)).Tasks.Select(task => task.Kit)];
        string[] missing = [.. registry.Missing.Where(needed.Contains)];
        registry.Close();
        if (missing.Length == 0) return;
        string names = string.Join(", ", missing);
        throw new PreflightException(
            new($"套件未在 {request.GatherWithin.TotalSeconds:0} 秒内连接：{names}",
                $"kits did not connect within {request.GatherWithin.TotalSeconds:0} s: {names}"),
            new($"先执行 testbed run … --socket {SocketExample} --wait 120，再在每个套件上执行："
                    + $"testbed agent run --kit {missing[0]} --connect unix:{SocketExample}",
                $"start testbed run … --socket {SocketExample} --wait 120, then on each kit: "
                    + $"testbed agent run --kit {missing[0]} --connect unix:{SocketExample}"));
    }

    private async Task WatchAsync(AgentLink link)
    {
        LocalText why = await link.Lost.ConfigureAwait(false);
        progress.Note(new($"套件 {link.Kit} 失联：{why.Zh}", $"kit {link.Kit} is lost: {why.En}"));
        // A kit that stops in order removes all this itself; this one may have been killed.
        if (_askingKits.Contains(link.Kit))
            progress.Note(new(
                $"套件 {link.Kit} 此前向网络申请的订阅、服务由下一次运行删除，会话到期自行结束",
                $"subscriptions and services that kit {link.Kit} may have left in the network are removed by the "
                    + "next run; sessions expire"));
        try
        {
            journal.Store(new AgentLost(link.Kit, why.En));
        }
        catch (Exception closed) when (closed is ObjectDisposedException or EvidenceWriteException)
        {
            // The run is over, or the disc is: both are told where they happened.
        }
    }

    private byte[] Freeze(RunPlan plan)
    {
        byte[] bytes = plan.Encode();
        byte[] digest = SHA256.HashData(bytes);
        DurableFile.WriteWhole(folder.Plan, bytes);
        journal.Store(new PlanFrozen(
            Path.GetFileName(folder.Plan), Convert.ToHexStringLower(digest), plan.Tasks.Count()));
        foreach (PlanOmission omission in plan.Omissions)
            progress.Note(new($"未计划 {omission.What}：{omission.Reason.Zh}",
                $"not planned, {omission.What}: {omission.Reason.En}"));
        return digest;
    }

    private async Task SendAsync(
        RunPlan plan, TaskRunner tasks, PhaseRunner phases, CancellationToken cancellation)
    {
        TaskCompletionSource stopping = new();
        try
        {
            List<AgentTask> captures = [.. plan.Captures.Select(tasks.Start)];
            await tasks.ReadyAsync(captures, cancellation).ConfigureAwait(false);
            await RequireCapturesAsync(captures).ConfigureAwait(false);
            foreach ((PlanTask tap, AgentTask capture) in plan.Captures.Zip(captures))
                _ = WatchAsync(tap, capture, stopping.Task);
            await phases.RunAsync(plan, cancellation).ConfigureAwait(false);
            stopping.SetResult();
            await Task.WhenAll(captures.Select(capture => tasks.StopAsync(capture, null, cancellation)))
                .ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is OperationCanceledException or PreflightException)
        {
            // What the captures hold so far is still evidence: it comes in while the agents are let go.
            stopping.TrySetResult();
            await tasks.StopAllAsync().ConfigureAwait(false);
            throw;
        }
    }

    // A tap that ends in the middle costs the figures that need it: whoever stands beside it is told now.
    private async Task WatchAsync(PlanTask tap, AgentTask capture, Task stopping)
    {
        if (await Task.WhenAny(capture.Done, stopping).ConfigureAwait(false) == stopping) return;
        TaskOutcome outcome = await capture.Done.ConfigureAwait(false);
        if (outcome.IsAgentLost) return;
        LocalText why = outcome.Problem ?? new("采集自行结束", "the capture ended by itself");
        string name = $"{tap.Kit} {tap["point"]}/{tap["interface"]}";
        progress.Note(new(
            $"采集中断：{name}：{why.Zh} 依赖它的指标将为证据不足；可按 Ctrl-C 结束，已有证据均保留",
            $"capture {name} broke off: {why.En} Figures that need it will be Inconclusive; Ctrl-C ends the run now "
                + "and keeps all there is"));
    }

    // A tap that refuses at the start (no permission, no such interface) would cost the whole hour's figures.
    private static async Task RequireCapturesAsync(IEnumerable<AgentTask> captures)
    {
        foreach (AgentTask capture in captures.Where(capture => capture.Done.IsCompleted))
        {
            TaskOutcome outcome = await capture.Done.ConfigureAwait(false);
            if (outcome.IsAgentLost || outcome.Problem is not { } why) continue;
            throw new PreflightException(
                new($"套件 {capture.Kit} 无法采集：{why.Zh}", $"kit {capture.Kit} cannot capture: {why.En}"),
                new("在该套件上执行 testbed doctor", "run testbed doctor on that kit"));
        }
    }

    private async Task PartAsync(AgentRegistry registry)
    {
        foreach (AgentLink link in registry.Links) link.Dismiss("the run is over");
        await Task.Delay(registry.Links.Count == 0 ? TimeSpan.Zero : PartingWithin, time).ConfigureAwait(false);
    }
}
