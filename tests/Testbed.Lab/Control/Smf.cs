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
    private const long HeartbeatNs = 10_000_000_000;
    private static readonly TimeSpan AssociationMax = TimeSpan.FromSeconds(10);

    private readonly ISubscriptions _subscriptions;
    private readonly EventCounts _events;
    private readonly StopSignal _stop;
    private readonly uint _started;
    private readonly int _fd;
    private readonly PfcpTransactions _transactions;
    private readonly ConcurrentQueue<Action> _wishes = [];
    private readonly Wakeup _wakeup = new();
    private readonly Random _random;
    private readonly Dictionary<uint, ulong> _upfSeids = [];
    private readonly TaskCompletionSource _associated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private long _heartbeatNs;

    public Smf(LabBehaviour behaviour, EventCounts events, StopSignal stop, uint started)
    {
        _subscriptions = behaviour.Subscriptions;
        _events = events;
        _stop = stop;
        _started = started;
        _random = new(unchecked(behaviour.Seed * 37 + 5));
        _fd = NetworkNamespace.Run(Plan.Core, () => LabSockets.OpenUdp(Plan.SmfN4, Plan.PfcpPort));
        UdpPeer upf = new(HostAddress.Parse(Plan.UpfN4).Ipv4Bits, Plan.PfcpPort);
        _transactions = new(bytes => UdpMessage.Send(_fd, upf, bytes));
        _thread = new(Run) { IsBackground = true, Name = "smf" };
        _thread.Start();
    }

    /// <summary>The gNB's side; set once before sessions are asked for.</summary>
    public ISessionOutcome? Outcome { get; set; }

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
        _transactions.Start(
            sequence => PfcpRequests.Establish(sequence, seid, request, subscription), DelayLine.NowNs,
            response => Established(request, subscription, response));
    });

    private void Established(SessionRequest request, Subscription subscription, PfcpMessage? response)
    {
        FTeid? end = response?.CreatedPdrs.Select(rule => rule.FTeid).FirstOrDefault(one => one is not null);
        if (response is not { Cause: PfcpCause.RequestAccepted, FSeid: { } seid } || end is not { } tunnel)
        {
            Outcome?.Rejected(request.UeAddress, (byte)(response?.Cause ?? PfcpCause.None));
            return;
        }
        _upfSeids[request.UeAddress] = seid.Seid;
        Outcome?.Established(new(
            request.UeAddress, tunnel.Ipv4.Ipv4Bits, tunnel.Teid, subscription.Qfi ?? 0));
    }

    public void Release(uint ueAddress) => Post(() =>
    {
        if (!_upfSeids.Remove(ueAddress, out ulong seid))
        {
            Outcome?.Released(ueAddress);
            return;
        }
        _transactions.Start(
            sequence => PfcpRequests.Delete(sequence, seid), DelayLine.NowNs, _ => Outcome?.Released(ueAddress));
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
