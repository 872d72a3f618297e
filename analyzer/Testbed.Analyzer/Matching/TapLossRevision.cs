using Testbed.Analyzer.Decoding;
using Testbed.Conformance.Statistics;

namespace Testbed.Analyzer.Matching;

/// <summary>
/// A tap that provably missed packets in one direction will have missed some in the other, where a miss looks like
/// loss. As long as that rate explains what is missing, none of it is called loss; the figures' intervals carry it.
/// </summary>
internal static class TapLossRevision
{
    private const double Confidence = 0.95;

    public static void Apply(IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes, UnmatchedReason[][] reasons)
    {
        Revise(PacketDirection.Downlink, RecordKind.Plain);
        Revise(PacketDirection.Uplink, RecordKind.Gpdu);

        // Entries of one direction leave by the taps at which the other direction enters.
        void Revise(PacketDirection direction, RecordKind entryKind)
        {
            RecordKind exitKind = entryKind is RecordKind.Plain ? RecordKind.Gpdu : RecordKind.Plain;
            PacketDirection opposite =
                direction is PacketDirection.Uplink ? PacketDirection.Downlink : PacketDirection.Uplink;
            // Packets of the opposite direction that entered at the exit tap: matched ones it saw, the rest it missed.
            (long seen, _) = Count(exitKind, opposite, UnmatchedReason.None);
            (_, long missed) = Count(entryKind, opposite, UnmatchedReason.TapLoss);
            (long crossed, long lost) = Count(entryKind, direction, UnmatchedReason.Lost);
            if (missed == 0 || lost == 0) return;
            double rate = ClopperPearson.UpperBound(missed, seen + missed, Confidence);
            if (lost > rate * (crossed + lost)) return;
            for (int tap = 0; tap < taps.Count; tap++)
                for (int i = 0; i < taps[tap].Records.Count; i++)
                    if (reasons[tap][i] is UnmatchedReason.Lost && taps[tap].Records[i].Direction == direction)
                        reasons[tap][i] = UnmatchedReason.TapLoss;
        }

        (long Matched, long Unmatched) Count(RecordKind kind, PacketDirection direction, UnmatchedReason reason)
        {
            long matched = 0, unmatched = 0;
            for (int tap = 0; tap < taps.Count; tap++)
            {
                for (int i = 0; i < taps[tap].Records.Count; i++)
                {
                    ref PacketRecord record = ref taps[tap].Records[i];
                    if (record.Kind != kind || record.Direction != direction) continue;
                    if (outcomes[tap].PartnerRecord[i] >= 0) matched++;
                    else if (reasons[tap][i] == reason) unmatched++;
                }
            }
            return (matched, unmatched);
        }
    }
}
