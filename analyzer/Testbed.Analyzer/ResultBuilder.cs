using System.Text.Json;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Meters;

namespace Testbed.Analyzer;

/// <summary>Turns the context into the result that callers see.</summary>
internal sealed class ResultBuilder(AnalysisContext context)
{
    private readonly CrossingTable _crossings = new(context);

    public AnalysisResult Build(TimeSpan elapsed)
    {
        long packets = context.Taps.Sum(tap => tap.Tally.Packets);
        TapSummary n3 = Summary(tap => tap.Role is not TapRole.N6), n6 = Summary(tap => tap.Role is not TapRole.N3);
        return new()
        {
            N3 = n3,
            N6 = n6,
            GtpU = GtpUCount.Of(context.Taps),
            Match = Match(),
            Slices = SliceSummaries(),
            Rates = new(new(0, 0, 0, 0), new(0, 0, 0, 0), new(0, 0, 0, 0), new(0, 0, 0, 0)),
            Kpis = [],
            Series = [],
            ElapsedMs = (long)elapsed.TotalMilliseconds,
            PacketsPerSecond = elapsed.Ticks == 0 ? 0 : (long)(packets / elapsed.TotalSeconds),
        };
    }

    private TapSummary Summary(Func<TapCapture, bool> isOfPoint)
    {
        List<DecodeTally> tallies = [.. context.Taps.Where(isOfPoint).Select(tap => tap.Tally)];
        SortedDictionary<string, long> notDecoded = new(StringComparer.Ordinal);
        foreach (DecodeTally tally in tallies)
            foreach ((string reason, long count) in tally.NotDecoded())
                notDecoded[reason] = notDecoded.GetValueOrDefault(reason) + count;
        bool any = tallies.Any(tally => tally.LastNs >= tally.FirstNs);
        return new()
        {
            Packets = tallies.Sum(tally => tally.Packets),
            Bytes = tallies.Sum(tally => tally.Bytes),
            FirstNs = any ? tallies.Min(tally => tally.FirstNs) : 0,
            LastNs = any ? tallies.Max(tally => tally.LastNs) : 0,
            Decoded = tallies.Sum(tally => tally.Decoded),
            NotDecoded = notDecoded,
        };
    }

    private MatchSummary Match()
    {
        long[] reasons = new long[Enum.GetValues<UnmatchedReason>().Length];
        long onlyN3 = 0, onlyN6 = 0;
        for (int tap = 0; tap < context.Taps.Count; tap++)
        {
            RecordStore records = context.Taps[tap].Records;
            for (int i = 0; i < records.Count; i++)
            {
                if (context.Outcomes[tap].PartnerRecord[i] >= 0) continue;
                if (records[i].Kind is RecordKind.Gpdu) onlyN3++;
                else if (records[i].Kind is RecordKind.Plain) onlyN6++;
                else continue;
                reasons[(int)context.Reasons[tap][i]]++;
            }
        }
        SortedDictionary<string, long> unmatched = new(StringComparer.Ordinal);
        foreach (UnmatchedReason reason in Enum.GetValues<UnmatchedReason>())
            if (reason is not UnmatchedReason.None && reasons[(int)reason] > 0)
                unmatched[JsonNamingPolicy.CamelCase.ConvertName(reason.ToString())] = reasons[(int)reason];
        return new()
        {
            Matched = _crossings.Uplink.Matched + _crossings.Downlink.Matched,
            OnlyN3 = onlyN3,
            OnlyN6 = onlyN6,
            Ambiguous = _crossings.Uplink.Ambiguous + _crossings.Downlink.Ambiguous,
            Nat = context.Matcher.Rule is not AddressRule.SameFlow
                && _crossings.Uplink.Matched + _crossings.Downlink.Matched > 0,
            Unmatched = unmatched,
            Uplink = _crossings.Uplink.ToSummary(),
            Downlink = _crossings.Downlink.ToSummary(),
        };
    }

    private SortedDictionary<string, SliceSummary> SliceSummaries()
    {
        SortedDictionary<string, SliceSummary> summaries = new(StringComparer.Ordinal);
        for (int slice = 0; slice < context.Slices.Count; slice++)
            summaries[context.Slices.Name(slice)] = new(
                _crossings.OfSlice(PacketDirection.Uplink, slice), _crossings.OfSlice(PacketDirection.Downlink, slice))
            {
                UplinkByQfi = _crossings.OfSliceByQfi(PacketDirection.Uplink, slice),
                DownlinkByQfi = _crossings.OfSliceByQfi(PacketDirection.Downlink, slice),
                Provenance = context.Slices.Provenance(slice),
            };
        return summaries;
    }
}
