using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Matching;

/// <summary>What all pairs of a pass show about clocks and translation.</summary>
/// <param name="Backwards">Pairs that left the UPF before they entered it.</param>
/// <param name="OtherFlow">Pairs whose addresses or ports differ.</param>
/// <param name="OtherRemote">Pairs whose far ends differ.</param>
internal readonly record struct PairFacts(long Pairs, long Backwards, long OtherFlow, long OtherRemote)
{
    /// <summary>Fewer pairs than this share that disagree with a rule are chance hits of equal keys.</summary>
    public const double StrayShareMax = 0.01;

    /// <summary>The strictest rule that the pairs do not contradict; none without pairs.</summary>
    public static AddressRule RuleOf(long pairs, long otherFlow, long otherRemote) =>
        pairs == 0 || otherRemote > pairs * StrayShareMax ? AddressRule.Prefer
        : otherFlow > pairs * StrayShareMax ? AddressRule.SameRemote : AddressRule.SameFlow;

    public static PairFacts Of(IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes)
    {
        long pairs = 0, backwards = 0, otherFlow = 0, otherRemote = 0;
        for (int tap = 0; tap < taps.Count; tap++)
        {
            RecordStore records = taps[tap].Records;
            for (int i = 0; i < records.Count; i++)
            {
                int partner = outcomes[tap].PartnerRecord[i];
                if (partner < 0 || records[i].Kind is not RecordKind.Gpdu) continue;
                pairs++;
                TapCapture other = taps[outcomes[tap].PartnerTap[i]];
                long delay = other.Records[partner].TimeNs - records[i].TimeNs;
                if (records[i].Direction is PacketDirection.Downlink ? delay > 0 : delay < 0) backwards++;
                AddressRule rule = ShardMatcher.Agreement(
                    taps[tap].Flow(records[i]), other.Flow(other.Records[partner]), records[i].Direction);
                if (rule is not AddressRule.SameFlow) otherFlow++;
                if (rule is AddressRule.Prefer) otherRemote++;
            }
        }
        return new(pairs, backwards, otherFlow, otherRemote);
    }
}
