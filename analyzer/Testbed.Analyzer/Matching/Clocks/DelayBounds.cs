using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Matching.Clocks;

/// <summary>
/// The largest transit delays seen, by direction: how far from a capture's end a twin may be missing.
/// </summary>
internal readonly record struct DelayBounds(long UplinkMaxNs, long DownlinkMaxNs)
{
    public long Max(PacketDirection direction) =>
        direction is PacketDirection.Downlink ? DownlinkMaxNs : UplinkMaxNs;

    /// <summary>A direction without any pair borrows the other's; without either it is the whole window.</summary>
    public static DelayBounds Of(IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes, long windowNs)
    {
        long up = long.MinValue, down = long.MinValue;
        for (int tap = 0; tap < taps.Count; tap++)
        {
            RecordStore records = taps[tap].Records;
            for (int i = 0; i < records.Count; i++)
            {
                int partner = outcomes[tap].PartnerRecord[i];
                // A pair of equal keys may be a chance one with any delay.
                bool isAmbiguous = (outcomes[tap].Flags[i] & MatchFlags.Ambiguous) != 0;
                if (partner < 0 || isAmbiguous || records[i].Kind is not RecordKind.Gpdu) continue;
                long delay = Math.Abs(taps[outcomes[tap].PartnerTap[i]].Records[partner].TimeNs - records[i].TimeNs);
                if (records[i].Direction is PacketDirection.Downlink) down = Math.Max(down, delay);
                else up = Math.Max(up, delay);
            }
        }
        return Of(up, down, windowNs);
    }

    /// <param name="up">Largest delay of a pair that is beyond doubt; negative without one.</param>
    public static DelayBounds Of(long up, long down, long windowNs)
    {
        if (up < 0) up = down;
        if (down < 0) down = up;
        return up < 0 ? new(windowNs, windowNs) : new(up, down);
    }
}
