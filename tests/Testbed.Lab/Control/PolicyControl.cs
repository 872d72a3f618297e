using System.Collections.Concurrent;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Control;

/// <summary>
/// The SMF part's sessions, and what policy functions may make of them. Wishes are posted to the SMF's thread; all
/// other members belong to it.
/// </summary>
/// <param name="post">Runs something on the SMF's thread.</param>
/// <param name="ask">Sends a request of N4 and hands back its response, null when none came.</param>
internal sealed class PolicyControl(
    Action<Action> post, Action<Func<uint, PfcpMessage>, Action<PfcpMessage?>> ask, Func<ISessionOutcome?> gnb,
    TimeProvider time) : IPolicyControl
{
    private readonly Dictionary<uint, SmfSession> _sessions = [];
    private readonly ConcurrentDictionary<uint, LiveSession> _live = new();

    public IReadOnlyList<LiveSession> Sessions => [.. _live.Values];

    public event Action<SessionEvent>? Changed;

    /// <summary>A session is up.</summary>
    public void Add(SmfSession session)
    {
        _sessions[session.UeAddress] = session;
        Tell(SessionChange.Established, session);
    }

    /// <summary>A session is about to go; null when there is none.</summary>
    public SmfSession? Take(uint ueAddress)
    {
        if (!_sessions.Remove(ueAddress, out SmfSession? session)) return null;
        Tell(SessionChange.Released, session);
        while (session.Waiting.TryDequeue(out Action? wish)) wish();
        return session;
    }

    public Task<PolicyAnswer> AddFlowAsync(
        uint ueAddress, QosFlowRequest request, CancellationToken cancellationToken = default) =>
        ChangeAsync(ueAddress, policy => policy.With(request, out PolicyFlow? flow) is { } next
            ? (next, new(PolicyOutcome.Done, new(ueAddress, flow!.Number), flow.Qfi))
            : (null, new(PolicyOutcome.NoRoom)), cancellationToken);

    public Task<PolicyAnswer> SteerAsync(
        uint ueAddress, FlowDescription filter, string networkInstance,
        CancellationToken cancellationToken = default) =>
        ChangeAsync(ueAddress, policy => policy.With(filter, networkInstance, out PolicySteer? steer) is { } next
            ? (next, new(PolicyOutcome.Done, new(ueAddress, steer!.Number)))
            : (null, new(PolicyOutcome.NoRoom)), cancellationToken);

    public Task<PolicyAnswer> RemoveAsync(PolicyRule rule, CancellationToken cancellationToken = default) =>
        ChangeAsync(rule.UeAddress, policy => policy.Without(rule.Number) is { } next
            ? (next, new(PolicyOutcome.Done))
            : (null, new(PolicyOutcome.NoRule)), cancellationToken);

    private async Task<PolicyAnswer> ChangeAsync(
        uint ueAddress, Func<SessionPolicy, (SessionPolicy? Next, PolicyAnswer Answer)> change,
        CancellationToken cancellation)
    {
        TaskCompletionSource<PolicyAnswer> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        post(() => Begin(ueAddress, change, done));
        return await done.Task.WaitAsync(cancellation);
    }

    private void Begin(
        uint ueAddress, Func<SessionPolicy, (SessionPolicy? Next, PolicyAnswer Answer)> change,
        TaskCompletionSource<PolicyAnswer> done)
    {
        if (!_sessions.TryGetValue(ueAddress, out SmfSession? session))
        {
            done.SetResult(new(PolicyOutcome.NoSession));
            return;
        }
        if (session.IsBusy)
        {
            session.Waiting.Enqueue(() => Begin(ueAddress, change, done));
            return;
        }
        (SessionPolicy? next, PolicyAnswer answer) = change(session.Policy);
        if (next is null)
        {
            done.SetResult(answer);
            return;
        }
        session.IsBusy = true;
        ask(sequence => PfcpRequests.Modify(sequence, session.UpfSeid, next, session.Rules),
            response => End(session, next, answer, response, done));
    }

    private void End(
        SmfSession session, SessionPolicy next, PolicyAnswer answer, PfcpMessage? response,
        TaskCompletionSource<PolicyAnswer> done)
    {
        session.IsBusy = false;
        bool isLive = _sessions.TryGetValue(session.UeAddress, out SmfSession? now) && now == session;
        if (!isLive)
        {
            done.SetResult(new(PolicyOutcome.NoSession));
        }
        else if (response?.Cause is PfcpCause.RequestAccepted)
        {
            session.Rules.Commit();
            session.Policy = next;
            gnb()?.Modified(session.UeAddress, next.UplinkRules());
            Tell(SessionChange.Modified, session);
            done.SetResult(answer with { Cause = (byte)PfcpCause.RequestAccepted });
        }
        else
        {
            done.SetResult(response is null
                ? new(PolicyOutcome.NoAnswer)
                : new(PolicyOutcome.Refused, Cause: (byte)(response.Cause ?? PfcpCause.None)));
        }
        if (session.Waiting.TryDequeue(out Action? wish)) wish();
    }

    private void Tell(SessionChange change, SmfSession session)
    {
        LiveSession live = session.Live();
        if (change is SessionChange.Released) _live.TryRemove(session.UeAddress, out _);
        else _live[session.UeAddress] = live;
        Changed?.Invoke(new(change, live, time.GetUtcNow()));
    }
}
