using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching.Clocks;

namespace Testbed.Analyzer.Matching;

/// <summary>
/// Pairs the records of N3 taps with those of N6 taps. The result does not depend on the number of shards.
/// </summary>
internal sealed class Matcher(IReadOnlyList<TapCapture> taps, AnalysisOptions options, CancellationToken cancellation)
{
    /// <summary>A tap's number must fit the byte that records keep of it.</summary>
    public const int TapsMax = 255;
    /// <remarks>
    /// Two interfaces of one host stamp in any order when their interrupts are moderated, within this.
    /// </remarks>
    public const long OneClockSlackNs = 1_000_000;

    public TapOutcome[] Outcomes { get; } = [.. taps.Select(tap => new TapOutcome(tap.Records.Count))];
    /// <summary>What the addresses of pairs show.</summary>
    public AddressRule Rule { get; private set; } = AddressRule.Prefer;
    /// <summary>Packets seem to leave before they enter: the taps' clocks disagree.</summary>
    public bool ClocksDisagree { get; private set; }
    /// <summary>Null when not both directions have pairs.</summary>
    public ClockEstimate? Clock { get; private set; }
    /// <summary>What N6's clocks were ahead before their times were brought to N3's.</summary>
    public long AlignedNs { get; init; }
    /// <summary>Found in the first pass.</summary>
    public long Pairs { get; private set; }

    public void Run()
    {
        Pass(new(options.MatchWindowNs, options.MatchWindowNs, AddressRule.Prefer, true, PlausibleDelays.Any));
        PairFacts facts = PairFacts.Of(taps, Outcomes);
        Pairs = facts.Pairs;
        if (facts.Pairs == 0)
        {
            MatchUndirected();
            return;
        }
        ClocksDisagree = AlignedNs != 0 || facts.Backwards > facts.Pairs * PairFacts.StrayShareMax;
        AddressRule rule = PairFacts.RuleOf(facts.Pairs, facts.OtherFlow, facts.OtherRemote);
        long strays = rule switch
        {
            AddressRule.SameFlow => facts.OtherFlow,
            AddressRule.SameRemote => facts.OtherRemote,
            _ => 0,
        };
        Rule = rule;
        bool mendOrder = !ClocksDisagree && facts.Backwards > 0;
        PlausibleDelays delays = PlausibleDelays.Of(taps, Outcomes, out long implausible);
        if (strays > 0 || mendOrder || implausible > 0)
        {
            foreach (TapOutcome outcome in Outcomes) outcome.Clear();
            long exitWait = ClocksDisagree ? options.MatchWindowNs : OneClockSlackNs;
            Pass(new(options.MatchWindowNs, exitWait, rule, true, delays));
        }
        MatchUndirected();
        Clock = ClockEstimator.Of(taps, Outcomes, ClocksDisagree) ?? (AlignedNs == 0 ? null
            : ClockEstimate.Coarse(taps.Min(tap => tap.Tally.FirstNs), options.MatchWindowNs));
        if (Clock is { } clock)
            Clock = clock with { OffsetNs = clock.OffsetNs + AlignedNs, IsAligned = AlignedNs != 0 };
    }

    // Tunnels and flows whose direction nothing told: their pairs tell it, by which tap came first.
    private void MatchUndirected()
    {
        bool any = false;
        for (int tap = 0; tap < taps.Count && !any; tap++)
            for (int i = 0; i < taps[tap].Records.Count && !any; i++)
                any = IsCandidate(tap, i, out _) && taps[tap].Records[i].Direction is PacketDirection.Unknown;
        if (!any) return;
        Pass(new(options.MatchWindowNs, options.MatchWindowNs, AddressRule.Prefer, false, PlausibleDelays.Any));
        for (int tap = 0; tap < taps.Count; tap++)
        {
            for (int i = 0; i < taps[tap].Records.Count; i++)
            {
                ref PacketRecord record = ref taps[tap].Records[i];
                int partner = Outcomes[tap].PartnerRecord[i];
                if (record.Kind is not RecordKind.Gpdu || partner < 0) continue;
                ref PacketRecord plain = ref taps[Outcomes[tap].PartnerTap[i]].Records[partner];
                if (record.Direction is PacketDirection.Unknown && plain.Direction is PacketDirection.Unknown)
                    record.Direction = plain.Direction =
                        record.TimeNs <= plain.TimeNs ? PacketDirection.Uplink : PacketDirection.Downlink;
                else if (record.Direction is PacketDirection.Unknown) record.Direction = plain.Direction;
                else plain.Direction = record.Direction;
            }
        }
    }

    private bool IsCandidate(int tap, int index, out int side)
    {
        ref PacketRecord record = ref taps[tap].Records[index];
        side = record.Kind is RecordKind.Gpdu ? 0 : 1;
        return record.Kind is RecordKind.Gpdu or RecordKind.Plain && record.Fingerprint != 0 && record.Flow >= 0
            && Outcomes[tap].PartnerRecord[index] < 0 && (Outcomes[tap].Flags[index] & MatchFlags.Copy) == 0;
    }

    private void Pass(MatchLimits limits)
    {
        int shards = options.Shards > 0 ? options.Shards : Environment.ProcessorCount;
        List<ShardInput>[] inputs = new List<ShardInput>[shards];
        for (int i = 0; i < shards; i++) inputs[i] = [];
        ParallelOptions parallel = new() { CancellationToken = cancellation };
        ShardInput[][] byTap = new ShardInput[taps.Count][];
        Parallel.For(0, taps.Count, parallel, tap => byTap[tap] = Split(tap, shards));
        foreach (ShardInput[] ofTap in byTap)
            for (int i = 0; i < ofTap.Length; i++)
                if (ofTap[i].Count > 0) inputs[i / 2].Add(ofTap[i]);
        Parallel.For(0, shards, parallel, shard => new ShardMatcher(
            taps, Outcomes, limits, new(options.MatchWindowNs)).Run([.. inputs[shard]]));
    }

    // By the top bits of the key, which the tables do not use; two lists a shard, one for each side.
    private ShardInput[] Split(int tap, int shards)
    {
        int[][] lists = new int[shards * 2][];
        int[] counts = new int[shards * 2];
        RecordStore records = taps[tap].Records;
        int[]? order = taps[tap].IsSorted ? null : TimeOrder.Of(records);
        for (int at = 0; at < records.Count; at++)
        {
            int i = order is null ? at : order[at];
            if (!IsCandidate(tap, i, out int side)) continue;
            int list = (int)((records[i].Fingerprint >> 40) % (ulong)shards) * 2 + side;
            lists[list] ??= new int[1024];
            if (counts[list] == lists[list].Length) Array.Resize(ref lists[list], lists[list].Length * 2);
            lists[list][counts[list]++] = i;
        }
        ShardInput[] inputs = new ShardInput[lists.Length];
        for (int i = 0; i < lists.Length; i++) inputs[i] = new(tap, i & 1, lists[i] ?? [], counts[i]);
        return inputs;
    }
}
