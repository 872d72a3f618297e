using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Matching.Clocks;

/// <summary>
/// From the least to the largest delay of pairs that nothing else could have been, by direction and by the clocks as
/// they are. Among packets of equal key the ones that lie within belong together sooner than others: after a loss,
/// first in would otherwise meet first out of the next packet, and so on to the end of the flow.
/// </summary>
internal readonly record struct PlausibleDelays(
    long UplinkMinNs, long UplinkMaxNs, long DownlinkMinNs, long DownlinkMaxNs)
{
    /// <summary>Nothing is known yet: every delay is as good as another.</summary>
    public static readonly PlausibleDelays Any = new(long.MinValue, long.MaxValue, long.MinValue, long.MaxValue);

    /// <param name="delayNs">From entry to exit.</param>
    public bool Contains(PacketDirection direction, long delayNs) => direction switch
    {
        PacketDirection.Uplink => delayNs >= UplinkMinNs && delayNs <= UplinkMaxNs,
        PacketDirection.Downlink => delayNs >= DownlinkMinNs && delayNs <= DownlinkMaxNs,
        _ => true,
    };

    /// <param name="implausible">Pairs of packets with equal keys that lie outside.</param>
    public static PlausibleDelays Of(IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes, out long implausible)
    {
        (long upMin, long upMax, long downMin, long downMax) =
            (long.MaxValue, long.MinValue, long.MaxValue, long.MinValue);
        List<(PacketDirection Direction, long DelayNs)> ambiguous = [];
        for (int tap = 0; tap < taps.Count; tap++)
        {
            RecordStore records = taps[tap].Records;
            TapOutcome outcome = outcomes[tap];
            for (int i = 0; i < records.Count; i++)
            {
                int partner = outcome.PartnerRecord[i];
                if (partner < 0 || records[i].Kind is not RecordKind.Gpdu) continue;
                long later = taps[outcome.PartnerTap[i]].Records[partner].TimeNs - records[i].TimeNs;
                PacketDirection direction = records[i].Direction;
                bool up = direction is PacketDirection.Uplink;
                if ((outcome.Flags[i] & MatchFlags.Ambiguous) != 0) ambiguous.Add((direction, up ? later : -later));
                else if (up) (upMin, upMax) = (Math.Min(upMin, later), Math.Max(upMax, later));
                else (downMin, downMax) = (Math.Min(downMin, -later), Math.Max(downMax, -later));
            }
        }
        PlausibleDelays delays = new(
            upMin <= upMax ? upMin : long.MinValue, upMin <= upMax ? upMax : long.MaxValue,
            downMin <= downMax ? downMin : long.MinValue, downMin <= downMax ? downMax : long.MaxValue);
        implausible = ambiguous.LongCount(pair => !delays.Contains(pair.Direction, pair.DelayNs));
        return delays;
    }
}
