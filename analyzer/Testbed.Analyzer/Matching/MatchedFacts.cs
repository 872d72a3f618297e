using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Matching.Clocks;
using Testbed.Analyzer.Meters.Provenance;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching;

/// <summary>What the packets that found their twins tell about those that did not.</summary>
internal sealed class MatchedFacts
{
    public required DelayBounds Delays { get; init; }
    /// <summary>Pairs by direction.</summary>
    public required long[] Pairs { get; init; }
    /// <summary>By tap and flow: how the flow's first matched packet went; default without one.</summary>
    public required Func<int, int, FirstMatch> FirstOf { get; init; }
    /// <summary>Addresses of packets that an N6 tap saw.</summary>
    public required IReadOnlySet<HostAddress> OnN6 { get; init; }
    /// <summary>Where N6 has several taps: when those that carried a UE's packets were open.</summary>
    public required IReadOnlyDictionary<HostAddress, (long First, long Last)> N6ByUe { get; init; }
    /// <summary>Whether an uplink packet of that slice and QFI left the UPF.</summary>
    public required Func<int, byte, bool> HasCrossedUp { get; init; }
    /// <summary>Adds the times of matched packets to the lists of the keys that are asked for.</summary>
    public required Action<Dictionary<(int Tap, ulong Key), List<long>>> AddTimes { get; init; }

    /// <param name="Direction">Unknown where no packet of the flow matched.</param>
    public readonly record struct FirstMatch(PacketDirection Direction, bool IsPlain);

    /// <summary>From records that are all in memory.</summary>
    public static MatchedFacts Of(
        IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes, SliceMap slices, AnalysisOptions options, bool isRun)
    {
        long[] pairs = new long[3];
        FirstMatch[][] first = [.. taps.Select(tap => new FirstMatch[tap.Decoder.Flows.Count])];
        HashSet<HostAddress> onN6 = [];
        Dictionary<HostAddress, (long, long)> n6ByUe = [];
        bool learnsTaps = !isRun && taps.Count(tap => tap.Role is not TapRole.N3) > 1;
        for (int tap = 0; tap < taps.Count; tap++)
        {
            bool[] isSeen = new bool[taps[tap].Decoder.Flows.Count];
            for (int i = 0; i < taps[tap].Records.Count; i++)
            {
                ref PacketRecord record = ref taps[tap].Records[i];
                if (record.Flow < 0) continue;
                if (record.Kind is RecordKind.Plain && record.Fingerprint != 0 && !isSeen[record.Flow])
                {
                    isSeen[record.Flow] = true;
                    onN6.Add(taps[tap].Flow(record).Source);
                    onN6.Add(taps[tap].Flow(record).Destination);
                }
                if (outcomes[tap].PartnerRecord[i] < 0) continue;
                if (first[tap][record.Flow].Direction is PacketDirection.Unknown)
                    first[tap][record.Flow] = new(record.Direction, record.Kind is RecordKind.Plain);
                if (record.Kind is not RecordKind.Gpdu) continue;
                pairs[(int)record.Direction]++;
                if (learnsTaps) Learn(taps[tap], record, taps[outcomes[tap].PartnerTap[i]].Tally, n6ByUe);
            }
        }
        Lazy<HashSet<(int, byte)>> crossedUp = new(() => CrossedUp(taps, outcomes, slices));
        return new()
        {
            Delays = DelayBounds.Of(taps, outcomes, options.MatchWindowNs), Pairs = pairs,
            FirstOf = (tap, flow) => first[tap][flow], OnN6 = onN6, N6ByUe = n6ByUe,
            HasCrossedUp = (slice, qfi) => crossedUp.Value.Contains((slice, qfi)),
            AddTimes = times => AddTimesOf(taps, outcomes, times),
        };
    }

    private static HashSet<(int Slice, byte Qfi)> CrossedUp(
        IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes, SliceMap slices)
    {
        HashSet<(int, byte)> crossed = [];
        for (int tap = 0; tap < taps.Count; tap++)
        {
            for (int i = 0; i < taps[tap].Records.Count; i++)
            {
                ref PacketRecord record = ref taps[tap].Records[i];
                if (outcomes[tap].PartnerRecord[i] >= 0 && record.Flow >= 0 && record.Kind is RecordKind.Gpdu
                    && record.Direction is PacketDirection.Uplink)
                    crossed.Add((slices.Of(taps[tap].Flow(record).Source), record.Qfi));
            }
        }
        return crossed;
    }

    private static void AddTimesOf(
        IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes, Dictionary<(int Tap, ulong Key), List<long>> times)
    {
        for (int tap = 0; tap < taps.Count; tap++)
            for (int i = 0; i < taps[tap].Records.Count; i++)
                if (outcomes[tap].PartnerRecord[i] >= 0
                    && times.TryGetValue((tap, taps[tap].Records[i].Fingerprint), out List<long>? list))
                    list.Add(taps[tap].Records[i].TimeNs);
    }

    // Where several N6 taps stopped at different times, the one that carried a UE's other packets counts.
    private static void Learn(
        TapCapture tap, in PacketRecord record, DecodeTally n6,
        Dictionary<HostAddress, (long First, long Last)> byUe) =>
        Learn(AnalysisContext.UeOf(tap.Flow(record), record.Direction), n6, byUe);

    public static void Learn(
        HostAddress ue, DecodeTally n6, Dictionary<HostAddress, (long First, long Last)> byUe)
    {
        if (!byUe.TryGetValue(ue, out (long First, long Last) known)) known = (n6.FirstNs, n6.LastNs);
        byUe[ue] = (Math.Min(known.First, n6.FirstNs), Math.Max(known.Last, n6.LastNs));
    }
}
