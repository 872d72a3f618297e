using System.Collections.Concurrent;
using Testbed.Lab.Behaviour;
using Testbed.Lab.Forwarding;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Lab.Control;

/// <summary>The part of an SMF that the lab needs: PFCP to the UPF, sessions at the gNB's wish. One thread.</summary>
internal sealed class Smf : ISessionControl, IDisposable
{
    private const long HeartbeatNs = 2_000_000_000;
    private static readonly TimeSpan AssociationMax = TimeSpan.FromSeconds(10);

    /// <summary>5GSM cause "requested service option not subscribed" (TS 24.501 table 9.11.4.2.1).</summary>
    private const byte NotSubscribed = 33;

    private readonly ISubscriptions _subscriptions;
    private readonly bool _checksSubscriptions;
    private readonly EventCounts _events;
    private readonly StopSignal _stop;
    private readonly uint _started;
    private readonly int _fd;
    private readonly PfcpTransactions _transactions;
    private readonly ConcurrentQueue<Action> _wishes = [];
    private readonly Wakeup _wakeup = new();
    private readonly Random _random;
    private readonly PolicyControl _policy;
    private readonly TaskCompletionSource _associated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private long _heartbeatNs;

    public Smf(LabBehaviour behaviour, EventCounts events, StopSignal stop, uint started)
    {
        _subscriptions = behaviour.Subscriptions;
        _checksSubscriptions = behaviour.ChecksSubscriptions;
        _events = events;
        _stop = stop;
        _started = started;
        _random = new(unchecked(behaviour.Seed * 37 + 5));
        _fd = NetworkNamespace.Run(Plan.Core, () => LabSockets.OpenUdp(Plan.SmfN4, Plan.PfcpPort));
        UdpPeer upf = new(HostAddress.Parse(Plan.UpfN4).Ipv4Bits, Plan.PfcpPort);
        _transactions = new(bytes => UdpMessage.Send(_fd, upf, bytes));
        _policy = new(
            Post, (build, completed) => _transactions.Start(build, DelayLine.NowNs, completed), () => Outcome,
            TimeProvider.System);
        _thread = new(Run) { IsBackground = true, Name = "smf" };
        _thread.Start();
    }

    /// <summary>The gNB's side; set once before sessions are asked for.</summary>
    public ISessionOutcome? Outcome { get; set; }

    /// <summary>What policy functions may ask for.</summary>
    public IPolicyControl Policy => _policy;

    /// <summary>Sets the PFCP association up.</summary>
    /// <exception cref="LabException">The UPF did not answer.</exception>
    public async Task AssociateAsync()
    {
        Post(() => _transactions.Start(
            sequence => PfcpRequests.Associate(sequence, _started), DelayLine.NowNs,
            response =>
            {
                if (response?.Cause is PfcpCause.RequestAccepted) _associated.TrySetResult();
                else _associated.TrySetException(new LabException(
                    "the UPF did not accept the PFCP association", ExitCodes.Defect));
            }));
        await _associated.Task.WaitAsync(AssociationMax);
    }

    public void Establish(SessionRequest request) => Post(() =>
    {
        ulong seid = (ulong)_random.NextInt64(1, long.MaxValue);
        Subscription subscription = _subscriptions.For(request.Slice);
        if (_checksSubscriptions && !request.Fits(subscription))
        {
            Outcome?.Rejected(request.UeAddress, NotSubscribed);
            return;
        }
        SessionPolicy policy = SessionPolicy.Of(subscription);
        PolicyRules rules = new(HostAddress.FromIpv4(request.UeAddress), request.DownlinkTeid);
        _transactions.Start(
            sequence => PfcpRequests.Establish(sequence, seid, request, policy, rules), DelayLine.NowNs,
            response => Established(request, policy, rules, response));
    });

    private void Established(SessionRequest request, SessionPolicy policy, PolicyRules rules, PfcpMessage? response)
    {
        FTeid? end = response?.CreatedPdrs.Select(rule => rule.FTeid).FirstOrDefault(one => one is not null);
        if (response is not { Cause: PfcpCause.RequestAccepted, FSeid: { } seid } || end is not { } tunnel)
        {
            Outcome?.Rejected(request.UeAddress, (byte)(response?.Cause ?? PfcpCause.None));
            return;
        }
        rules.UplinkEnd = tunnel;
        rules.Commit();
        // The gNB first: whoever is told of the session may at once ask for a change of it.
        Outcome?.Established(new(
            request.UeAddress, tunnel.Ipv4.Ipv4Bits, tunnel.Teid, policy.Subscription.Qfi ?? 0)
        {
            Rules = policy.UplinkRules(),
        });
        _policy.Add(new(request, seid.Seid, rules, TimeProvider.System.GetUtcNow()) { Policy = policy });
    }

    public void Release(uint ueAddress) => Post(() =>
    {
        if (_policy.Take(ueAddress) is not { } session)
        {
            Outcome?.Released(ueAddress);
            return;
        }
        _transactions.Start(
            sequence => PfcpRequests.Delete(sequence, session.UpfSeid), DelayLine.NowNs,
            _ => Outcome?.Released(ueAddress));
    });

    private void Post(Action wish)
    {
        _wishes.Enqueue(wish);
        _wakeup.Set();
    }

    private void Run()
    {
        using ReceiveBatch batch = new();
        Waiter waiter = new(_stop.Fd, _wakeup.Fd, _fd);
        _heartbeatNs = DelayLine.NowNs + HeartbeatNs;
        while (!_stop.IsSet)
        {
            long dueNs = Math.Min(_heartbeatNs, _transactions.NextDueNs);
            waiter.Wait(Math.Max(0, dueNs - DelayLine.NowNs));
            if (waiter.IsReady(1)) _wakeup.Clear();
            while (_wishes.TryDequeue(out Action? wish)) wish();
            if (waiter.IsReady(2)) Receive(batch);
            _transactions.RetryDue(DelayLine.NowNs);
            if (DelayLine.NowNs >= _heartbeatNs) Beat();
        }
    }

    private void Receive(ReceiveBatch batch)
    {
        int count = batch.Receive(_fd);
        for (int i = 0; i < count; i++)
        {
            if (!batch.TryGet(i, out Datagram datagram)) continue;
            if (PfcpMessage.Read(datagram.Bytes, out PfcpMessage? message) is not DecodeStatus.Ok
                || message is null || !_transactions.TryComplete(message))
                _events.Add("smf n4: not a response that was waited for");
        }
    }

    private void Beat()
    {
        _heartbeatNs = DelayLine.NowNs + HeartbeatNs;
        _transactions.Start(
            sequence => PfcpRequests.Heartbeat(sequence, _started), DelayLine.NowNs,
            response => _events.Add(response is null ? "smf n4: heartbeat lost" : "smf n4: heartbeat answered"));
    }

    /// <summary>Call after the stop signal is set.</summary>
    public void Dispose()
    {
        _thread.Join();
        _wakeup.Dispose();
    }
}
