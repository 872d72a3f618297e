using Testbed.Analyzer.Decoding;
using Testbed.Conformance.Statistics;

namespace Testbed.Analyzer.Matching.Losses;

/// <summary>
/// A tap that provably missed packets in one direction will have missed some in the other, where a miss looks like
/// loss. As many as that explains are not called lost; which of them they are nobody can say, so they are taken evenly.
/// The figures' intervals carry them.
/// </summary>
internal static class TapLossRevision
{
    private const double Confidence = 0.95;
    /// <remarks>
    /// A tap's directions are queued apart and miss unequally; twice the proven rate is not yet loss.
    /// </remarks>
    private const double RateRatioMax = 2;
    /// <summary>A flow is blackholed when that many of its packets are missed together less often than this.</summary>
    private const double ChanceMin = 1e-4;

    public static void Apply(IReadOnlyList<TapCapture> taps, MatchedFacts matched, UnmatchedReason[][] reasons)
    {
        Revise(PacketDirection.Downlink, RecordKind.Plain);
        Revise(PacketDirection.Uplink, RecordKind.Gpdu);

        // Entries of one direction leave by the taps at which the other direction enters.
        void Revise(PacketDirection direction, RecordKind entryKind)
        {
            PacketDirection opposite =
                direction is PacketDirection.Uplink ? PacketDirection.Downlink : PacketDirection.Uplink;
            // Packets of the opposite direction that entered at the exit tap: matched ones it saw, the rest it missed.
            long seen = matched.Pairs[(int)opposite], crossed = matched.Pairs[(int)direction];
            long missed = Count(entryKind, opposite, UnmatchedReason.TapLoss);
            if (missed == 0) return;
            double rate = ClopperPearson.UpperBound(missed, seen + missed, Confidence);
            HashSet<(int Tap, int Flow)> blackholed = Blackholed(taps, matched, reasons, direction, rate);
            List<(int Tap, int Record)> missing = [];
            for (int tap = 0; tap < taps.Count; tap++)
                for (int i = 0; i < taps[tap].Records.Count; i++)
                    if (reasons[tap][i] is UnmatchedReason.Lost && taps[tap].Records[i].Direction == direction
                        && !blackholed.Contains((tap, taps[tap].Records[i].Flow)))
                        missing.Add((tap, i));
            long explained = Math.Min(
                missing.Count, (long)Math.Ceiling(RateRatioMax * rate * (crossed + missing.Count)));
            for (int i = 0; i < missing.Count; i++)
                if ((i + 1) * explained / missing.Count > i * explained / missing.Count)
                    reasons[missing[i].Tap][missing[i].Record] = UnmatchedReason.TapLoss;
        }

        long Count(RecordKind kind, PacketDirection direction, UnmatchedReason reason)
        {
            long count = 0;
            for (int tap = 0; tap < taps.Count; tap++)
            {
                for (int i = 0; i < taps[tap].Records.Count; i++)
                {
                    ref PacketRecord record = ref taps[tap].Records[i];
                    if (record.Kind == kind && record.Direction == direction && reasons[tap][i] == reason) count++;
                }
            }
            return count;
        }
    }

    // Flows of which nothing ever crossed, and too much is missing for chance: no tap's fault.
    private static HashSet<(int Tap, int Flow)> Blackholed(
        IReadOnlyList<TapCapture> taps, MatchedFacts matched, UnmatchedReason[][] reasons, PacketDirection direction,
        double rate)
    {
        HashSet<(int, int)> blackholed = [];
        for (int tap = 0; tap < taps.Count; tap++)
        {
            RecordStore records = taps[tap].Records;
            int[] lost = new int[taps[tap].Decoder.Flows.Count];
            for (int i = 0; i < records.Count; i++)
            {
                int flow = records[i].Flow;
                if (flow < 0 || records[i].Direction != direction) continue;
                if (matched.FirstOf(tap, flow).Direction is PacketDirection.Unknown
                    && reasons[tap][i] is UnmatchedReason.Lost) lost[flow]++;
            }
            for (int flow = 0; flow < lost.Length; flow++)
                if (lost[flow] > 0 && Math.Pow(RateRatioMax * rate, lost[flow]) < ChanceMin)
                    blackholed.Add((tap, flow));
        }
        return blackholed;
    }
}
