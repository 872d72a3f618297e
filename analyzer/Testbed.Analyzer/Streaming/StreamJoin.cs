using System.Runtime.CompilerServices;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Matching;

namespace Testbed.Analyzer.Streaming;

/// <summary>
/// Joins N3 and N6 as they are read, in the order of time: each packet once, by the rules of
/// <see cref="ShardMatcher"/>. Keeps what is on its way through the UPF, a state a flow, and what stays alone. One
/// thread.
/// </summary>
internal sealed class StreamJoin(
    JoinSource[] sources, MatchLimits limits, AddressRoles roles, PairSums pairs,
    CancellationToken cancellation)
{
    /// <remarks>
    /// N3 is read this much ahead of N6, so that an address is known as a UE's before its first downlink packet is
    /// met. What still is not gets its direction from the whole of N3 in a second reading.
    /// </remarks>
    private const long LookaheadNs = 50_000_000;
    private const int CandidatesMax = 32;
    private const int PendingMax = 8_000_000;
    private readonly PendingPackets _pending = new();
    private readonly JoinSource _n3 = sources[0];
    private readonly long[] _entered = new long[3];
    private readonly long _sweepEveryNs = Math.Max(1, limits.EntryWaitNs / 2);
    private long _sweepAtNs = long.MinValue;

    public void Run()
    {
        while (Next(out long nextNs, out bool isShared) is { } next)
        {
            if (isShared) next = OfInstant(nextNs);
            else if (!Prepare(next)) continue;
            if (next is null) continue;
            if (nextNs >= _sweepAtNs) Sweep(nextNs);
            next.PrefetchAhead(sources);
            Accept(next, next.Head);
            next.Leave();
        }
        _pending.Sweep((node, _) => Abandon(node));
        pairs.AddUp();
    }

    // The source whose record is the earliest, and whether another one's record is of the same instant.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private JoinSource? Next(out long nextNs, out bool isShared)
    {
        (JoinSource? next, nextNs, isShared) = (null, long.MaxValue, false);
        foreach (JoinSource source in sources)
        {
            if (!source.HasRecord && !TryNextSlab(source)) continue;
            long timeNs = source.Head.TimeNs;
            if (next is null || timeNs < nextNs) (next, nextNs, isShared) = (source, timeNs, false);
            else if (timeNs == nextNs) isShared = true;
        }
        return next;
    }

    private bool TryNextSlab(JoinSource source)
    {
        cancellation.ThrowIfCancellationRequested();
        return source.TryNextSlab(Received);
    }

    // Of one instant, what enters the UPF goes before what leaves it, then the tap with the lower number.
    private JoinSource? OfInstant(long timeNs)
    {
        JoinSource? exit = null;
        foreach (JoinSource source in sources)
        {
            while ((source.HasRecord || TryNextSlab(source)) && source.Head.TimeNs == timeNs)
            {
                if (!Prepare(source)) continue;
                if (IsEntry(source.Head.Direction, source.Side)) return source;
                exit ??= source;
                break;
            }
        }
        return exit;
    }

    // Gives the record its direction; one that can have no twin goes where it belongs, and false is returned.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Prepare(JoinSource source)
    {
        if (source.IsReady) return true;
        ref PacketRecord record = ref source.Head;
        if (source.Side == 1) Direct(source, ref record);
        source.IsReady = CanMatch(source, record);
        if (!source.IsReady) source.Leave();
        return source.IsReady;
    }

    private static bool IsEntry(PacketDirection direction, int side) =>
        direction is PacketDirection.Downlink ? side == 1 : side == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool CanMatch(JoinSource source, in PacketRecord record)
    {
        if (record.Kind is not (RecordKind.Gpdu or RecordKind.Plain)) return false;
        if (record.Fingerprint == 0 || record.Flow < 0) source.Residue.Add(record, new(-1, 0));
        else if (record.Direction is PacketDirection.Unknown) source.Undirected.Add(record.Fingerprint);
        else return true;
        return false;
    }

    private void Received(Slab slab)
    {
        foreach ((FlowKey flow, PacketDirection direction) in slab.Seen)
        {
            bool up = direction is PacketDirection.Uplink;
            roles.Ues.Add(up ? flow.Source : flow.Destination);
            roles.Remotes.Add(up ? flow.Destination : flow.Source);
        }
    }

    private void Direct(JoinSource source, ref PacketRecord record)
    {
        if (record.Flow >= 0 && record.Kind is RecordKind.Plain)
        {
            ref FlowState state = ref source.State(record.Flow);
            if (state.IsDirected)
            {
                record.Direction = state.Direction;
                source.Profile!.AddOfSeenFlow(record);
                return;
            }
            while (_n3.ReceivedNs < record.TimeNs + LookaheadNs && _n3.Receive(Received))
            {
            }
            state.Direction = record.Direction = DirectionResolver.OfPlain(source.Keys[record.Flow], roles, out _);
            state.IsDirected = true;
        }
        source.Profile!.Add(record);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Accept(JoinSource source, in PacketRecord record)
    {
        int side = source.Side;
        ref FlowState state = ref source.State(record.Flow);
        Residue.Place place = new(-1, 0);
        if (IsEntry(record.Direction, side)) place = new(_entered[(int)record.Direction]++, ++state.Entered);
        ulong key = record.Fingerprint ^ (ulong)record.Direction << 62 | 1;
        ref PendingPackets.Slot slot = ref _pending.Find(key);
        if (TryPair(ref slot, source, record)) return;
        if (_pending.NodesInUse >= PendingMax) throw HandOverException.TooMany("packets on their way");
        ref PendingPackets.Node node = ref _pending.Append(ref slot, side);
        node.Record = record;
        (node.Ordinal, node.FlowOrdinal, node.Tap) = (place.Ordinal, place.FlowOrdinal, (byte)source.Tap);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryPair(ref PendingPackets.Slot slot, JoinSource source, in PacketRecord record)
    {
        int other = 1 - source.Side, node = slot.Head(other);
        if (node == PendingPackets.None) return false;
        if (node != slot.Tail(other)
            || record.TimeNs - _pending[node].Record.TimeNs > WaitOf(record.Direction, other))
            return TryPairOfSeveral(ref slot, source, record);
        AddressRule agreement = pairs.Agreement(source, record, _pending[node]);
        if (agreement < limits.Rule) return false;
        pairs.Add(_pending[node], source, record, agreement);
        Leave(ref slot, other, node, PendingPackets.None);
        return true;
    }

    private bool TryPairOfSeveral(ref PendingPackets.Slot slot, JoinSource source, in PacketRecord record)
    {
        int other = 1 - source.Side;
        long wait = WaitOf(record.Direction, other);
        while (slot.Head(other) != PendingPackets.None
            && record.TimeNs - _pending[slot.Head(other)].Record.TimeNs > wait)
        {
            Abandon(slot.Head(other));
            _pending.Remove(ref slot, other, slot.Head(other), PendingPackets.None);
        }
        int best = PendingPackets.None, bestBefore = PendingPackets.None, bestAgreement = -1, rivals = 0, seen = 0;
        int before = PendingPackets.None;
        for (int node = slot.Head(other); node != PendingPackets.None && seen < CandidatesMax; seen++)
        {
            int agreement = (int)pairs.Agreement(source, record, _pending[node]);
            if (agreement > bestAgreement) (best, bestBefore, bestAgreement, rivals) = (node, before, agreement, 0);
            else if (agreement == bestAgreement) rivals++;
            (before, node) = (node, _pending[node].Next);
        }
        if (best == PendingPackets.None || bestAgreement < (int)limits.Rule) return false;
        // Which of several equal packets it was, the delays of all others tell.
        if (rivals > 0) throw new HandOverException("有内容相同的报文", "packets share all that tells packets apart");
        pairs.Add(_pending[best], source, record, (AddressRule)bestAgreement);
        Leave(ref slot, other, best, bestBefore);
        return true;
    }

    private void Leave(ref PendingPackets.Slot slot, int side, int node, int before)
    {
        _pending.Remove(ref slot, side, node, before);
        if (slot.IsEmpty) _pending.Forget(ref slot);
    }

    private long WaitOf(PacketDirection direction, int side) =>
        IsEntry(direction, side) ? limits.EntryWaitNs : limits.ExitWaitNs;

    private void Sweep(long nowNs)
    {
        _sweepAtNs = nowNs + _sweepEveryNs;
        _pending.Sweep((node, side) =>
        {
            ref PacketRecord record = ref _pending[node].Record;
            return nowNs - record.TimeNs > WaitOf(record.Direction, side) && Abandon(node);
        });
        pairs.Close(nowNs - limits.EntryWaitNs);
    }

    private bool Abandon(int node)
    {
        ref PendingPackets.Node alone = ref _pending[node];
        sources[alone.Tap].Residue.Add(alone.Record, new(alone.Ordinal, alone.FlowOrdinal));
        return true;
    }
}
