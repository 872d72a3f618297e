using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Matching.Clocks;

namespace Testbed.Analyzer.Matching;

/// <summary>Records of one tap that take part in a pass, in time order: those of one shard.</summary>
/// <param name="Side">0 for N3, 1 for N6.</param>
internal readonly record struct ShardInput(int Tap, int Side, int[] Records, int Count);

internal readonly record struct MatchLimits(
    long EntryWaitNs, long ExitWaitNs, AddressRule Rule, bool ByDirection, PlausibleDelays Delays);

/// <summary>
/// Joins the N3 and N6 records of one shard in time order. A packet that enters the UPF waits for its twin up to the
/// window; one that was seen to leave first waits as long as the clocks may disagree.
/// </summary>
internal sealed class ShardMatcher(
    IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes, MatchLimits limits, PendingTable table)
{
    /// <summary>Candidates of one key that are compared; beyond that the oldest is taken.</summary>
    private const int CandidatesMax = 32;
    /// <remarks>
    /// Interfaces of one host see a packet it forwards within microseconds; a loaded one takes longer.
    /// </remarks>
    private const long CopyWindowNs = 10_000_000;

    public void Run(ReadOnlySpan<ShardInput> inputs)
    {
        Span<int> cursors = stackalloc int[inputs.Length];
        cursors.Clear();
        while (true)
        {
            int next = -1;
            long nextNs = long.MaxValue;
            int nextRank = 0;
            for (int i = 0; i < inputs.Length; i++)
            {
                if (cursors[i] == inputs[i].Count) continue;
                ref PacketRecord record = ref taps[inputs[i].Tap].Records[inputs[i].Records[cursors[i]]];
                int rank = IsEntry(record.Direction, inputs[i].Side) ? 0 : 1;
                if (record.TimeNs > nextNs || (record.TimeNs == nextNs && rank >= nextRank)) continue;
                (next, nextNs, nextRank) = (i, record.TimeNs, rank);
            }
            if (next < 0) return;
            Accept(inputs[next].Side, new(inputs[next].Tap, inputs[next].Records[cursors[next]++]));
        }
    }

    private static bool IsEntry(PacketDirection direction, int side) =>
        direction is PacketDirection.Downlink ? side == 1 : side == 0;

    private void Accept(int side, RecordPlace place)
    {
        ref PacketRecord record = ref taps[place.Tap].Records[place.Record];
        ulong key = limits.ByDirection
            ? record.Fingerprint ^ (ulong)record.Direction << 62 | 1
            : record.Fingerprint | 1;
        ref PendingTable.Entry entry = ref table.Find(key, record.TimeNs);
        entry.LastNs = Math.Max(entry.LastNs, record.TimeNs);
        if (IsCopy(entry.Last(side), place, record))
        {
            outcomes[place.Tap].Flags[place.Record] |= MatchFlags.Copy;
            return;
        }
        if (side == 0) entry.Last0 = place;
        else entry.Last1 = place;
        if (!TryPair(ref entry, side, place, record)) table.Append(ref entry, side, place, record.TimeNs);
    }

    private bool IsCopy(RecordPlace last, RecordPlace place, in PacketRecord record)
    {
        if (last.Tap != place.Tap) return false;
        ref PacketRecord earlier = ref taps[last.Tap].Records[last.Record];
        return earlier.Sighting != record.Sighting && earlier.Flow == record.Flow && earlier.Tunnel == record.Tunnel
            && record.TimeNs - earlier.TimeNs <= CopyWindowNs;
    }

    private bool TryPair(ref PendingTable.Entry entry, int side, RecordPlace place, in PacketRecord record)
    {
        int other = 1 - side;
        bool waitingEntered = limits.ByDirection && record.Direction is not PacketDirection.Unknown
            ? IsEntry(record.Direction, other) : true;
        long wait = waitingEntered ? limits.EntryWaitNs : limits.ExitWaitNs;
        while (entry.Head(other) != PendingTable.None
            && record.TimeNs - table[entry.Head(other)].TimeNs > wait)
            table.Remove(ref entry, other, entry.Head(other), PendingTable.None);
        int best = PendingTable.None, bestBefore = PendingTable.None, bestAgreement = -1, rivals = 0, seen = 0;
        bool bestIsPlausible = false;
        int before = PendingTable.None;
        for (int node = entry.Head(other); node != PendingTable.None && seen < CandidatesMax; seen++)
        {
            int agreement = (int)Agreement(place, record, table[node].Place);
            long waitedNs = record.TimeNs - table[node].TimeNs;
            bool isPlausible = limits.Delays.Contains(record.Direction, waitingEntered ? waitedNs : -waitedNs);
            if (agreement >= bestAgreement)
            {
                rivals = agreement == bestAgreement ? rivals + 1 : 0;
                if (agreement > bestAgreement || (isPlausible && !bestIsPlausible))
                    (best, bestBefore, bestAgreement, bestIsPlausible) = (node, before, agreement, isPlausible);
            }
            (before, node) = (node, table[node].Next);
        }
        if (best == PendingTable.None || bestAgreement < (int)limits.Rule) return false;
        Pair(ref entry, side, place, best, bestBefore, rivals > 0);
        return true;
    }

    private void Pair(ref PendingTable.Entry entry, int side, RecordPlace place, int node, int before, bool hasRivals)
    {
        RecordPlace twin = table[node].Place;
        bool ambiguous = hasRivals || table[node].TimeNs <= entry.TaintedNs;
        if (hasRivals)
        {
            int tail = side == 0 ? entry.Tail1 : entry.Tail0;
            entry.TaintedNs = Math.Max(entry.TaintedNs, table[tail].TimeNs);
        }
        table.Remove(ref entry, 1 - side, node, before);
        Write(place, twin, ambiguous);
        Write(twin, place, ambiguous);
    }

    private void Write(RecordPlace at, RecordPlace partner, bool ambiguous)
    {
        TapOutcome outcome = outcomes[at.Tap];
        outcome.PartnerRecord[at.Record] = partner.Record;
        outcome.PartnerTap[at.Record] = (byte)partner.Tap;
        if (ambiguous) outcome.Flags[at.Record] |= MatchFlags.Ambiguous;
    }

    private AddressRule Agreement(RecordPlace place, in PacketRecord record, RecordPlace otherPlace)
    {
        ref PacketRecord other = ref taps[otherPlace.Tap].Records[otherPlace.Record];
        FlowKey mine = taps[place.Tap].Flow(record), theirs = taps[otherPlace.Tap].Flow(other);
        return Agreement(mine, theirs, record.Direction);
    }

    internal static AddressRule Agreement(in FlowKey a, in FlowKey b, PacketDirection direction)
    {
        if (a == b) return AddressRule.SameFlow;
        bool sameRemote = direction switch
        {
            PacketDirection.Uplink => a.Destination == b.Destination,
            PacketDirection.Downlink => a.Source == b.Source,
            _ => a.Destination == b.Destination || a.Source == b.Source,
        };
        return sameRemote ? AddressRule.SameRemote : AddressRule.Prefer;
    }
}
